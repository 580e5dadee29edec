import Foundation
package import Postgres
package import Vault

/// How often something may be done: so many at once, and then one more each time that `step` has passed.
package struct RateLimit: Sendable, Hashable {
    /// At least 1.
    package let burst: Int
    package let step: Duration

    package init(burst: Int, step: Duration) {
        self.burst = burst
        self.step = step
    }
}

/// Counts tries in the database, so that all nodes together allow what one would.
///
/// A bucket is one row: the moment at which everything that was taken will have been given back (the generic cell rate
/// algorithm). Its name is a keyed hash, so that neither addresses nor e-mails are kept.
package struct RateLimiter: Sendable {
    /// The purpose of the platform key that hashes names.
    package static let hashPurpose = "rate-limit-names"

    /// What is counted, such as `sign-in:address:192.0.2.1`.
    package struct Bucket: Sendable, Hashable {
        package let name: String
        package let limit: RateLimit

        package init(_ name: String, _ limit: RateLimit) {
            self.name = name
            self.limit = limit
        }
    }

    private let database: Database
    private let hash: KeyedHash

    package init(database: Database, hash: KeyedHash) {
        self.database = database
        self.hash = hash
    }

    /// Takes `count` from each bucket in turn, up to the first that has not enough: what comes behind it is not touched.
    /// So the first names who asks, such as an address, and those behind it what others share: whoever has used up their
    /// own allowance cannot use up anybody else's.
    /// - Returns: how long to wait before the next try makes sense; `nil` when all gave.
    package func take(_ count: Int = 1, of buckets: [Bucket]) async throws -> Duration? {
        for bucket in buckets {
            let step = bucket.limit.step.microseconds
            let taken = try await database.query(
                as: .edge, LimitQueries.take,
                [
                    .bytes(hash.digest(of: bucket.name)), .int(step * Int64(count)),
                    .int(step * Int64(bucket.limit.burst)),
                ])
            if taken.count == 0 { return bucket.limit.step * count }
        }
        return nil
    }

    /// Removes buckets that are full again, which says no more than a bucket that is not there.
    package func sweep() async throws {
        _ = try await database.query(as: .edge, LimitQueries.sweep)
    }
}

extension Duration {
    var microseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }
}

enum LimitQueries {
    /// No row comes back when there is not enough left. `$2` is what is taken and `$3` what the bucket holds, both as
    /// the microseconds in which it is given back.
    static let take = Statement(
        """
        INSERT INTO rate_limits AS r (bucket, full_at)
        VALUES ($1, clock_timestamp() + $2::bigint * interval '1 microsecond')
        ON CONFLICT (bucket) DO UPDATE
        SET full_at = greatest(r.full_at, clock_timestamp()) + $2::bigint * interval '1 microsecond'
        WHERE greatest(r.full_at, clock_timestamp()) + $2::bigint * interval '1 microsecond'
          <= clock_timestamp() + $3::bigint * interval '1 microsecond'
        RETURNING bucket
        """)

    static let sweep = Statement(
        """
        DELETE FROM rate_limits WHERE bucket IN (
          SELECT bucket FROM rate_limits WHERE full_at < clock_timestamp() LIMIT 10000)
        """)
}
