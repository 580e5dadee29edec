import Credentials
import GraphQL
import OrderedCollections
import QueryEngine
import TestSupport
import TestWorld
import Testing
import Twilio
import TwilioSandbox

@Suite struct RetentionTests {
    static let contact = "+14155550123"

    /// A clinic with a message out and one with a picture in, both forty days old.
    static func clinicWithAPast(_ world: World, account: Int = 0) async throws -> Clinic {
        let clinic = try await world.makeTextingClinic(account)
        try await world.syncWithHooks(clinic)
        try await world.data.psql("DELETE FROM message_sids; DELETE FROM message_status_events; DELETE FROM messages")
        _ = try await world.send("Your result is ready", as: clinic)
        try await world.carrier.control(
            "/inbound", #"{"from":"\#(contact)","to":"\#(clinic.number)","body":"Thanks","numMedia":1}"#)
        let isComplete = try await eventually {
            let delivered = try await world.status(to: contact)
            let stored = try await world.count("message_media", where: "state = 'STORED'")
            return delivered == "DELIVERED" && stored == 1
        }
        #expect(isComplete)
        try await world.data.psql("UPDATE messages SET created_at = created_at - interval '40 days'")
        return clinic
    }

    /// What Twilio has of the messages with the contact.
    static func bodiesAtCarrier(_ world: World) async throws -> [String] {
        let list = try await world.carrier.control("/messages?to=%2B14155550123")
        return list["messages"]?.arrayValue?.compactMap { $0["body"]?.stringValue } ?? []
    }

    static func keep(days: JSONValue, as clinic: Clinic, in world: World) async throws -> JSONValue {
        try await world.mutate("updateSettings", ["retentionDays": days], "settings { retentionDays }", as: clinic)
    }

    @Test func `what is older goes here and at Twilio, files too, and the figures stay`() async throws {
        try await withWorld { world in
            let clinic = try await Self.clinicWithAPast(world)
            _ = try await world.send("A new one", to: "+14155550124", as: clinic)
            let isDelivered = try await eventually { try await world.status(to: "+14155550124") == "DELIVERED" }
            #expect(isDelivered)
            let statistics =
                "{ messageStatistics { messages delivered segments } usage(from: \"2020-01-01T00:00:00Z\", to: \"2100-01-01T00:00:00Z\", by: YEAR) { messages } }"
            let before = try await world.ask(statistics, as: clinic.caller)
            // Forty days are kept: nothing goes.
            #expect(try await Self.keep(days: 41, as: clinic, in: world)["settings"] == ["retentionDays": 41])
            try await world.hurry("message.redact")
            #expect(try await world.count("messages", where: "redacted_at IS NOT NULL") == 0)
            _ = try await Self.keep(days: 30, as: clinic, in: world)
            try await world.hurry("message.redact")
            let isDone = try await eventually {
                try await world.count("messages", where: "carrier_redaction = 'DONE'") == 2
            }
            #expect(isDone)
            #expect(try await world.count("messages", where: "redacted_at IS NOT NULL AND body = ''") == 2)
            #expect(try await world.count("messages", where: "body = 'A new one'") == 1)
            #expect(try await Self.bodiesAtCarrier(world) == [""])
            #expect(try await world.count("media_contents") == 0)
            let media = try await MediaTests.media(of: clinic, in: world)
            #expect(media.map { $0["state"] } == ["REMOVED"])
            let id = try #require(media.first?["id"])
            #expect(try await MediaTests.link(id, as: clinic, in: world).refusal == "NOT_KEPT")
            #expect(try await world.ask(statistics, as: clinic.caller) == before)
            #expect(try await world.count("audit_events", where: "action = 'message.redact'") == 1)
        }
    }

    @Test func `a run that is broken off goes on where it was`() async throws {
        try await withWorld { world in
            let clinic = try await Self.clinicWithAPast(world)
            await world.carrier.stop()
            _ = try await Self.keep(days: 30, as: clinic, in: world)
            let isHere = try await eventually {
                try await world.count("messages", where: "carrier_redaction = 'PENDING'") == 2
            }
            #expect(isHere)
            #expect(try await world.count("messages", where: "body <> ''") == 0)
            try await world.carrier.start()
            let isDone = try await eventually {
                try await world.hurry("message.redact")
                return try await world.count("messages", where: "carrier_redaction = 'PENDING'") == 0
            }
            #expect(isDone)
            #expect(try await world.count("audit_events", where: "action = 'message.redact'") == 1)
        }
    }

    @Test func `files that were never told of here are taken away at Twilio too`() async throws {
        try await withWorld { world in
            let clinic = try await Self.clinicWithAPast(world)
            try await world.data.psql("DELETE FROM message_media")
            let sid = try #require(
                MessageSid(try await world.value("SELECT twilio_sid FROM messages WHERE direction = 'INBOUND'")))
            let lease = try await world.credentials.lease(
                clinic.organization, credential: try await world.credential(of: clinic), purpose: .redact)
            func files() async throws -> Int {
                var count = 0
                for try await _ in lease.client.messages.media(of: sid).list() { count += 1 }
                return count
            }
            #expect(try await files() == 1)
            _ = try await Self.keep(days: 30, as: clinic, in: world)
            let isDone = try await eventually {
                try await world.count("messages", where: "carrier_redaction = 'DONE'") == 2
            }
            #expect(isDone)
            #expect(try await files() == 0)
        }
    }

    @Test func `one message is redacted by hand, by its own organization alone, and not while it is under way`()
        async throws
    {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic(0)
            let other = try await world.makeTextingClinic(1)
            let id = try await world.send("Secret", as: clinic)["message"]?["id"] ?? .null
            func redact(_ id: JSONValue, as clinic: Clinic) async throws -> JSONValue {
                try await world.mutate(
                    "redactMessage", ["id": id], "message { body carrierRedaction }", as: clinic)
            }
            #expect(try await redact(id, as: clinic).refusal == "NOT_FINAL")
            try await world.data.psql("UPDATE messages SET status = 'FAILED'")
            let foreign = try await redact(id, as: other)
            #expect(foreign.refusal == "NOT_FOUND")
            #expect(try await redact("msg_00000000000040008000000000000000", as: other) == foreign)
            for _ in 0..<2 {
                #expect(try await redact(id, as: clinic)["message"] == ["body": "", "carrierRedaction": .null])
            }
            #expect(try await world.count("audit_events", where: "action = 'message.redact'") == 1)
            for days in [0, 3_651, -1] as [Int64] {
                #expect(try await Self.keep(days: .int(days), as: clinic, in: world).refusal == "INVALID_DAYS")
            }
        }
    }
}
