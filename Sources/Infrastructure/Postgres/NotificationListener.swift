package import Logging
import ServiceLifecycle

/// What a subscriber hears. Between `.lost` and the next `.listening` notifications may have been missed: drop what was
/// cached, and bypass the cache until then.
package enum NotificationEvent: Sendable, Equatable {
    /// From here on every notification on the subscribed channels arrives. Read anew what you cached.
    case listening
    case lost
    case notification(channel: String, payload: String)
}

/// Listens on a connection of its own, and connects anew, with a growing pause, for as long as it runs.
package final class NotificationListener: Service, Sendable {
    private let parameters: Result<ConnectionParameters, PostgresError>
    private let subscribers = Subscribers()
    private let logger: Logger

    /// - Parameter role: who listens; LISTEN needs no grant.
    package init(configuration: DatabaseConfiguration, role: DatabaseRole = .queue, logger: Logger) {
        self.logger = logger
        parameters = Result { () throws(PostgresError) in
            try ConnectionParameters(
                conninfo: configuration.conninfo, user: role.rawValue,
                applicationName: "\(configuration.applicationName) listener")
        }
    }

    /// The events of these channels, from `.listening` on. The stream ends with the service, or when it is dropped.
    /// A subscriber who falls more than a thousand events behind loses the oldest, and hears `.lost` and `.listening`
    /// in their stead.
    /// - Parameter channels: names that the program fixes, of 1 to 63 bytes each: PostgreSQL cuts longer ones, and
    ///   nothing would ever be heard on them.
    package func subscribe(to channels: String...) -> AsyncStream<NotificationEvent> {
        precondition(
            channels.allSatisfy { (1...63).contains($0.utf8.count) && !$0.utf8.contains(0) }, "no channel name")
        return subscribers.add(channels: Set(channels))
    }

    package func run() async throws {
        let parameters = try parameters.get()
        await cancelWhenGracefulShutdown {
            var pause = Duration.milliseconds(50)
            while !Task.isCancelled {
                if await self.listen(parameters) { pause = .milliseconds(50) }
                try? await Task.sleep(for: pause)
                pause = min(pause * 2, .seconds(2))
            }
        }
        subscribers.finish()
    }

    /// One connection's life.
    /// - Returns: whether there was a connection.
    private func listen(_ parameters: ConnectionParameters) async -> Bool {
        // Yields whenever there is something to do: channels to add or drop, or the connection's end.
        let (wakeUps, wakeUp) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let connection: PostgresConnection
        do {
            connection = try await PostgresConnection.connect(
                parameters,
                lost: { [subscribers, logger] error in
                    logger.warning("no longer listening", metadata: ["reason": "\(error.logDetail)"])
                    subscribers.disconnected()
                    wakeUp.finish()
                },
                notification: { [subscribers] in subscribers.deliver(channel: $0, payload: $1) })
        } catch {
            logger.warning("cannot listen", metadata: ["reason": "\(error.logDetail)"])
            return false
        }
        subscribers.connected { wakeUp.yield() }
        wakeUp.yield()
        for await _ in wakeUps {
            let changes = subscribers.changes()
            guard !changes.isEmpty else { continue }
            do {
                _ = try await connection.run(changes.commands, isCancellable: false)
                subscribers.succeeded(changes)
            } catch {
                logger.warning("LISTEN failed", metadata: ["reason": "\(error.logDetail)"])
                break
            }
        }
        subscribers.disconnected()
        await connection.close()
        return true
    }
}
