import Foundation
import Postgres
import Synchronization
import TestSupport
import Testing

/// Two quick reads on one connection: the server has the second while it runs the first.
struct SharedConnectionTests {
    private static let organization = OrganizationID(UUID())
    private static let pid = Statement("SELECT pg_backend_pid()")
    /// As long as somebody holds the gate (`close`).
    private static let gated = Statement(
        "SELECT pg_backend_pid() FROM (SELECT pg_advisory_xact_lock_shared(7)) AS gate")
    private static let tenant = Statement("SELECT current_setting('switchboard.org_id')")

    /// The pace of reads that have been quick.
    private func quick(_ database: Database) async throws -> ReadPace {
        let pace = ReadPace()
        while await !pace.isQuick {
            _ = try await database.tenantRead(Self.organization, Self.pid, pace: pace).answer()
        }
        return pace
    }

    /// Runs `body` while reads of `gated` wait, and then lets them go on.
    private func whileClosed(_ database: Database, _ body: @Sendable () async throws -> Void) async throws {
        try await database.withoutTenant(as: .edge) { transaction in
            _ = try await transaction.execute(Statement("SELECT pg_advisory_xact_lock(7)"))
            try await body()
        }
    }

    /// Those that wait at the gate, in this database.
    private static let waiting = """
        FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
        WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted
        """

    private func waits(_ test: TestDatabase, _ count: Int) async throws -> Bool {
        try await test.psql("SELECT count(*) \(Self.waiting)").trimmingCharacters(in: .whitespacesAndNewlines)
            == "\(count)"
    }

    private func withDatabase(
        quickRead: Duration = .seconds(600), setUp: String = "",
        _ body: @Sendable (Database, TestDatabase) async throws -> Void
    ) async throws {
        try await PostgresTests.withDatabase(
            connections: [.tenant: 2, .edge: 1], readers: 1, quickRead: quickRead, setUp: setUp, body)
    }

    @Test func `quick reads go to the same connection, others to one of their own`() async throws {
        try await withDatabase { database, test in
            for isQuick in [true, false] {
                let pace = isQuick ? try await quick(database) : ReadPace()
                let answers = Answers()
                try await whileClosed(database) {
                    for _ in 0..<2 { answers.begin(try database.tenantRead(Self.organization, Self.gated, pace: pace)) }
                    #expect(try await eventually { try await waits(test, isQuick ? 1 : 2) })
                }
                let backends = try await answers.all().map { try $0.get()[0].int(0) }
                #expect(Set(backends).count == (isQuick ? 1 : 2))
            }
        }
    }

    @Test func `each of many that share has its own tenant and its own answer`() async throws {
        try await withDatabase { database, _ in
            let pace = try await quick(database)
            let statement = Statement("SELECT current_setting('switchboard.org_id'), $1::int")
            let organizations = (0..<5).map { _ in OrganizationID(UUID()) }
            let answers = Answers()
            for number in 0..<500 {
                answers.begin(
                    try database.tenantRead(organizations[number % 5], statement, [.int(number)], pace: pace))
            }
            for (number, answer) in await answers.all().enumerated() {
                let row = try answer.get()[0]
                #expect(row[0] == organizations[number % 5].uuid.uuidString.lowercased())
                #expect(row.int(1) == number)
            }
            // Nothing is left of the last one's.
            #expect(try await database.query(as: .tenant, Self.tenant)[0][0] == "")
        }
    }

