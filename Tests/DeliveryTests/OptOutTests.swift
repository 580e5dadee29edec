import GraphQL
import TestSupport
import TestWorld
import Testing
import TwilioSandbox

@Suite struct OptOutTests {
    static let recipient = "+14155550123"

    /// A clinic whose numbers call us for what comes in.
    static func reachableClinic(_ world: World) async throws -> Clinic {
        let clinic = try await world.makeTextingClinic()
        try await world.syncWithHooks(clinic)
        return clinic
    }

    @Test func `STOP marks the contact, what follows is refused, and START lifts it`() async throws {
        try await withWorld { world in
            let clinic = try await Self.reachableClinic(world)
            _ = try await world.carrier.inbound(from: Self.recipient, to: clinic.number, body: " stop ")
            #expect(try await world.value("SELECT opted_out FROM contacts WHERE phone = '\(Self.recipient)'") == "t")
            let refused = try await world.send(as: clinic)
            #expect(refused.refusal == "OPTED_OUT")
            #expect(refused.refusalMessage?.contains("START") == true)
            #expect(try await world.send(to: "+14155550124", as: clinic).refusal == nil)
            _ = try await world.carrier.inbound(from: Self.recipient, to: clinic.number, body: "START")
            _ = try await world.send(as: clinic)
            #expect(try await eventually { try await world.status() == "DELIVERED" })
            #expect(try await world.carrier.posts(to: Self.recipient) == 1)
        }
    }

