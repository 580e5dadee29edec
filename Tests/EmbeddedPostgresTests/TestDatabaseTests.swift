import TestSupport
import Testing

@Suite("A database for one test")
struct TestDatabaseTests {
    @Test func `belongs to the owner role, and is gone afterwards`() async throws {
        let name = try await withTestDatabase { database in
            #expect(try await database.psql("SELECT current_user", as: "switchboard_owner") == "switchboard_owner")
            _ = try await database.psql("CREATE TABLE made ()", as: "switchboard_owner")
            return database.name
        }
        let count = "SELECT count(*) FROM pg_database WHERE datname = '\(name)'"
        #expect(try await TestCluster.shared().psql(count) == "0")
    }

    @Test func `tells of a connection that a test has left open`() async throws {
        let database = try await TestCluster.shared().makeDatabase()
        let left = Task { try await database.psql("SET application_name = 'forgotten'; SELECT pg_sleep(60)") }
        let sleepers = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'forgotten' AND state = 'active'"
        #expect(try await eventually { try await TestCluster.shared().psql(sleepers) == "1" })
        let error = await #expect(throws: TestDatabase.StillConnected.self) { try await database.drop() }
        #expect(error?.description.contains("forgotten") == true)
        await #expect(throws: Psql.Failure.self) { try await left.value }
        let count = "SELECT count(*) FROM pg_database WHERE datname = '\(database.name)'"
        #expect(try await TestCluster.shared().psql(count) == "0")
    }
}
