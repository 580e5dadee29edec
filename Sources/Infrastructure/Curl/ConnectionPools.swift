import CCurl

/// One set of idle connections and TLS sessions for each `reusePool` label, so that an account reuses its own
/// connections and never another's.
///
/// With HTTP Basic on every request, sharing would be harmless on HTTP/1.1. On HTTP/2 it is not quite: many accounts
/// would multiplex over one connection, and one that stalls or is reset would put all their sends in doubt at once.
/// A multi handle for each label would cost a thread or a second poll loop; libcurl's share handles separate just the
/// connection cache and leave one loop. Locks are not needed: one thread uses them all.
///
/// libcurl closes an idle connection only when it next looks into the cache, so a pool that nobody used for the
/// longest idle time is freed, and its connections with it.
struct ConnectionPools: ~Copyable {
    @safe private struct Pool {
        let share: UnsafeMutableRawPointer
        var users = 0
        var idleSince: ContinuousClock.Instant?
    }

    private var pools: [String: Pool] = [:]
    private let longestIdle: Duration

    init(longestIdle: Duration) {
        self.longestIdle = longestIdle
    }

    deinit {
        for pool in pools.values { unsafe curl_share_cleanup(pool.share) }
    }

    /// Whether somebody should come back to `dropIdle`.
    var hasIdle: Bool { pools.values.contains { $0.idleSince != nil } }

    /// The pool's share handle, to be given back by `leave` once the transfer's easy handle is freed; nil when out of
    /// memory.
    mutating func enter(_ label: String) -> UnsafeMutableRawPointer? {
        if var pool = pools[label] {
            pool.users += 1
            pool.idleSince = nil
            pools[label] = pool
            return unsafe pool.share
        }
        guard let share = unsafe curl_share_init() else { return nil }
        for what in [CURL_LOCK_DATA_CONNECT, CURL_LOCK_DATA_SSL_SESSION]
        where unsafe switchboard_share_set_long(share, CURLSHOPT_SHARE, Int(what.rawValue)) != CURLSHE_OK {
            unsafe curl_share_cleanup(share)
            return nil
        }
        unsafe pools[label] = Pool(share: share, users: 1)
        return unsafe share
    }

    mutating func leave(_ label: String) {
        guard var pool = pools[label] else { return }
        pool.users -= 1
        if pool.users == 0 { pool.idleSince = .now }
        pools[label] = pool
    }

    mutating func dropIdle() {
        let limit = ContinuousClock.now - longestIdle
        for (label, pool) in pools {
            guard let since = pool.idleSince, since < limit else { continue }
            unsafe curl_share_cleanup(pool.share)
            pools[label] = nil
        }
    }
}
