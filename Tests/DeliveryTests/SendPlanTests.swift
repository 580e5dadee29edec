import Credentials
import TestSupport
import TestWorld
import Testing
import TwilioSandbox

/// What is read of the database to hand messages over.
@Suite struct SendPlanTests {
    private static let tables = "'messages', 'message_attempts', 'message_checks'"

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

    /// As many messages as phones, in tables that are never analyzed; the last so many go out in an hour.
    private static func young(_ count: Int, later: Int, in world: World) async throws -> Clinic {
        for table in ["messages", "contacts", "message_attempts", "message_checks"] {
            try await world.data.psql("ALTER TABLE \(table) SET (autovacuum_enabled = off)")
        }
        let clinic = try await BulkTests.fastClinic(world)
        try await world.carrier.misbehave(ReconciliationTests.silence)
        for index in 0..<count { _ = try await world.send("Hello", to: BulkTests.phone(index), as: clinic) }
        try await world.data.psql(
            """
            UPDATE jobs SET run_at = now() + interval '1 hour' WHERE subject_id IN (
              SELECT id FROM messages ORDER BY created_at DESC LIMIT \(later))
            """)
        return clinic
    }

    /// Looks at the jobs first, which are not among what is counted.
    private static func areAccepted(_ count: Int, later: Int, in world: World) async throws -> Bool {
        _ = try await eventually { try await world.count("jobs", where: "kind = 'message.send'") == later }
        return try await eventually {
            try await world.count("message_attempts", where: "state = 'ACCEPTED'") == count
        }
    }

    @Test func `what was planned while there were few messages reads no more when there are thousands`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await Self.young(180, later: 160, in: world)
            try await world.working {
                #expect(try await Self.areAccepted(20, later: 160, in: world))
                try await Self.history(4_000, of: clinic, in: world)
                try await world.data.psql("SELECT pg_stat_reset()")
                try await world.hurry("message.send")
                #expect(try await Self.areAccepted(180, later: 0, in: world))
            }
            let read = try await world.entriesRead(of: Self.tables)
            #expect(read < 10_000, "\(read) entries for 160 messages")
        }
    }

    @Test func `nor do callbacks`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await Self.young(180, later: 0, in: world)
            let areAccepted = try await world.working { try await Self.areAccepted(180, later: 0, in: world) }
            #expect(areAccepted)
            let hook = try await world.hook(of: clinic)
            let sent = try await world.value(
                "SELECT nonce || ' ' || m.twilio_sid FROM message_attempts JOIN messages m ON m.id = message_id"
            ).split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
            let callbacks = sent.map { pair in
                SignedWebhook(
                    world.hooks.status(hook, attempt: pair[0]),
                    CallbackTests.report(pair[1], "delivered", account: clinic.account.sid),
                    token: clinic.account.authToken)
            }
            for callback in callbacks.prefix(20) { #expect(try await callback.post(in: world) == 204) }
            try await Self.history(4_000, of: clinic, in: world)
            // As many that the carrier is still to be asked for.
            try await world.data.psql(
                """
                INSERT INTO message_checks (org_id, message_id, credential_id, check_at)
                SELECT org_id, id, credential_id, now() + interval '1 hour' FROM messages WHERE twilio_sid IS NULL
                """)
            try await world.data.psql("SELECT pg_stat_reset()")
            try await withThrowingTaskGroup(of: Int.self) { group in
                for callback in callbacks.dropFirst(20) { group.addTask { try await callback.post(in: world) } }
                for try await status in group { #expect(status == 204) }
            }
            let delivered = try await world.count("messages", where: "status = 'DELIVERED' AND twilio_sid IS NOT NULL")
            #expect(delivered == 180)
            let read = try await world.entriesRead(of: Self.tables)
            #expect(read < 10_000, "\(read) entries for 160 callbacks")
        }
    }
}
