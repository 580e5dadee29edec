import Foundation
import JobQueue
import Logging
import Postgres
import ServiceLifecycle
import Synchronization
import TestSupport

/// A migrated database of its own, with the services that the queue needs running.
struct QueueFixture: Sendable {
    let testDatabase: TestDatabase
    let database: Database
    let listener: NotificationListener
    let queue: WorkQueue
    let kind: JobKind = "test"

    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    static func with(_ body: @Sendable @escaping (QueueFixture) async throws -> Void) async throws {
        try await withMigratedDatabase { testDatabase in
            let configuration = DatabaseConfiguration(conninfo: testDatabase.conninfo)
            let database = Database(configuration: configuration, logger: logger)
            let announcer = Announcer(database: database, logger: logger)
            let listener = NotificationListener(
                configuration: configuration, patience: .seconds(60), logger: logger)
            let fixture = QueueFixture(
                testDatabase: testDatabase, database: database, listener: listener,
                queue: WorkQueue(database: database, announcer: announcer))

            let services = ServiceGroup(services: [database, listener, announcer], logger: logger)
            try await withThrowingTaskGroup { group in
                group.addTask { try await services.run() }
                let outcome: Result<Void, any Error>
                do { outcome = .success(try await body(fixture)) } catch { outcome = .failure(error) }
                await services.triggerGracefulShutdown()
                try await group.waitForAll()
                try outcome.get()
            }
        }
    }

    // MARK: Doing

    func enqueue(_ subjects: [UUID], for organization: OrganizationID, runAt: Date? = nil) async throws {
        try await database.withTenant(organization) { transaction in
            try await WorkQueue.enqueue(kind, subjects: subjects, runAt: runAt, in: transaction)
        }
    }

    func claim(_ limit: Int, lease: Duration = .seconds(60), after cursor: UUID = .lowest) async throws
        -> WorkQueue.Claim
    {
        try await queue.claim(kind, limit: limit, lease: lease, after: cursor)
    }

    func worker(
        concurrency: Int = 4, organizationConcurrency: Int? = nil,
        configuration: Worker.Configuration = Worker.Configuration(),
        run: @escaping @Sendable (ClaimedJob) async throws -> JobOutcome
    ) -> Worker {
        let backoff = Backoff(base: .milliseconds(1), limit: .milliseconds(1))
        return Worker(
            queue: queue, listener: listener,
            handlers: [
                JobHandler(
                    kind, concurrency: concurrency, organizationConcurrency: organizationConcurrency, backoff: backoff,
                    run: run)
            ],
            configuration: configuration, logger: Self.logger)
    }

    /// Runs workers until `body` returns, then lets them stop gracefully.
    func running(_ workers: [Worker], _ body: () async throws -> Void) async throws {
        let group = ServiceGroup(services: workers, logger: Self.logger)
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            try outcome.get()
        }
    }

    // MARK: Looking

    /// Rows of `columns`, a line each, oldest first.
    func rows(_ columns: String) async throws -> String {
        try await testDatabase.psql("SELECT \(columns) FROM jobs ORDER BY id")
    }

    func untilEmpty() async throws {
        try await until { try await rows("id").isEmpty }
    }

    /// Asks again and again, for at most a minute.
    func until(_ condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while try await !condition() {
            guard ContinuousClock.now < deadline else { throw NeverHappened() }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    struct NeverHappened: Error {}
}

extension UUID {
    static let lowest = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
}

extension OrganizationID {
    /// Organizations in their order: the byte comes first.
    init(first byte: UInt8) {
        self.init(UUID(uuid: (byte, 0, 0, 0, 0, 0, 0x40, 0, 0x80, 0, 0, 0, 0, 0, 0, 1)))
    }
}

/// A list that many tasks append to.
final class Record<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])
    var all: [Element] { elements.withLock { $0 } }
    func append(_ element: Element) { elements.withLock { $0.append(element) } }
}

/// A door that stays open once it is opened.
final class Gate: Sendable {
    private let stream: AsyncStream<Never>
    private let continuation: AsyncStream<Never>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func open() { continuation.finish() }

    /// Returns when the gate is open, or the task cancelled.
    func pass() async { for await _ in stream {} }
}
