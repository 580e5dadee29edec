import Foundation
import TestSupport
import TestWorld
import Testing

/// What is read of the database for what comes in.
@Suite struct InboundPlanTests {
    /// Rows of contacts and conversations that were read one after the other, where no index served. A connection tells the
    /// server what it has read when it ends.
    private static func scanned(_ world: World, ending: Bool = false) async throws -> Int {
        if ending {
            let tenants = "FROM pg_stat_activity WHERE datname = current_database() AND usename = 'switchboard_tenant'"
            _ = try await world.value("SELECT pg_terminate_backend(pid) \(tenants)")
            let haveEnded = try await eventually { try await world.value("SELECT count(*) \(tenants)") == "0" }
            #expect(haveEnded)
        }
        return Int(
            try await world.value(
                """
                SELECT sum(seq_tup_read) FROM pg_stat_user_tables WHERE relname IN ('contacts', 'conversations')
                """)) ?? -1
    }

    @Test func `what comes in reads those whom it is about, however many are known`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await InboundLotTests.clinic(knowing: 2_000, in: world)
            try await world.data.psql(
                """
                INSERT INTO conversations (org_id, contact_id, last_message_at) SELECT org_id, id, now() FROM contacts;
                VACUUM (ANALYZE);
                """)
            let before = try await Self.scanned(world)
            try await world.receive(try await InboundLotTests.greetings(0..<20, to: clinic, in: world))
            // Alone: a keyword, and somebody who is not known.
            try await world.receive([
                try await InboundLotTests.message(20, from: 20, "HELP", to: clinic, in: world),
                try await InboundLotTests.message(21, from: 2_000, "Hello", to: clinic, in: world),
            ])
            _ = try await world.send(to: InboundLotTests.phone(21), as: clinic)
            #expect(try await Self.scanned(world, ending: true) - before < 2_000)
            #expect(try await world.count("messages") == 23)
        }
    }
}
