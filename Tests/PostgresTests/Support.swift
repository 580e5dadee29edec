import Logging
import Postgres
import TestSupport

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// A database of this test's own, and a `Database` over it that is closed afterwards.
/// - Parameter setUp: SQL that an administrator runs first.
func withDatabase<R: Sendable>(
    connections: [DatabaseRole: Int] = [.tenant: 2], readers: Int = 2, quickRead: Duration = .seconds(600),
    maxWaiters: Int = 512, acquireTimeout: Duration = .seconds(60), setUp: String = "",
    _ body: @Sendable (Database, TestDatabase) async throws -> R
) async throws -> R {
    try await withTestDatabase { test in
        if !setUp.isEmpty { try await test.psql(setUp) }
        let database = Database(
            configuration: DatabaseConfiguration(
                conninfo: test.conninfo, connections: connections, readers: readers, quickRead: quickRead,
                maxWaiters: maxWaiters, acquireTimeout: acquireTimeout),
            logger: quiet)
        do {
            let result = try await body(database, test)
            await database.close()
            return result
        } catch {
            await database.close()
            throw error
        }
    }
}

/// The error's code, when `body` throws a `PostgresError`.
func failure<R>(of body: () async throws -> R) async throws -> PostgresError? {
    do {
        _ = try await body()
        return nil
    } catch let error as PostgresError {
        return error
    }
}

/// Asks again until the answer is yes, or a generous time is over.
func eventually(_ condition: () async throws -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now.advanced(by: .seconds(60))
    while ContinuousClock.now < deadline {
        if try await condition() { return true }
        try await Task.sleep(for: .milliseconds(10))
    }
    return false
}
