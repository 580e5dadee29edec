package import Logging
package import Postgres
import ServiceLifecycle

/// Clears the change feeds of all organizations away, `EngineConfiguration.changeRetention` after they were written. Any
/// number of nodes may do it beside each other.
package struct ChangeCleaner: Service {
    private let database: Database
    private let configuration: EngineConfiguration
    private let logger: Logger

    /// Changes in one transaction, so that none lasts long.
    private static let batch = 5_000

    package init(database: Database, configuration: EngineConfiguration = EngineConfiguration(), logger: Logger) {
        self.database = database
        self.configuration = configuration
        self.logger = logger
    }

    /// Cleans every `changeCleaningInterval` until graceful shutdown.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    while try await clean() == Self.batch, !Task.isCancelled {}
                } catch {
                    logger.warning("cannot clear the change feeds", metadata: ["reason": "\(error)"])
                }
                try? await Task.sleep(for: configuration.changeCleaningInterval)
            }
        }
    }

    /// One batch.
    ///
    /// - Returns: how many changes are gone.
    @discardableResult
    package func clean() async throws(PostgresError) -> Int {
        let (seconds, attoseconds) = configuration.changeRetention.components
        let milliseconds = seconds * 1_000 + attoseconds / 1_000_000_000_000_000
        let result = try await database.query(
            as: .queue, ChangeQueries.clean, [.int(milliseconds), .int(Self.batch)])
        guard let row = result.rows.first else { throw PostgresError(.protocolViolation, "no count") }
        return try row.requireInt(0)
    }
}
