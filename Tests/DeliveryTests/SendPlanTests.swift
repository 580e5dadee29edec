import TestSupport
import TestWorld
import Testing

/// What is read of the database to hand messages over.
@Suite struct SendPlanTests {
    private static let tables = "'messages', 'message_attempts'"

    /// Messages that have long been delivered, each to a contact of its own.
    private static func history(_ count: Int, of clinic: Clinic, in world: World) async throws {
        let credential = try await world.credential(of: clinic)
        try await world.data.psql(
            """
            WITH made AS (
              INSERT INTO contacts (org_id, phone)
              SELECT '\(clinic.organization)', '+1' || (300 + i / 100) || '55501' || lpad((i % 100)::text, 2, '0')
              FROM generate_series(0, \(count - 1)) i RETURNING org_id, id, phone
            ), talks AS (
              INSERT INTO conversations (org_id, contact_id, last_message_at) SELECT org_id, id, now() FROM made
              RETURNING org_id, id, contact_id
            )
            INSERT INTO messages (org_id, direction, status, from_address, to_address, body, segments, contact_id,
                                  conversation_id, credential_id)
            SELECT m.org_id, 'OUTBOUND', 'DELIVERED', '\(clinic.number)', m.phone, 'Hello', 1, m.id, t.id, '\(credential)'
            FROM made m JOIN talks t ON t.contact_id = m.id;
            """)
    }

    @Test func `what was planned while there were few messages reads no more when there are thousands`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            for table in ["messages", "contacts", "message_attempts"] {
                try await world.data.psql("ALTER TABLE \(table) SET (autovacuum_enabled = off)")
            }
            let clinic = try await BulkTests.fastClinic(world)
            try await world.carrier.misbehave(ReconciliationTests.silence)
            for index in 0..<180 { _ = try await world.send("Hello", to: BulkTests.phone(index), as: clinic) }
            try await world.data.psql(
                """
                UPDATE jobs SET run_at = now() + interval '1 hour' WHERE subject_id IN (
                  SELECT id FROM messages ORDER BY created_at DESC LIMIT 160)
                """)
            func areAccepted(_ count: Int) async throws -> Bool {
                try await eventually {
                    try await world.count("message_attempts", where: "state = 'ACCEPTED'") == count
                }
            }
            try await world.working {
                #expect(try await areAccepted(20))
                try await Self.history(4_000, of: clinic, in: world)
                try await world.data.psql("SELECT pg_stat_reset()")
                try await world.hurry("message.send")
                #expect(try await areAccepted(180))
            }
            let read = try await world.entriesRead(of: Self.tables)
            #expect(read < 60_000, "\(read) entries for 160 messages")
        }
    }
}
