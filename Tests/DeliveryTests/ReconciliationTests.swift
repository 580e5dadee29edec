import Credentials
import GraphQL
import TestSupport
import TestWorld
import Testing
import TwilioSandbox

/// Callbacks that were lost, and messages that came in by two ways.
@Suite struct ReconciliationTests {
    static let recipient = "+14155550123"
    static let silence = #"{"do":"no_callbacks"}"#

    @Test func `a message whose callbacks were lost is asked for by its SID, and comes to its end`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.carrier.misbehave(Self.silence)
            _ = try await world.send(as: clinic)
            #expect(try await eventually { try await world.status() == "ACCEPTED" })
            // Negative control: nobody asks before it is overdue.
            try await world.hurry("message.reconcile")
            #expect(try await eventually { try await world.count("jobs", where: "run_at > now()") == 1 })
            #expect(try await world.status() == "ACCEPTED")

            try await world.hurryReconciliation()
            #expect(try await eventually { try await world.status() == "DELIVERED" })
            #expect(
                try await world.value("SELECT source FROM message_status_events WHERE status = 'DELIVERED'")
                    == "RECONCILIATION")
            #expect(try await world.count("message_checks") == 0)
            #expect(try await world.carrier.posts() == 1)
            // Nothing is left to watch: the job goes.
            try await world.hurry("message.reconcile")
            #expect(try await eventually { try await world.count("jobs") == 0 })
        }
    }

    @Test func `a message that the carrier is not done with is asked for again, less and less often`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.carrier.misbehave(Self.silence)
            try await world.carrier.control(
                "/accounts/\(clinic.account.sid)", #"{"limits":{"isPaced":true,"queueSeconds":36000}}"#)
            try await world.data.psql("UPDATE phone_numbers SET segments_per_second = 0")
            // The carrier paces: the third waits two seconds for its turn there.
            for index in 0..<3 { _ = try await world.send(to: "+1415555011\(index)", as: clinic) }
            #expect(try await eventually { try await world.count("messages", where: "status = 'ACCEPTED'") == 3 })
            try await world.hurryReconciliation()
            #expect(
                try await eventually {
                    try await world.count("message_checks", where: "checks = 1 AND check_at > now() + interval '3 min'")
                        > 0
                })
            #expect(try await world.carrier.posts() == 3)
        }
    }

    @Test func `a revoked credential is not asked with any more`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.carrier.misbehave(Self.silence)
            _ = try await world.send(as: clinic)
            #expect(try await eventually { try await world.status() == "ACCEPTED" })
            try await world.revoke(clinic)
            try await world.hurryReconciliation()
            #expect(try await eventually { try await world.count("jobs") == 0 })
            #expect(try await world.status() == "ACCEPTED")
        }
    }

    @Test func `a job whose message has its SID already ends, and sends nothing`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            _ = try await world.send(as: clinic)
            let sid = "SM" + String(repeating: "7", count: 32)
            try await world.data.psql(
                """
                UPDATE messages SET twilio_sid = '\(sid)';
                INSERT INTO message_sids SELECT org_id, twilio_sid, id FROM messages;
                """)
            try await world.working {
                let isDone = try await eventually {
                    try await world.count("jobs", where: "kind = 'message.send'") == 0
                }
                #expect(isDone)
            }
            #expect(try await world.status() == "ACCEPTED")
            #expect(try await world.carrier.posts() == 0)
        }
    }

    @Test func `a sync that was faster than the answer leaves one message, with the attempt's own history`()
        async throws
    {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.carrier.misbehave(Self.silence)
            try await world.carrier.misbehave(DoubtTests.dropAfter)
            _ = try await world.send(as: clinic)
            #expect(try await eventually { try await world.status() == "IN_DOUBT" })
            // As if the sync had not known it for our own.
            let sid = try await world.carrier.sid(to: Self.recipient)
            try await world.data.psql(
                """
                INSERT INTO messages (org_id, direction, status, from_address, to_address, body, segments, twilio_sid,
                    contact_id, conversation_id, credential_id)
                  SELECT org_id, 'OUTBOUND', 'SENT', from_address, to_address, body, 1, '\(sid)', contact_id,
                    conversation_id, credential_id FROM messages;
                INSERT INTO message_sids SELECT org_id, twilio_sid, id FROM messages WHERE twilio_sid = '\(sid)';
                INSERT INTO message_status_events (org_id, message_id, status, source)
                  SELECT org_id, id, 'SENT', 'SYNC' FROM messages WHERE twilio_sid = '\(sid)';
                """)
            try await world.hurry("message.settle_doubt")
            #expect(try await eventually { try await world.status() == "DELIVERED" })
            #expect(try await world.value("SELECT twilio_sid FROM messages") == sid)
            #expect(try await world.history().first == "QUEUED")
            #expect(try await world.carrier.posts() == 1)
        }
    }
}
