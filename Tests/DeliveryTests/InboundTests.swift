import Credentials
import GraphQL
import TestWorld
import Testing
import TwilioSandbox

@Suite struct InboundTests {
    static let contact = "+14155550123"

    @Test func `an answer joins its conversation and is stored once, however often it comes`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.syncWithHooks(clinic)
            _ = try await world.send(as: clinic)
            #expect(try await eventually { try await world.status() == "DELIVERED" })
            let report = try await world.carrier.inbound(from: Self.contact, to: clinic.number, body: "See you then")
            #expect(report["webhook"]?["status"] == 204)
            let sid = report["messageSid"]?.stringValue ?? ""

            let again = SignedWebhook(
                world.hooks.inbound(try await world.hook(of: clinic)),
                [
                    ("AccountSid", clinic.account.sid), ("MessageSid", sid), ("From", Self.contact),
                    ("To", clinic.number), ("Body", "See you then"),
                ],
                token: clinic.account.authToken)
            for _ in 0..<2 { #expect(try await again.post(in: world) == 204) }

            let ours = "contact_id = (SELECT id FROM contacts WHERE phone = '\(Self.contact)')"
            #expect(try await world.count("messages", where: "direction = 'INBOUND' AND \(ours)") == 1)
            #expect(try await world.count("conversations", where: ours) == 1)
            #expect(try await world.value("SELECT unread_count FROM conversations WHERE \(ours)") == "1")
            #expect(try await world.value("SELECT count(DISTINCT conversation_id) FROM messages WHERE \(ours)") == "1")
            #expect(
                try await world.value("SELECT sum(count) FROM usage_counters WHERE metric = 'MESSAGES_INBOUND'") == "1")

            // Negative control: another SID is another message.
            var other = again
            other.parameters[1].1 = "SM" + String(repeating: "0", count: 32)
            #expect(try await other.post(in: world) == 204)
            #expect(try await world.value("SELECT unread_count FROM conversations WHERE \(ours)") == "2")
        }
    }

    @Test func `a wrong signature stores nothing, and the answer is shown to the organization alone`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic(0)
            let other = try await world.makeTextingClinic(1)
            let url = world.hooks.inbound(try await world.hook(of: clinic))
            let parameters = [
                ("AccountSid", clinic.account.sid), ("MessageSid", "SM" + String(repeating: "1", count: 32)),
                ("From", Self.contact), ("To", clinic.number), ("Body", "Hello \u{0} there"),
            ]
            #expect(try await SignedWebhook(url, parameters, token: other.account.authToken).post(in: world) == 403)
            #expect(try await world.count("messages") == 0)
            #expect(try await world.count("contacts") == 0)
            #expect(try await SignedWebhook(url, parameters, token: clinic.account.authToken).post(in: world) == 204)
            let bodies = "{ messages { nodes { body } } }"
            #expect(
                try await world.ask(bodies, as: clinic.caller)["data"]
                    == ["messages": ["nodes": [["body": "Hello \u{FFFD} there"]]]])
            #expect(try await world.ask(bodies, as: other.caller)["data"] == ["messages": ["nodes": []]])
        }
    }

    /// From, whether there is a contact, and which.
    @Test(arguments: [
        ("whatsapp:+14155550123", "+14155550123"), ("72345", ""), ("ACME Bank", ""), ("rcs:acme_agent", ""),
        ("+14155550123", "+14155550123"),
    ])
    func `a sender that is no phone is stored as it is`(from: String, contact: String) async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            let to = from.hasPrefix("whatsapp:") ? "whatsapp:" + clinic.number : clinic.number
            let webhook = SignedWebhook(
                world.hooks.inbound(try await world.hook(of: clinic)),
                [
                    ("AccountSid", clinic.account.sid), ("MessageSid", "SM" + String(repeating: "2", count: 32)),
                    ("From", from), ("To", to), ("Body", "Your code is 1234"),
                ],
                token: clinic.account.authToken)
            #expect(try await webhook.post(in: world) == 204)
            let document = """
                { messages { nodes { from to contact { phone } phoneNumber { number } conversation { unreadCount } } } }
                """
            let answer = try await world.ask(document, as: clinic.caller)
            let message = answer["data"]?["messages"]?["nodes"]?.arrayValue?.first
            #expect(message?["from"] == .string(from))
            #expect(message?["to"] == .string(to))
            #expect(message?["contact"] == (contact.isEmpty ? .null : ["phone": .string(contact)]))
            #expect(message?["conversation"] == (contact.isEmpty ? .null : ["unreadCount": 1]))
            #expect(message?["phoneNumber"] == ["number": .string(clinic.number)])
        }
    }

    @Test func `an inbound message without a sender is refused`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            let webhook = SignedWebhook(
                world.hooks.inbound(try await world.hook(of: clinic)),
                [
                    ("AccountSid", clinic.account.sid), ("MessageSid", "SM" + String(repeating: "2", count: 32)),
                    ("From", ""), ("To", clinic.number), ("Body", "Hello"),
                ],
                token: clinic.account.authToken)
            #expect(try await webhook.post(in: world) == 403)
            #expect(try await world.count("messages") == 0)
        }
    }
}
