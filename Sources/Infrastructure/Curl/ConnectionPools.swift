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
    /// A label's share handle, and easy handles that go on using it. These are the label's own too: what libcurl
    /// may keep in a handle is never another account's.
    @safe final class Pool {
        fileprivate let share: UnsafeMutableRawPointer
        /// Of its connections, which hear of their end by it.
        private let sockets: SocketWatch
        fileprivate var users = 0
        fileprivate var idleSince: ContinuousClock.Instant?
        private var spare: [EasyHandle] = []
        /// As many as an account's calls at once; what a burst made beyond is freed.
        private static let mostSpare = 80

        fileprivate init(share: UnsafeMutableRawPointer, _ sockets: SocketWatch) {
            unsafe self.share = share
            self.sockets = sockets
        }

        deinit {
            // libcurl keeps a share that a handle uses.
            spare = []
            unsafe curl_share_cleanup(share)
        }

        /// Nil when out of memory.
        func takeHandle() -> EasyHandle? {
            spare.popLast() ?? newHandle()
        }

        /// One that is not a spare. Nil when out of memory.
        func newHandle() -> EasyHandle? {
            guard let easy = EasyHandle(sockets: sockets) else { return nil }
            unsafe easy.setShare(share)
            return easy
        }

        /// For a handle out of libcurl's hands whose transfer left nothing behind.
        func giveBack(_ easy: EasyHandle) {
            guard spare.count < Self.mostSpare else { return }
            easy.forget()
            if easy.refusal == CURLE_OK { spare.append(easy) }
        }
    }

    private var pools: [String: Pool] = [:]
    /// How many of them nobody uses.
    private var idle = 0
    private let sockets: SocketWatch
    private let longestIdle: Duration

    init(_ sockets: SocketWatch, longestIdle: Duration) {
        self.sockets = sockets
        self.longestIdle = longestIdle
    }

    /// Whether somebody should come back to `dropIdle`.
    var hasIdle: Bool { idle > 0 }

    /// The label's pool, to be given back by `leave` once the transfer's easy handle is freed or in the pool; nil when
    /// out of memory.
    mutating func enter(_ label: String) -> Pool? {
        if let pool = pools[label] {
            if pool.users == 0 { idle -= 1 }
            pool.users += 1
            pool.idleSince = nil
            return pool
        }
        guard let share = unsafe curl_share_init() else { return nil }
        for what in [CURL_LOCK_DATA_CONNECT, CURL_LOCK_DATA_SSL_SESSION]
        where unsafe switchboard_share_set_long(share, CURLSHOPT_SHARE, Int(what.rawValue)) != CURLSHE_OK {
            unsafe curl_share_cleanup(share)
            return nil
        }
        let pool = unsafe Pool(share: share, sockets)
        pool.users = 1
        pools[label] = pool
        return pool
    }

    mutating func leave(_ pool: Pool) {
        pool.users -= 1
        guard pool.users == 0 else { return }
        pool.idleSince = .now
        idle += 1
    }

    mutating func dropIdle() {
        guard hasIdle else { return }
        let limit = ContinuousClock.now - longestIdle
        for (label, pool) in pools {
            guard let since = pool.idleSince, since < limit else { continue }
            pools[label] = nil
            idle -= 1
        }
    }
}
