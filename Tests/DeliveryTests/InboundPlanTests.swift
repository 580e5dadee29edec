import TestSupport
import TestWorld
import Testing

/// What is read of the database for what comes in.
@Suite struct InboundPlanTests {
    @Test func `what comes in reads those whom it is about, however many are known`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await InboundLotTests.clinic(knowing: 2_000, in: world)
            try await world.data.psql(
                """
                INSERT INTO conversations (org_id, contact_id, last_message_at) SELECT org_id, id, now() FROM contacts;
                VACUUM (ANALYZE);
                """)
            let before = try await world.rowsScanned()
            try await world.receive(try await InboundLotTests.greetings(0..<20, to: clinic, in: world))
            // Alone: a keyword, and somebody who is not known.
            try await world.receive([
                try await InboundLotTests.message(20, from: 20, "HELP", to: clinic, in: world),
                try await InboundLotTests.message(21, from: 2_000, "Hello", to: clinic, in: world),
            ])
            _ = try await world.send(to: InboundLotTests.phone(21), as: clinic)
            #expect(try await world.rowsScanned(ending: true) - before < 2_000)
            #expect(try await world.count("messages") == 23)
        }
    }
}
