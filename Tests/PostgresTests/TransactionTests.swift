import Foundation
import Postgres
import Synchronization
import Testing

/// Transactions and the tenant's scope.
struct TransactionTests {
    private static let table = "CREATE TABLE t (a int PRIMARY KEY); GRANT ALL ON t TO PUBLIC"
    private static let insert = Statement("INSERT INTO t VALUES ($1)")
    private static let count = Statement("SELECT count(*) FROM t")
    private static let setting = Statement("SELECT current_setting('switchboard.org_id', true)")

    private struct Stop: Error {}

    @Test func `a transaction commits when its body returns, and rolls back when it throws`() async throws {
        try await withDatabase(setUp: Self.table) { database, _ in
            let affected = try await database.withoutTenant(as: .tenant) { transaction in
                try await transaction.execute(Self.insert, [1]).affectedRows
            }
            #expect(affected == 1)
            await #expect(throws: Stop.self) {
                try await database.withoutTenant(as: .tenant) { transaction in
                    _ = try await transaction.execute(Self.insert, [2])
                    throw Stop()
                }
            }
            #expect(try await database.query(as: .tenant, Self.count)[0].int(0) == 1)
        }
    }

    @Test func `an error aborts what follows in the same round trip, and the connection is whole afterwards`()
        async throws
    {
        try await withDatabase(connections: [.tenant: 1], setUp: Self.table) { database, _ in
            let error = try await failure {
                try await database.withoutTenant(as: .tenant) { transaction in
                    try await transaction.execute([
                        (Self.insert, [1]), (Self.insert, [1]), (Self.insert, [2]),
                    ])
                }
            }
            #expect(error?.code == .server(sqlState: "23505"))
            #expect(error?.constraint == "t_pkey")
            #expect(error?.table == "t")
            #expect(try await database.query(as: .tenant, Self.count)[0].int(0) == 0)
            let results = try await database.withoutTenant(as: .tenant) { transaction in
                try await transaction.execute([(Self.insert, [1]), (Self.insert, [2]), (Self.count, [])])
            }
            #expect(results.map(\.affectedRows) == [1, 1, 1])
            #expect(results[2][0].int(0) == 2)
        }
    }

    @Test func `a COMMIT after a failed statement that the body swallowed throws`() async throws {
        try await withDatabase(setUp: Self.table) { database, _ in
            let error = try await failure {
                try await database.withoutTenant(as: .tenant) { transaction in
                    _ = try await transaction.execute(Self.insert, [1])
                    _ = try? await transaction.execute(Self.insert, [1])
                }
            }
            #expect(error?.sqlState == "25P02")
            #expect(try await database.query(as: .tenant, Self.count)[0].int(0) == 0)
        }
    }

    @Test func `a COMMIT that fails throws what the server says`() async throws {
        let setUp = "CREATE TABLE d (a int UNIQUE DEFERRABLE INITIALLY DEFERRED); GRANT ALL ON d TO PUBLIC"
        try await withDatabase(setUp: setUp) { database, _ in
            let error = try await failure {
                try await database.withoutTenant(as: .tenant) { transaction in
                    let insert = Statement("INSERT INTO d VALUES (1), (1)")
                    let affected = try await transaction.execute(insert).affectedRows
                    #expect(affected == 2)
                }
            }
            #expect(error?.isUniqueViolation == true)
        }
    }

    @Test func `a transaction that escaped its body is closed`() async throws {
        try await withDatabase(setUp: Self.table) { database, _ in
            let escaped = try await database.withoutTenant(as: .tenant) { $0 }
            let error = try await failure { try await escaped.execute(Self.insert, [1]) }
            #expect(error?.code == .closed)
            #expect(try await database.query(as: .tenant, Self.count)[0].int(0) == 0)
        }
    }

    @Test func `last statements and COMMIT go together, and the transaction is closed afterwards`() async throws {
        try await withDatabase(connections: [.tenant: 1], setUp: Self.table) { database, _ in
            let organization = OrganizationID(UUID())
            // As the second thing that is said, and as the first.
            for isFirst in [false, true] {
                let numbers: [Int] = isFirst ? [3, 4] : [1, 2]
                let escaped = try await database.withTenant(organization) { transaction in
                    if !isFirst { _ = try await transaction.execute(Self.count) }
                    let results = try await transaction.commit(
                        with: numbers.map { (Self.insert, [.int($0)]) } + [(Self.setting, [])])
                    #expect(results.map(\.affectedRows) == [1, 1, 1])
                    #expect(results.last?[0][0] == organization.description)
                    let again = try await failure { try await transaction.execute(Self.insert, [9]) }
                    #expect(again?.code == .closed)
                    return transaction
                }
                let late = try await failure { try await escaped.commit(with: [(Self.insert, [9])]) }
                #expect(late?.code == .closed)
            }
            let count = try await database.query(as: .tenant, Self.count)[0].int(0)
            #expect(count == 4)
            #expect(try await database.query(as: .tenant, Self.setting)[0][0] == "")
        }
    }

    /// What fails first: a statement before the COMMIT, or the COMMIT itself.
    @Test(arguments: [false, true], [false, true])
    func `when one of the last statements fails nothing is committed, and the connection goes back whole`(
        isDeferred: Bool, isSwallowed: Bool
    ) async throws {
        let setUp =
            "CREATE TABLE t (a int UNIQUE \(isDeferred ? "DEFERRABLE INITIALLY DEFERRED" : "")); GRANT ALL ON t TO PUBLIC"
        try await withDatabase(connections: [.tenant: 1], setUp: setUp) { database, _ in
            let pid = Statement("SELECT pg_backend_pid()")
            let backend = try await database.query(as: .tenant, pid)[0].int(0)
            let thrown = try await failure {
                try await database.withoutTenant(as: .tenant) { transaction in
                    _ = try await transaction.execute(Self.insert, [1])
                    do throws(PostgresError) {
                        _ = try await transaction.commit(
                            with: [(Self.insert, [2]), (Self.insert, [1]), (Self.insert, [3])])
                    } catch {
                        #expect(error.isUniqueViolation)
                        let again = try await failure { try await transaction.execute(Self.insert, [9]) }
                        #expect(again?.code == .closed)
                        if !isSwallowed { throw error }
                    }
                }
            }
            #expect(thrown?.sqlState == (isSwallowed ? "25P02" : "23505"))
            #expect(try await database.query(as: .tenant, Self.count)[0].int(0) == 0)
            // The control: without the one that fails, the same is committed on the same connection.
            try await database.withoutTenant(as: .tenant) { transaction in
                _ = try await transaction.execute(Self.insert, [1])
                _ = try await transaction.commit(with: [(Self.insert, [2]), (Self.insert, [3])])
            }
            #expect(try await database.query(as: .tenant, Self.count)[0].int(0) == 3)
            #expect(try await database.query(as: .tenant, pid)[0].int(0) == backend)
        }
    }

    @Test func `statements that run beside each other in one transaction all run in it`() async throws {
        try await withDatabase(setUp: Self.table) { database, _ in
            await #expect(throws: Stop.self) {
                try await database.withoutTenant(as: .tenant) { transaction in
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for number in 0..<20 {
                            group.addTask { _ = try await transaction.execute(Self.insert, [.int(number)]) }
                        }
                        try await group.waitForAll()
                    }
                    #expect(try await transaction.execute(Self.count)[0].int(0) == 20)
                    throw Stop()
                }
            }
            let left = try await database.query(as: .tenant, Self.count)[0].int(0)
            #expect(left == 0)
        }
    }

    @Test func `the tenant is set within a call and gone after it, on the same connection`() async throws {
        try await withDatabase(connections: [.tenant: 1]) { database, _ in
            let organization = OrganizationID(UUID())
            let pid = Statement("SELECT pg_backend_pid()")
            let backend = try await database.query(as: .tenant, pid)[0].int(0)
            #expect(try await database.read(organization, Self.setting)[0][0] == organization.description)
            let after = try await database.query(as: .tenant, Self.setting)[0][0]
            #expect(after == nil || after == "")
            try await database.withTenant(organization) { transaction in
                #expect(transaction.organization == organization)
                for _ in 0..<2 {
                    let setting = try await transaction.execute(Self.setting)[0][0]
                    #expect(setting == organization.description)
                }
            }
            #expect(try await database.query(as: .tenant, Self.setting)[0][0] == "")
            let error = try await failure { try await database.read(organization, Statement("SELECT 1 / 0")) }
            #expect(error?.sqlState == "22012")
            #expect(try await database.query(as: .tenant, Self.setting)[0][0] == "")
            #expect(try await database.query(as: .tenant, pid)[0].int(0) == backend)
        }
    }

    @Test(arguments: [TransactionIsolation.readCommitted, .repeatableRead, .serializable])
    func `a transaction runs at the isolation that was asked for`(isolation: TransactionIsolation) async throws {
        try await withDatabase { database, _ in
            let level = try await database.withoutTenant(as: .tenant, isolation: isolation) { transaction in
                try await transaction.execute(Statement("SHOW transaction_isolation"))[0].requireString(0)
            }
            #expect(level.replacing(" ", with: "") == "\(isolation)".lowercased())
        }
    }

    @Test func `each role works as itself`() async throws {
        try await withDatabase { database, _ in
            for role in DatabaseRole.allCases {
                let name = try await database.query(as: role, Statement("SELECT current_user::text"))[0][0]
                #expect(name == role.rawValue)
                try await database.ping(as: role)
            }
        }
    }

    // MARK: Pipelined

    @Test func `what is pipelined goes before what follows, and with COMMIT when nothing does`() async throws {
        try await withDatabase(setUp: Self.table) { database, _ in
            let seen = try await database.withoutTenant(as: .tenant) { transaction in
                try await transaction.pipeline([(Self.insert, [1]), (Self.insert, [2])])
                let seen = try await transaction.execute(Self.count)[0].int(0)
                try await transaction.pipeline([(Self.insert, [3])])
                return seen
            }
            #expect(seen == 2)
            #expect(try await database.query(as: .tenant, Self.count)[0].int(0) == 3)
            try await database.withoutTenant(as: .tenant) { transaction in
                try await transaction.pipeline([(Self.insert, [4])])
            }
            let last = try await database.withoutTenant(as: .tenant) { transaction in
                try await transaction.pipeline([(Self.insert, [5])])
                return try await transaction.commit(with: [(Self.count, [])])
            }
            #expect(last.count == 1)
            #expect(last.first?[0].int(0) == 5)
        }
    }

    @Test func `what is wrong with a pipelined statement is thrown, at COMMIT at the latest, and nothing is committed`()
        async throws
    {
        try await withDatabase(connections: [.tenant: 1], setUp: Self.table) { database, _ in
            for isLast in [false, true] {
                let error = try await failure {
                    try await database.withoutTenant(as: .tenant) { transaction in
                        try await transaction.pipeline([(Self.insert, [1]), (Self.insert, [1])])
                        if !isLast { _ = try await transaction.execute(Self.count) }
                    }
                }
                #expect(error?.code == .server(sqlState: "23505"))
                #expect(try await database.query(as: .tenant, Self.count)[0].int(0) == 0)
            }
        }
    }

    @Test func `what is pipelined by a body that throws never goes out, nor what comes after the end`() async throws {
        try await withDatabase(setUp: Self.table) { database, _ in
            let kept = Mutex<Transaction?>(nil)
            await #expect(throws: Stop.self) {
                try await database.withoutTenant(as: .tenant) { transaction in
                    kept.withLock { $0 = transaction }
                    try await transaction.pipeline([(Self.insert, [1])])
                    throw Stop()
                }
            }
            let error = try await failure { try await kept.withLock { $0 }?.pipeline([(Self.insert, [1])]) }
            #expect(error?.code == .closed)
            #expect(try await database.query(as: .tenant, Self.count)[0].int(0) == 0)
        }
    }

    private static let plans = Statement(
        "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE '%WHERE a = ANY%FOR UPDATE'"
    )
    private static let lockMany = Statement("SELECT a FROM t WHERE a = ANY ($1::int[]) FOR UPDATE")
    private static let planner = Statement(
        "SELECT current_setting('plan_cache_mode') || ' ' || current_setting('enable_seqscan') AS settings")

    @Test(arguments: [Planning.byValues, .once])
    func `a transaction plans its statements by their values, or once for the connection`(
        _ planning: Planning
    ) async throws {
        let setUp = "\(Self.table); INSERT INTO t SELECT generate_series(1, 2000); ANALYZE t"
        try await withDatabase(connections: [.tenant: 1], setUp: setUp) { database, _ in
            let organization = OrganizationID(UUID())
            let before = try await database.query(as: .tenant, Self.planner).rows.first?.string("settings")
            for timeout in [nil, Duration.seconds(5)] {
                for _ in 0..<10 {
                    let found = try await database.withTenant(
                        organization, timeout: timeout, planning: planning
                    ) { try await $0.execute(Self.lockMany, [.ints([7, 9])]) }
                    #expect(found.count == 2)
                }
            }
            let plans = try await database.query(as: .tenant, Self.plans)
            #expect(plans[0].int("generic_plans") == (planning == .once ? 20 : 0))
            #expect(plans[0].int("custom_plans") == (planning == .once ? 0 : 20))
            // And nothing stays behind.
            #expect(try await database.query(as: .tenant, Self.planner).rows.first?.string("settings") == before)
            #expect(before == "auto on")
        }
    }
}
