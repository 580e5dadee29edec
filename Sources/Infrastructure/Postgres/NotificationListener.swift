package import Logging
import ServiceLifecycle
import Synchronization

/// What a subscriber hears. Between `.lost` and the next `.listening` notifications may have been missed: drop what was
/// cached, and bypass the cache until then.
package enum NotificationEvent: Sendable, Equatable {
    /// From here on every notification on the subscribed channels arrives. Read anew what you cached.
    case listening
    case lost
    case notification(channel: String, payload: String)
}

/// Listens on a connection of its own, and connects anew, with a growing pause, for as long as it runs.
///
/// A server that vanished without a word says nothing, and neither does one that has nothing to say. So the connection is
/// asked several times a second, and one that leaves a question unanswered for longer than `patience` counts as lost.
package final class NotificationListener: Service, Sendable {
    private let parameters: Result<ConnectionParameters, PostgresError>
    private let subscribers = Subscribers()
    private let patience: Duration
    private let logger: Logger

    /// Below a second with what is needed to act on it: what is revoked is revoked everywhere within one.
    package static let patience: Duration = .milliseconds(700)
    /// Between two questions.
    private static let beat: Duration = .milliseconds(150)
    private static let question = Statement("SELECT 1")

    /// - Parameters:
    ///   - role: who listens; LISTEN needs no grant.
    ///   - patience: how long the server may say nothing at all.
    package init(
        configuration: DatabaseConfiguration, role: DatabaseRole = .queue,
        patience: Duration = NotificationListener.patience,
        logger: Logger
    ) {
        self.patience = patience
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
        await withDiscardingTaskGroup { group in
            group.addTask {
                await self.waitForSilence(of: connection)
                // At once: closing waits for nothing, but whoever asks next must not be answered from a cache.
                self.subscribers.disconnected()
                wakeUp.finish()
            }
            for await _ in wakeUps {
                let changes = subscribers.changes()
                guard !changes.isEmpty else { continue }
                do throws(PostgresError) {
                    _ = try await connection.run(changes.commands, isCancellable: false)
                    subscribers.succeeded(changes)
                } catch {
                    logger.warning("LISTEN failed", metadata: ["reason": "\(error.logDetail)"])
                    break
                }
            }
            subscribers.disconnected()
            // Ends the question that is under way, too.
            await connection.close()
            group.cancelAll()
        }
        return true
    }

    /// Returns when the server has said nothing for too long, or the connection has ended.
    private func waitForSilence(of connection: PostgresConnection) async {
        let heard = LastHeard()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled {
                    guard
                        (try? await connection.run([Command(Self.question, prepared: false)], isCancellable: false))
                            != nil
                    else {
                        return
                    }
                    heard.at.withLock { $0 = .now }
                    try? await Task.sleep(for: Self.beat)
                }
            }
            group.addTask {
                while !Task.isCancelled {
                    if .now - heard.at.withLock({ $0 }) > self.patience {
                        self.logger.warning("the server that is listened to has fallen silent")
                        self.subscribers.disconnected()
                        await connection.close()
                        return
                    }
                    try? await Task.sleep(for: Self.beat / 3)
                }
            }
            _ = await group.next()
            group.cancelAll()
        }
    }
}

/// When the server last answered.
private final class LastHeard: Sendable {
    let at = Mutex(ContinuousClock.now)
}
