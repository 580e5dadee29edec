package import Logging
import ServiceLifecycle
import Synchronization

/// Sends notifications, many in one statement: NOTIFY takes a lock at commit that all databases of the cluster share,
/// so one per change would make writers wait for each other.
///
/// Lossy by contract: what cannot be sent is dropped, and nobody may rely on it alone, but for what is announced in a
/// transaction. Shut it down before the
/// database, so that it can send what it still holds.
package final class Announcer: Service, Sendable {
    private struct Announcement: Hashable {
        let channel: String
        let payload: String
    }

    private struct Pending {
        var ordered: [Announcement] = []
        var known: Set<Announcement> = []
        var dropped = 0
    }

    /// How long the first announcement waits for company.
    private static let window = Duration.milliseconds(2)
    /// More than this within one window are dropped.
    private static let capacity = 4096
    private static let notify = Statement(
        "SELECT pg_notify(a.channel, a.payload) FROM unnest($1::text[], $2::text[]) AS a (channel, payload)")
    /// The same without waiting for the disk: what is announced is committed, and a server that crashes forgets who listened.
    private static let notifyHastily = Statement(
        """
        WITH hasty AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
        SELECT pg_notify(a.channel, a.payload) FROM hasty, unnest($1::text[], $2::text[]) AS a (channel, payload)
        """)

    private let database: Database
    private let role: DatabaseRole
    private let pace: Duration
    private let logger: Logger
    private let pending = Mutex(Pending())
    private let wakeUps: AsyncStream<Void>
    private let wakeUp: AsyncStream<Void>.Continuation

    /// - Parameter pace: from the first announcement after a pause to the next trip at the earliest: whoever is told of many
    ///   things one by one does them one by one.
    package init(
        database: Database, role: DatabaseRole = .queue, pace: Duration = .milliseconds(10), logger: Logger
    ) {
        self.database = database
        self.role = role
        self.pace = pace
        self.logger = logger
        (wakeUps, wakeUp) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Returns at once; never fails. The same channel and payload within one window go out once.
    /// - Parameters:
    ///   - channel: 1 to 63 bytes.
    ///   - payload: at most 7,999 bytes: ids, never content.
    package func announce(channel: String, payload: String) {
        let fits = (1...63).contains(channel.utf8.count) && payload.utf8.count < 8000
        guard fits, !channel.utf8.contains(0), !payload.utf8.contains(0) else {
            logger.error("an announcement does not fit", metadata: ["channel": "\(channel.prefix(63))"])
            return
        }
        let announcement = Announcement(channel: channel, payload: payload)
        pending.withLock { pending in
            guard !pending.known.contains(announcement) else { return }
            guard pending.ordered.count < Self.capacity else {
                pending.dropped += 1
                return
            }
            pending.known.insert(announcement)
            pending.ordered.append(announcement)
        }
        wakeUp.yield()
    }

    /// Announces with the commit of a transaction: whoever is listening then hears of it, also when this process dies or
    /// loses the database right after. Such a commit waits for those of other announcements in all databases of the
    /// cluster, so it is for what is rare and must not be missed: what takes a right away.
    package func announce(
        channel: String, payload: String, in transaction: Transaction
    ) async throws(PostgresError) {
        _ = try await transaction.execute(Self.notify, [.texts([channel]), .texts([payload])])
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            for await _ in self.wakeUps {
                let next = ContinuousClock.now + self.pace
                try? await Task.sleep(for: Self.window)
                await self.flush()
                try? await Task.sleep(until: next)
            }
        }
        await flush()
    }

    /// Sends at once what waits; for programs that end before the window does.
    package func flush() async {
        let taken = pending.withLock { pending in
            defer { pending = Pending() }
            return pending
        }
        if taken.dropped > 0 {
            logger.warning("announcements dropped", metadata: ["count": "\(taken.dropped)"])
        }
        guard !taken.ordered.isEmpty else { return }
        let channels = taken.ordered.map(\.channel)
        let payloads = taken.ordered.map(\.payload)
        do {
            _ = try await database.query(as: role, Self.notifyHastily, [.texts(channels), .texts(payloads)])
        } catch  where error.code == .cancelled {
            // The shutdown came in between. The last flush, outside, takes these along.
            pending.withLock { pending in
                let missing = taken.ordered.filter { pending.known.insert($0).inserted }
                pending.ordered.insert(contentsOf: missing, at: 0)
            }
        } catch {
            logger.warning(
                "announcements lost", metadata: ["count": "\(channels.count)", "reason": "\(error.logDetail)"])
        }
    }
}