    @Test func `a queued message whose contact opts out before its turn fails, and nothing reaches the carrier`()
        async throws
    {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.working { try await Self.reachableClinic(world) }
            _ = try await world.send(as: clinic)
            _ = try await world.send(to: "+14155550124", as: clinic)
            _ = try await world.carrier.inbound(from: Self.recipient, to: clinic.number, body: "STOP")
            try await world.working {
                let hasFailed = try await eventually { try await world.status() == "FAILED" }
                #expect(hasFailed)
                // Negative control: the other one goes out.
                let othersGoOut = try await eventually { try await world.status(to: "+14155550124") == "DELIVERED" }
                #expect(othersGoOut)
            }
            #expect(try await world.carrier.posts(to: Self.recipient) == 0)
            #expect(
                try await world.value(
                    "SELECT error_code FROM messages WHERE to_address = '\(Self.recipient)' AND direction = 'OUTBOUND'")
                    == "21610")
        }
    }

    /// Has a message's attempt begun, carries `change` out before its POST, and lets it go on.
    private static func beforeThePost(_ world: World, as clinic: Clinic, _ change: () async throws -> Void) async throws
    {
        // What stands between the attempt and its POST: the lease's audit row, which waits for this lock.
        let lock = Task {
            try await world.data.psql("BEGIN; LOCK TABLE audit_events; SELECT pg_sleep(600); COMMIT;")
        }
        #expect(
            try await eventually {
                try await world.value(
                    "SELECT count(*) FROM pg_locks WHERE relation = 'audit_events'::regclass AND mode = 'AccessExclusiveLock' AND granted"
                ) == "1"
            })
        _ = try await world.send(as: clinic)
        #expect(try await eventually { try await world.status() == "SENDING" })
        try await change()
        try await world.data.psql(
            """
            SELECT pg_terminate_backend(pid) FROM pg_locks
            WHERE relation = 'audit_events'::regclass AND mode = 'AccessExclusiveLock' AND granted
            """)
        _ = await lock.result
    }

    @Test func `an opt-out after the attempt was begun, before the POST, still stops it`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await Self.beforeThePost(world, as: clinic) {
                try await world.data.psql("UPDATE contacts SET opted_out_at = now()")
            }
            #expect(try await eventually { try await world.status() == "FAILED" })
            #expect(try await world.value("SELECT error_code FROM messages") == "21610")
            #expect(try await world.carrier.posts() == 0)
        }
    }

    @Test func `an opt-out of one group that stops a message there is no opt-out of the organization`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.data.psql("UPDATE phone_numbers SET sender_group = 'news'")
            try await Self.beforeThePost(world, as: clinic) {
                // As recordOptOut does, whose audit would wait for that lock.
                try await world.data.psql(
                    """
                    INSERT INTO opt_outs (org_id, contact_id, phone, sender_group, source, reason)
                    SELECT org_id, id, phone, 'news', 'MANUAL', 'asked at the desk' FROM contacts
                    """)
            }
            #expect(try await eventually { try await world.status() == "FAILED" })
            #expect(try await world.value("SELECT error_code FROM messages") == "21610")
            #expect(try await world.carrier.posts() == 0)
            #expect(try await world.value("SELECT sender_group, source FROM opt_outs") == "news|MANUAL")
            #expect(try await world.value("SELECT opted_out FROM contacts") == "f")
        }
    }

    @Test func `21610 from Twilio is an opt-out here, too`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            _ = try await world.send(to: "+15005550004", as: clinic)
            #expect(try await eventually { try await world.status(to: "+15005550004") == "FAILED" })
            #expect(try await world.value("SELECT opted_out FROM contacts WHERE phone = '+15005550004'") == "t")
            #expect(try await world.send(to: "+15005550004", as: clinic).refusal == "OPTED_OUT")
            #expect(try await world.carrier.posts() == 1)
            // Negative control: another definite refusal says nothing of the kind.
            _ = try await world.send(to: "+15005550009", as: clinic)
            #expect(try await eventually { try await world.status(to: "+15005550009") == "FAILED" })
            #expect(try await world.value("SELECT opted_out FROM contacts WHERE phone = '+15005550009'") == "f")
        }
    }

    @Test func `a STOP whose webhook was lost counts when a sync finds it, unless START came after it`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeClinic()
            _ = try await world.register(clinic)
            try await world.carrier.control(
                "/messages",
                """
                {"account":"\(clinic.account.sid)","messages":[
                  {"direction":"inbound","from":"+14155550150","to":"\(clinic.number)","body":"Stop","secondsAgo":500},
                  {"direction":"inbound","from":"+14155550151","to":"\(clinic.number)","body":"STOP","secondsAgo":500},
                  {"direction":"inbound","from":"+14155550151","to":"\(clinic.number)","body":"start","secondsAgo":400},
                  {"direction":"inbound","from":"+14155550152","to":"\(clinic.number)","body":"START","secondsAgo":500},
                  {"direction":"inbound","from":"+14155550152","to":"\(clinic.number)","body":"Stop","secondsAgo":400},
                  {"direction":"inbound","from":"+14155550153","to":"\(clinic.number)","body":"Stop by?","secondsAgo":400}]}
                """)
            #expect(try await world.sync(clinic) == "COMPLETED")
            #expect(
                try await world.value(
                    """
                    SELECT string_agg(phone || ' ' || opted_out, ',' ORDER BY phone) FROM contacts
                    WHERE phone BETWEEN '+14155550150' AND '+14155550153'
                    """)
                    == "+14155550150 true,+14155550151 false,+14155550152 true,+14155550153 false")
            #expect(try await world.send(to: "+14155550150", as: clinic).refusal == "OPTED_OUT")
            // What the contact said here since then stands.
            try await world.data.psql(
                """
                UPDATE contacts SET opted_out_at = NULL WHERE phone = '+14155550150';
                DELETE FROM message_status_events;
                DELETE FROM message_sids WHERE message_id IN (SELECT id FROM messages WHERE body = 'START');
                DELETE FROM messages WHERE body = 'START';
                """)
            #expect(try await world.sync(clinic) == "COMPLETED")
            #expect(try await world.value("SELECT opted_out FROM contacts WHERE phone = '+14155550150'") == "f")
            #expect(try await world.value("SELECT opted_out FROM contacts WHERE phone = '+14155550152'") == "t")
        }
    }
}