    @Test func `an answer that is not the tenant's ends the connection, and is told to nobody`() async throws {
        let setUp = """
            CREATE FUNCTION public.set_config(text, text, boolean) RETURNS text LANGUAGE sql AS $$
              SELECT CASE WHEN $2 LIKE '%-%' THEN pg_catalog.set_config($1, $2, $3) || CASE $2 WHEN
                '\(Self.organization.uuid.uuidString.lowercased())' THEN '' ELSE 'x' END
              ELSE pg_catalog.set_config($1, $2, $3) END $$;
            DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', current_database()); END $$;
            """
        try await withDatabase(setUp: setUp) { database, _ in
            let pace = try await quick(database)
            let (own, other) = (Answers(), Answers())
            other.begin(try database.tenantRead(OrganizationID(UUID()), Self.tenant, pace: pace))
            #expect(try await failure { try await other.all()[0].get() }?.code == .protocolViolation)
            own.begin(try database.tenantRead(Self.organization, Self.tenant, pace: pace))
            #expect(
                try await own.all()[0].get()[0][0] == Self.organization.uuid.uuidString.lowercased())
        }
    }

    @Test func `what becomes of one says nothing of the other`() async throws {
        try await withDatabase { database, test in
            let pace = try await quick(database)
            let fails = Statement("SELECT 1 / (pg_backend_pid() - pg_backend_pid())")
            for statements in [[fails, Self.pid], [Self.pid, fails]] {
                // Prepared on each connection, and it fails all the same.
                for statement in statements + statements {
                    _ = try? await database.tenantRead(Self.organization, statement, pace: pace).answer()
                }
                let answers = Answers()
                try await whileClosed(database) {
                    let gate = try database.tenantRead(Self.organization, Self.gated, pace: pace)
                    answers.begin(gate)
                    for statement in statements {
                        answers.begin(try database.tenantRead(Self.organization, statement, pace: pace))
                    }
                    #expect(try await eventually { try await waits(test, 1) })
                }
                for (statement, answer) in zip([Self.gated] + statements, await answers.all()) {
                    if statement == fails {
                        #expect(try await failure { try answer.get() }?.code == .server(sqlState: "22012"))
                    } else {
                        #expect(try answer.get().count == 1)
                    }
                }
            }
        }
    }

    @Test func `a plan that a migration made invalid is made anew for both`() async throws {
        let setUp = "CREATE TABLE t (a int); GRANT ALL ON t TO PUBLIC; INSERT INTO t VALUES (1)"
        try await withDatabase(setUp: setUp) { database, test in
            let pace = try await quick(database)
            let statement = Statement("SELECT * FROM t, (SELECT pg_advisory_xact_lock_shared(7)) AS gate")
            _ = try await database.tenantRead(Self.organization, statement, pace: pace).answer()
            for columns in 3...5 {
                try await test.psql("ALTER TABLE t ADD c\(columns) int")
                let answers = Answers()
                for _ in 0..<6 { answers.begin(try database.tenantRead(Self.organization, statement, pace: pace)) }
                for answer in await answers.all() { #expect(try answer.get().columnCount == columns) }
            }
        }
    }

    @Test func `who gives up stops its own statement, and not the one that shares the connection`() async throws {
        try await withDatabase { database, test in
            let pace = try await quick(database)
            // The first of the two, then the second.
            for isFirst in [true, false] {
                let answers = Answers()
                try await whileClosed(database) {
                    var reads: [PendingRead] = []
                    for _ in 0..<2 {
                        reads.append(answers.begin(try database.tenantRead(Self.organization, Self.gated, pace: pace)))
                    }
                    #expect(try await eventually { try await waits(test, 1) })
                    reads[isFirst ? 0 : 1].cancel()
                    if isFirst {
                        #expect(try await eventually { answers.count == 1 })
                        // The second's turn has come.
                        #expect(try await eventually { try await waits(test, 1) })
                    }
                }
                let all = await answers.all()
                let (given, other) = isFirst ? (all[0], all[1]) : (all[1], all[0])
                #expect(try other.get().count == 1)
                if isFirst { #expect(try await failure { try given.get() }?.code == .cancelled) }
            }
            // One that would go on for long is stopped when its turn comes.
            let sleep = Statement("SELECT pg_sleep($1::int)")
            _ = try await database.tenantRead(Self.organization, sleep, [.int(0)], pace: pace).answer()
            let answers = Answers()
            try await whileClosed(database) {
                answers.begin(try database.tenantRead(Self.organization, Self.gated, pace: pace))
                let long = try database.tenantRead(
                    Self.organization, sleep, [.int(600)], timeout: .seconds(300), pace: pace)
                let read = answers.begin(long)
                #expect(try await eventually { try await waits(test, 1) })
                read.cancel()
            }
            #expect(try await eventually { answers.count == 2 })
            let all = await answers.all()
            #expect(try all[0].get().count == 1)
            #expect(try await failure { try all[1].get() }?.code == .cancelled)
        }
    }

    @Test func `storms of those who give up never hit one who shares the connection`() async throws {
        try await withDatabase { database, _ in
            let pace = try await quick(database)
            let statement = Statement("SELECT pg_sleep(0.003), $1::int")
            _ = try await database.tenantRead(Self.organization, statement, [.int(0)], pace: pace).answer()
            // These are over before the server is asked to stop them.
            let brief = Statement("SELECT pg_sleep(0.0003), $1::int")
            _ = try await database.tenantRead(Self.organization, brief, [.int(0)], pace: pace).answer()
            for round in 0..<300 {
                let isBrief = !round.isMultiple(of: 5)
                let (given, kept) = (Answers(), Answers())
                let pairs = try (0..<4).map { number in
                    let ask = { (number: Int) in
                        try database.tenantRead(
                            Self.organization, isBrief ? brief : statement, [.int(number)], pace: pace)
                    }
                    return (try ask(number), try ask(-number))
                }
                var reads: [PendingRead] = []
                for (first, second) in pairs {
                    reads.append(given.begin(first))
                    kept.begin(second)
                    if isBrief { reads.last?.cancel() }
                }
                for read in reads where !isBrief {
                    try await Task.sleep(for: .microseconds(round * 12))
                    read.cancel()
                }
                for (number, answer) in await kept.all().enumerated() { #expect(try answer.get()[0].int(1) == -number) }
                for answer in await given.all() {
                    let code = try await failure { try answer.get() }?.code
                    #expect(code == nil || code == .cancelled)
                }
            }
        }
    }

    @Test func `when the connection is killed both hear of it, and the pool is whole afterwards`() async throws {
        try await withDatabase { database, test in
            let pace = try await quick(database)
            let answers = Answers()
            try await whileClosed(database) {
                for _ in 0..<3 { answers.begin(try database.tenantRead(Self.organization, Self.gated, pace: pace)) }
                #expect(try await eventually { try await waits(test, 1) })
                try await test.psql("SELECT pg_terminate_backend(pid, 10000) \(Self.waiting)")
                #expect(try await eventually { answers.count == 2 })
            }
            let codes = await answers.all().map { answer in
                if case .failure(let error) = answer { error.code } else { PostgresError.Code?.none }
            }
            // The third had not been sent.
            #expect(codes == [.connectionLost, .connectionLost, nil])
            let again = try await quick(database)
            #expect(await again.isQuick)
        }
    }

    @Test func `nobody waits behind a read that takes long, nor shares with the next one like it`() async throws {
        try await withDatabase(quickRead: .milliseconds(200)) { database, test in
            let (pace, other) = (try await quick(database), try await quick(database))
            let (answers, company) = (Answers(), Answers())
            // Prepared, so that what comes behind it goes on the wire.
            _ = try await database.tenantRead(Self.organization, Self.gated, pace: pace).answer()
            try await whileClosed(database) {
                answers.begin(try database.tenantRead(Self.organization, Self.gated, pace: pace))
                // Sent behind it, and taken to another connection when it is seen to take long.
                company.begin(try database.tenantRead(Self.organization, Self.pid, pace: other))
                #expect(try await company.all()[0].get().count == 1)
                #expect(await !pace.isQuick)
                // Who comes later is not sent behind it.
                #expect(try await database.tenantRead(Self.organization, Self.pid, pace: other).answer().count == 1)
                #expect(answers.count == 0)
            }
            #expect(try await answers.all()[0].get().count == 1)
            #expect(await !pace.isQuick)
            // Both connections are in order, and the pool has them back.
            let backends = try await withThrowingTaskGroup(of: Int?.self) { group in
                for _ in 0..<2 {
                    group.addTask {
                        try await database.withoutTenant(as: .tenant) { transaction in
                            try await transaction.execute(Statement("SELECT pg_backend_pid(), pg_sleep(0.1)"))[0].int(0)
                        }
                    }
                }
                return try await group.reduce(into: Set<Int?>()) { $0.insert($1) }
            }
            #expect(backends.count == 2)
        }
    }
}

/// What reads that were begun are answered, in the order of their beginning.
private final class Answers: Sendable {
    private struct State {
        var answers: [Result<PostgresResult, PostgresError>?] = []
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Those that have come.
    var count: Int { state.withLock { $0.answers.count { $0 != nil } } }

    @discardableResult
    func begin(_ read: TenantRead) -> PendingRead {
        let index = state.withLock { state in
            state.answers.append(nil)
            return state.answers.count - 1
        }
        return read.begin { answer in
            let waiting = self.state.withLock { state in
                if state.answers[index] != nil { Issue.record("answered twice") }
                state.answers[index] = answer
                guard !state.answers.contains(where: { $0 == nil }) else {
                    return nil as CheckedContinuation<Void, Never>?
                }
                defer { state.waiting = nil }
                return state.waiting
            }
            waiting?.resume()
        }
    }

    func all() async -> [Result<PostgresResult, PostgresError>] {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                guard state.answers.contains(where: { $0 == nil }) else { return true }
                state.waiting = continuation
                return false
            }
            if isOver { continuation.resume() }
        }
        return state.withLock { $0.answers.compactMap(\.self) }
    }
}

extension TenantRead {
    fileprivate func answer() async throws -> PostgresResult {
        let answers = Answers()
        answers.begin(self)
        return try await answers.all()[0].get()
    }
}
