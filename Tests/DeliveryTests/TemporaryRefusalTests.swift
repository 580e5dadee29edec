import Credentials
import GraphQL
import TestSupport
import TestWorld
import Testing
import TwilioSandbox

/// What Twilio refuses for the moment waits, and does not wait for ever.
@Suite struct TemporaryRefusalTests {
    static let recipient = "+14155550123"

    static func refusal(status: Int, code: Int, times: Int = 1) -> String {
        #"{"do":"status","status":\#(status),"code":\#(code),"times":\#(times),"match":{"method":"POST","path":"/Messages"}}"#
    }

    @Test(arguments: [(429, 21_611), (400, 21_611), (429, 20_429), (429, 63_038)])
    func `a refusal that will pass puts the message off, and it goes out once`(status: Int, code: Int) async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.carrier.misbehave(Self.refusal(status: status, code: code))
            _ = try await world.send(as: clinic)
            #expect(
                try await eventually { try await world.count("message_attempts", where: "state = 'NOT_SENT'") == 1 })
            #expect(try await eventually { try await world.status() == "QUEUED" })
            try await world.hurry("message.send")
            #expect(try await eventually { try await world.status() == "DELIVERED" })
            #expect(try await world.carrier.posts() == 2)
            #expect(try await world.carrier.messages(to: Self.recipient) == 1)
        }
    }

    @Test func `what never passes ends with the message's validity, and says so`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.carrier.misbehave(Self.refusal(status: 429, code: 21_611, times: 100))
            let payload = try await world.mutate(
                "sendMessage",
                ["to": .string(Self.recipient), "body": "Hello", "from": .string(clinic.number), "validFor": 600],
                "message { status }", as: clinic)
            #expect(payload.refusal == nil)
            #expect(
                try await eventually { try await world.count("message_attempts", where: "state = 'NOT_SENT'") == 1 })
            try await world.data.psql("UPDATE messages SET expires_at = now() - interval '1 second'")
            try await world.hurry("message.send")
            #expect(try await eventually { try await world.status() == "FAILED" })
            #expect(try await world.value("SELECT error_code FROM messages") == "30036")
            let message = try await world.value("SELECT error_message FROM messages")
            #expect(message.contains("validity") && message.contains("too many messages waiting"))
            #expect(try await world.carrier.posts() == 1)
            #expect(try await eventually { try await world.count("jobs", where: "kind = 'message.send'") == 0 })
        }
    }

    @Test func `Twilio is told how long the message is of use`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            _ = try await world.mutate(
                "sendMessage",
                ["to": .string(Self.recipient), "body": "Hello", "from": .string(clinic.number), "validFor": 600],
                "message { status }", as: clinic)
            #expect(try await eventually { try await world.status() == "DELIVERED" })
            let requests = try await world.carrier.control("/requests?method=POST&path=/Messages")
            let given = requests["requests"]?.arrayValue?.first?["parameters"]?["ValidityPeriod"]
            #expect(given == "600" || given == ["600"])
        }
    }

    @Test(arguments: [0, -1, 36_001])
    func `a validity that Twilio does not take is refused, and names its field`(seconds: Int) async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            let payload = try await world.mutate(
                "sendMessage",
                [
                    "to": .string(Self.recipient), "body": "Hello", "from": .string(clinic.number),
                    "validFor": .int(Int64(seconds)),
                ],
                "message { status }", as: clinic)
            #expect(payload.refusal == "INVALID_VALIDITY")
            #expect(payload["userErrors"]?.arrayValue?.first?["field"] == ["validFor"])
            #expect(try await world.count("messages") == 0)
        }
    }

    /// A callback of the first attempt, as Twilio would make it.
    private static func report(
        _ status: String, _ code: String?, of sid: String, _ clinic: Clinic, _ world: World
    ) async throws -> Int {
        let nonce = try await world.value("SELECT nonce FROM message_attempts ORDER BY number LIMIT 1")
        let url = world.hooks.status(try await world.hook(of: clinic), attempt: nonce)
        var parameters = [("AccountSid", clinic.account.sid), ("MessageSid", sid), ("MessageStatus", status)]
        if let code { parameters.append(("ErrorCode", code)) }
        return try await SignedWebhook(url, parameters, token: clinic.account.authToken).post(in: world)
    }

    /// Twilio took it, and its queue ran over before anything went out.
    @Test func `30001 in a callback sends the message once more, and its late callbacks do not count for the next`()
        async throws
    {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.carrier.misbehave(#"{"do":"no_callbacks","times":2}"#)
            _ = try await world.send(as: clinic)
            #expect(try await eventually { try await world.status() == "ACCEPTED" })
            let sid = try await world.carrier.sid(to: Self.recipient)
            func report(_ status: String, _ code: String? = nil) async throws -> Int {
                try await Self.report(status, code, of: sid, clinic, world)
            }
            #expect(try await report("failed", "30001") == 204)
            #expect(try await world.status() == "QUEUED")
            #expect(try await world.value("SELECT twilio_sid IS NULL FROM messages") == "t")
            #expect(try await world.count("jobs", where: "kind = 'message.send' AND run_at > now()") == 1)
            // Late and twice: nothing that it says is about the next attempt.
            #expect(try await report("failed", "30001") == 204)
            #expect(try await report("sent") == 204)
            #expect(try await world.status() == "QUEUED")

            try await world.hurry("message.send")
            #expect(try await eventually { try await world.status() == "DELIVERED" })
            #expect(try await world.carrier.posts() == 2)
            #expect(try await world.value("SELECT twilio_sid FROM messages") != sid)
            #expect(
                try await world.value("SELECT string_agg(state, ',' ORDER BY number) FROM message_attempts")
                    == "FAILED,ACCEPTED")
        }
    }

    /// The callback overtakes the answer, and so does the next attempt, where the first worker has lost its lease.
    @Test func `30001 before the answer to the POST sends once more, and the answer does not undo it`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            func latency(_ milliseconds: Int) async throws {
                try await world.carrier.misbehave(
                    """
                    {"do": "latency", "milliseconds": \(milliseconds), "times": 1,
                     "match": {"method": "POST", "path": "/Messages"}}
                    """)
            }
            let clinic = try await world.makeTextingClinic()
            try await world.carrier.misbehave(#"{"do":"no_callbacks"}"#)
            try await latency(2500)
            _ = try await world.send(as: clinic)
            try await world.working {
                #expect(try await eventually { try await world.carrier.messages(to: Self.recipient) == 1 })
                let sid = try await world.carrier.sid(to: Self.recipient)
                #expect(try await Self.report("failed", "30001", of: sid, clinic, world) == 204)
                #expect(try await world.status() == "QUEUED")
                try await latency(5000)
                try await world.data.psql(
                    """
                    UPDATE jobs SET state = 'AVAILABLE', lease_owner = NULL, lease_until = NULL
                    WHERE kind = 'message.send'
                    """)
                try await world.working {
                    try await world.hurry("message.send")
                    #expect(try await eventually { try await world.carrier.posts() == 2 })
                    #expect(try await world.status() == "SENDING")
                    // The first answer comes while the second attempt is under way.
                    #expect(try await eventually { try await world.status() == "ACCEPTED" })
                }
                #expect(try await world.value("SELECT twilio_sid FROM messages") != sid)
                #expect(
                    try await world.value("SELECT string_agg(state, ',' ORDER BY number) FROM message_attempts")
                        == "FAILED,ACCEPTED")
            }
        }
    }

    @Test func `30001 after the message's validity is the end`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.carrier.misbehave(#"{"do":"no_callbacks"}"#)
            _ = try await world.send(as: clinic)
            #expect(try await eventually { try await world.status() == "ACCEPTED" })
            try await world.data.psql("UPDATE messages SET expires_at = now() - interval '1 second'")
            let sid = try await world.carrier.sid(to: Self.recipient)
            #expect(try await Self.report("failed", "30001", of: sid, clinic, world) == 204)
            #expect(try await eventually { try await world.status() == "FAILED" })
            #expect(try await world.value("SELECT error_code FROM messages") == "30001")
        }
    }
}
