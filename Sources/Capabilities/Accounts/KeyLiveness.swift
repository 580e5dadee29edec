import Foundation
import Postgres

/// Asks the database which keys are live. While one question is under way, whoever else wants to know is put into the
/// next: however many streams there are, one statement after the other answers all of them.
actor KeyLiveness {
    private let database: Database
    private var waiting: Set<UUID> = []
    private var running: Task<Set<UUID>, any Error>?
    private var next: Task<Set<UUID>, any Error>?

    init(database: Database) {
        self.database = database
    }

    /// - Throws: when the database does not answer.
    func isLive(_ apiKey: UUID) async throws -> Bool {
        waiting.insert(apiKey)
        return try await (next ?? begin()).value.contains(apiKey)
    }

    private func begin() -> Task<Set<UUID>, any Error> {
        let previous = running
        // Shared by all who wait for it, so that none of them can cancel it for the others.
        let task = Task {
            _ = await previous?.result
            return try await ask(close())
        }
        next = task
        return task
    }

    /// From here on, whoever comes waits for another question.
    private func close() -> [UUID] {
        defer {
            (running, next) = (next, nil)
            waiting = []
        }
        return Array(waiting)
    }

    private func ask(_ keys: [UUID]) async throws -> Set<UUID> {
        let found = try await database.query(as: .edge, AccountQueries.findLiveKeys, [.uuids(keys)])
        return Set(try found.rows.map { try $0.requireUUID(0) })
    }
}
