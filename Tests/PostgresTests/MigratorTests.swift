import Foundation
import Logging
import Postgres
import TestSupport
import Testing

/// Migrations: applied once, in order, and refused when they do not fit.
struct MigratorTests {
    private func migration(_ name: String, _ sql: String) throws -> Migration { try Migration(name: name, sql: sql) }

    private func three() throws -> [Migration] {
        [
            try migration("0001_one.sql", "CREATE TABLE one (a int); INSERT INTO one VALUES (1)"),
            try migration("0002_two.sql", "-- compatible-with: 0001\nALTER TABLE one ADD b int"),
            try migration(
                "0003_three.sql",
                "-- outside-transaction\nCREATE INDEX CONCURRENTLY IF NOT EXISTS one_b ON one (b);\n-- next\nANALYZE one"
            ),
        ]
    }

    private func migrator(_ migrations: [Migration]) -> Migrator { Migrator(migrations: migrations, logger: quiet) }

    private func failure<R>(_ body: () async throws -> R) async throws -> MigrationError? {
        do {
            _ = try await body()
            return nil
        } catch let error as MigrationError {
            return error
        }
    }

    @Test func `migrations are applied once, in order, and any role may see that they are`() async throws {
        try await withTestDatabase { test in
            let all = try three()
            let migrator = migrator(all.reversed())
            #expect(try await migrator.status(conninfo: test.conninfo).map(\.state) == [.pending, .pending, .pending])
            #expect(try await migrator.up(conninfo: test.ownerConninfo) == all.map(\.name))
            #expect(try await migrator.up(conninfo: test.conninfo) == [])
            for role in DatabaseRole.allCases {
                try await migrator.check(conninfo: "\(test.conninfo) user=\(role.rawValue)")
            }
            let status = try await migrator.status(conninfo: test.conninfo)
            #expect(status.map(\.version) == [1, 2, 3])
            for one in status {
                guard case .applied(let date) = one.state else {
                    Issue.record("\(one.name) is not applied")
                    continue
                }
                #expect(abs(date.timeIntervalSinceNow) < 3600)
            }
            #expect(
                try await test.psql("SELECT tableowner FROM pg_tables WHERE tablename = 'one'") == "switchboard_owner")
        }
    }

    @Test func `two who migrate at once do it once`() async throws {
        try await withTestDatabase { test in
            let all = try three()
            let applied = try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<4 { group.addTask { try await migrator(all).up(conninfo: test.ownerConninfo) } }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(applied.sorted() == all.map(\.name))
            #expect(try await test.psql("SELECT count(*) FROM one") == "1")
        }
    }

    @Test func `the check says what is pending, and what to do`() async throws {
        try await withTestDatabase { test in
            let all = try three()
            _ = try await migrator([all[0]]).up(conninfo: test.ownerConninfo)
            let error = try await failure {
                try await migrator(all).check(conninfo: test.conninfo)
            }
            #expect(error == .pending(names: ["0002_two.sql", "0003_three.sql"]))
            #expect(error?.description.contains("switchboard migrate up") == true)
        }
    }

    @Test func `a file that changed after it was applied is named`() async throws {
        try await withTestDatabase { test in
            let all = try three()
            _ = try await migrator(all).up(conninfo: test.ownerConninfo)
            let edited = [all[0], try migration("0002_two.sql", all[1].sql + " -- edited"), all[2]]
            let check = try await failure { try await migrator(edited).check(conninfo: test.conninfo) }
            #expect(check == .changed(name: "0002_two.sql"))
            let up = try await failure { try await migrator(edited).up(conninfo: test.ownerConninfo) }
            #expect(up == .changed(name: "0002_two.sql"))
            let state = try await migrator(edited).status(conninfo: test.conninfo)[1].state
            guard case .changed = state else {
                Issue.record("\(state)")
                return
            }
        }
    }

    @Test func `a newer database is refused unless it says that this binary may run on it`() async throws {
        try await withTestDatabase { test in
            let all = try three()
            _ = try await migrator(Array(all[..<2])).up(conninfo: test.ownerConninfo)
            // 0002 says that whoever knows 0001 may run.
            try await migrator([all[0]]).check(conninfo: test.conninfo)
            _ = try await migrator(all).up(conninfo: test.ownerConninfo)
            // 0003 says nothing, so it must be known.
            let error = try await failure {
                try await migrator(Array(all[..<2])).check(conninfo: test.conninfo)
            }
            #expect(error == .newerDatabase(name: "0003_three.sql", needs: 3))
            #expect(error?.description.contains("0003_three.sql") == true)
        }
    }

    @Test func `a migration that comes before an applied one is refused`() async throws {
        try await withTestDatabase { test in
            let all = try three()
            _ = try await migrator([all[0], all[2]].map { $0.version == 3 ? try migration("0003_three.sql", "") : $0 })
                .up(conninfo: test.ownerConninfo)
            let late = [all[0], all[1], try migration("0003_three.sql", "")]
            let error = try await failure {
                try await migrator(late).up(conninfo: test.ownerConninfo)
            }
            #expect(error == .outOfOrder(name: "0002_two.sql", applied: "0003_three.sql"))
        }
    }

    @Test func `a database of somebody else's is left alone`() async throws {
        try await withTestDatabase { test in
            try await test.psql("CREATE TABLE theirs (a int)")
            let migrator = migrator(try three())
            let check = try await failure { try await migrator.check(conninfo: test.conninfo) }
            #expect(check == .notSwitchboard(database: test.name))
            let up = try await failure {
                try await migrator.up(conninfo: test.ownerConninfo)
            }
            #expect(up == .notSwitchboard(database: test.name))
            #expect(try await test.psql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == "1")
        }
    }

    @Test func `a migration that fails leaves nothing, says where, and what came before stays`() async throws {
        try await withTestDatabase { test in
            let bad = [
                try three()[0],
                try migration("0002_bad.sql", "CREATE TABLE two (a int);\nINSERT INTO two VALUES (1);\nSELEKT 1"),
            ]
            let error = try await failure {
                try await migrator(bad).up(conninfo: test.ownerConninfo)
            }
            guard case .failed(let name, let reason) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(name == "0002_bad.sql")
            #expect(reason.contains("line 3") && reason.contains("SELEKT"))
            #expect(
                try await test.psql("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
                    == "one\nschema_migrations")
        }
    }

    @Test func `a migration may not end its own transaction`() async throws {
        try await withTestDatabase { test in
            let bad = [try migration("0001_bad.sql", "CREATE TABLE one (a int); COMMIT")]
            let error = try await failure {
                try await migrator(bad).up(conninfo: test.ownerConninfo)
            }
            guard case .failed = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test func `cancelling stops a migration that waits for its turn`() async throws {
        try await withTestDatabase { test in
            let slow = [try migration("0001_slow.sql", "SELECT pg_sleep(600)")]
            let all = try three()
            let first = Task { try await migrator(slow).up(conninfo: test.ownerConninfo) }
            let running =
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'"
            #expect(try await eventually { try await test.psql("\(running) AND query LIKE '%pg_sleep%600)'") == "1" })
            let second = Task { try await migrator(all).up(conninfo: test.ownerConninfo) }
            let sessions =
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                + "AND application_name = 'switchboard migrate'"
            #expect(try await eventually { try await test.psql(sessions) == "2" })
            second.cancel()
            await #expect(throws: MigrationError.cancelled) { try await second.value }
            first.cancel()
            await #expect(throws: MigrationError.cancelled) { try await first.value }
            #expect(try await migrator(all).up(conninfo: test.ownerConninfo).count == 3)
        }
    }

    @Test func `roles are made once by many at once, also from different databases`() async throws {
        try await withTestDatabase { test in
            let other = try await TestCluster.shared().adminConninfo
            let script = try String(contentsOfFile: RepositoryFile.path("migrations/0000_roles.sql"), encoding: .utf8)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<8 {
                    let conninfo = number.isMultiple(of: 2) ? test.adminConninfo : other
                    group.addTask { try await Migrator.bootstrap(conninfo: conninfo, script: script) }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test(arguments: [
        ("1_one.sql", ""), ("0001_one", ""), ("0000_zero.sql", ""), ("0001_One.sql", ""),
        ("0002_two.sql", "-- compatible-with: 0003"), ("0002_two.sql", "-- compatible-with: all"),
    ])
    func `a file that cannot be a migration is refused`(name: String, sql: String) {
        #expect(throws: MigrationError.self) { try Migration(name: name, sql: sql) }
    }

    @Test func `the repository's own migrations read well and go up`() async throws {
        let migrations = try Migration.load(from: RepositoryFile.path("migrations"))
        #expect(migrations.map(\.version) == Array(1...migrations.count))
        try await withTestDatabase { test in
            let migrator = migrator(migrations)
            #expect(try await migrator.up(conninfo: test.ownerConninfo) == migrations.map(\.name))
            try await migrator.check(conninfo: test.conninfo)
        }
    }
}
