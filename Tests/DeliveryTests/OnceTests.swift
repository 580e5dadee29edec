import Curl
import GraphQL
import TestWorld
import Testing
import TwilioSandbox

/// However the carrier misbehaves: one message, once.
@Suite struct OnceTests {
    static let recipient = "+14155550123"

    @Test func `a message goes all the way, each step once`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            let payload = try await world.send(as: clinic)
            #expect(payload["message"]?["status"] == "QUEUED")
            #expect(try await eventually { try await world.status() == "DELIVERED" })
            let history = try await world.history()
            #expect(history.first == "QUEUED" && history.dropFirst().first == "SENDING" && history.last == "DELIVERED")
            #expect(Set(history).count == history.count)
            #expect(try await world.carrier.posts() == 1)
            #expect(try await eventually { try await world.count("jobs", where: "kind <> 'message.reconcile'") == 0 })
            #expect(try await world.count("message_checks") == 0, "what has come to its end is not asked for")
        }
    }

    @Test func `nothing sent, since nobody listened: tried again, and created once`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            await world.carrier.stop()
            _ = try await world.send(as: clinic)
            #expect(try await eventually { try await world.count("message_attempts", where: "state = 'NOT_SENT'") > 0 })
            #expect(try await eventually { try await world.status() == "QUEUED" })
            try await world.carrier.start()
            try await world.hurry("message.send")
            #expect(try await eventually { try await world.status() == "DELIVERED" })
            #expect(try await world.carrier.posts() == 1)
            #expect(try await world.carrier.messages(to: Self.recipient) == 1)
        }
    }

    @Test func `too many requests: tried again not before Twilio says, and created once`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.carrier.misbehave(
                #"{"do":"status","status":429,"retryAfter":60,"times":1,"match":{"method":"POST","path":"/Messages"}}"#)
            _ = try await world.send(as: clinic)
            #expect(
                try await eventually { try await world.count("message_attempts", where: "state = 'NOT_SENT'") == 1 })
            #expect(
                try await eventually {
                    try await world.count("jobs", where: "state = 'AVAILABLE' AND run_at > now() + interval '50 s'")
                        == 1
                })
            #expect(try await world.status() == "QUEUED")
            try await world.hurry("message.send")
            #expect(try await eventually { try await world.status() == "DELIVERED" })
            #expect(try await world.carrier.posts() == 2)
            #expect(try await world.carrier.messages(to: Self.recipient) == 1)
        }
    }

    @Test(arguments: [
        ("+15005550001", 21_211), ("+15005550009", 21_614), ("+15005550004", 21_610),
    ])
    func `a definite refusal fails with Twilio's code and what to do`(recipient: String, code: Int) async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            _ = try await world.send(to: recipient, as: clinic)
            #expect(try await eventually { try await world.status(to: recipient) == "FAILED" })
            #expect(try await world.value("SELECT error_code FROM messages") == "\(code)")
            #expect(try await world.value("SELECT error_message FROM messages").hasSuffix("."))
            #expect(try await world.value("SELECT state FROM message_attempts") == "FAILED")
            #expect(try await world.carrier.posts() == 1)
        }
    }

    @Test func `a credential that Twilio refuses fails the message and becomes invalid, and nothing more goes out`()
        async throws
    {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.carrier.control(
                "/accounts/\(clinic.account.sid)", #"{"authToken":"\#(String(repeating: "0", count: 32))"}"#)
            _ = try await world.send(as: clinic)
            #expect(try await eventually { try await world.status() == "FAILED" })
            #expect(try await eventually { try await world.value("SELECT status FROM credentials") == "INVALID" })
            #expect(try await world.send(to: "+14155550124", as: clinic).refusal == "CREDENTIAL_INVALID")
            #expect(try await world.carrier.posts() == 1)
        }
    }

    /// A carrier that kills reused connections, and forty messages that keep them reused.
    static func sendThroughKiller(_ world: World) async throws -> [String] {
        let clinic = try await world.makeTextingClinic()
        try await world.carrier.misbehave(#"{"do":"kill_reused","match":{"method":"POST","path":"/Messages"}}"#)
        let recipients = (0..<8).map { "+1415555010\($0)" }
        for recipient in recipients {
            _ = try await world.send(to: recipient, as: clinic)
            let settled = try await eventually {
                ["IN_DOUBT", "SENT", "DELIVERED"].contains(try await world.status(to: recipient))
            }
            #expect(settled)
        }
        return recipients
    }

    @Test func `a carrier that kills reused connections gets no message twice`() async throws {
        try await withWorld { world in
            let recipients = try await Self.sendThroughKiller(world)
            for recipient in recipients {
                #expect(try await world.carrier.posts(to: recipient) == 1)
                #expect(try await world.carrier.messages(to: recipient) <= 1)
            }
            #expect(try await world.count("messages", where: "status = 'IN_DOUBT'") > 0, "no connection was reused")
        }
    }

    @Test func `negative control: with the transport's guard off, it gets one twice`() async throws {
        var transport = TransportConfiguration()
        transport.dangerouslyLetsRequestsRepeat = true
        try await withWorld(WorldOptions(transport: transport)) { world in
            let recipients = try await Self.sendThroughKiller(world)
            var twice = 0
            for recipient in recipients where try await world.carrier.posts(to: recipient) == 2 { twice += 1 }
            #expect(twice > 0)
        }
    }
}
