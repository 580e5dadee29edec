import GraphQL
import OrderedCollections
import QueryEngine
import TestWorld
import Testing

@Suite struct MergeTests {
    static let one = "+14155550121"
    static let other = "+14155550122"

    static func id(of phone: String, in world: World) async throws -> JSONValue {
        .string(
            "con_" + (try await world.value("SELECT id FROM contacts WHERE phone = '\(phone)'")).filter { $0 != "-" })
    }

    @Test func `messages, conversation, tags, numbers and opt-out move, and the one is gone`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.syncWithHooks(clinic)
            for phone in [Self.one, Self.other] {
                _ = try await world.send("To \(phone)", to: phone, as: clinic)
                #expect(try await eventually { try await world.status(to: phone) == "DELIVERED" })
            }
            _ = try await world.carrier.inbound(from: Self.one, to: clinic.number, body: "Hi")
            _ = try await world.carrier.inbound(from: Self.other, to: clinic.number, body: "Hi")
            _ = try await world.carrier.inbound(from: Self.other, to: clinic.number, body: "STOP")
            let from = try await Self.id(of: Self.other, in: world)
            let into = try await Self.id(of: Self.one, in: world)
            let merged = try await world.mutate(
                "mergeContacts", ["from": from, "into": into],
                "contact { id phone otherPhones optedOut messages { totalCount } }", as: clinic)
            #expect(
                merged["contact"]
                    == [
                        "id": into, "phone": .string(Self.one), "otherPhones": [.string(Self.other)], "optedOut": true,
                        "messages": ["totalCount": 5],
                    ])
            // The one is answered as one that never existed.
            let gone = try await world.ask("query Q($i: ID!) { node(id: $i) { id } }", ["i": from], as: clinic.caller)
            #expect(gone["data"] == ["node": .null])
            #expect(
                try await world.value(
                    "SELECT unread_count FROM conversations WHERE contact_id = (SELECT id FROM contacts WHERE phone = '\(Self.one)')"
                ) == "3")
            #expect(
                try await world.value(
                    "SELECT count(DISTINCT conversation_id) FROM messages WHERE contact_id = (SELECT id FROM contacts WHERE phone = '\(Self.one)')"
                ) == "1")
            // Both numbers are refused now, and what comes from the other one joins the same conversation.
            for phone in [Self.one, Self.other] {
                #expect(try await world.send(to: phone, as: clinic).refusal == "OPTED_OUT")
            }
            _ = try await world.carrier.inbound(from: Self.other, to: clinic.number, body: "START")
            #expect(try await world.value("SELECT opted_out FROM contacts WHERE phone = '\(Self.one)'") == "f")
            #expect(try await world.count("contacts", where: "phone = '\(Self.other)'") == 0)
            _ = try await world.send("Again", to: Self.other, as: clinic)
            #expect(
                try await world.value(
                    "SELECT count(DISTINCT contact_id) FROM messages WHERE to_address IN ('\(Self.one)', '\(Self.other)') AND direction = 'OUTBOUND'"
                ) == "1")
            let again = try await world.mutate(
                "createContact", ["phone": .string(Self.other)], "contact { id }", as: clinic)
            #expect(again.refusal == "CONTACT_EXISTS")
            let found = try await world.ask(
                "query Q($p: E164!) { contacts(filter: {otherPhone: $p}) { nodes { id } } }",
                ["p": .string(Self.other)], as: clinic.caller)
            #expect(found["data"]?["contacts"]?["nodes"] == [["id": into]])
            for part in ["550121", "550122"] {
                let found = try await world.ask(
                    "query Q($p: String!) { contacts(filter: {phoneContains: $p}) { nodes { id } } }",
                    ["p": .string(part)], as: clinic.caller)
                #expect(found["data"]?["contacts"]?["nodes"] == [["id": into]], "by any of their numbers")
            }
            #expect(
                try await world.mutate("mergeContacts", ["from": into, "into": into], "contact { id }", as: clinic)
                    .refusal == "SAME_CONTACT")
        }
    }

    @Test func `a bulk by the recipient's clock goes by that of the person, whichever number it is sent to`()
        async throws
    {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            _ = try await ContactChangeTests.make(Self.one, in: world, as: clinic)
            _ = try await ContactChangeTests.make(Self.other, in: world, as: clinic)
            let from = try await Self.id(of: Self.other, in: world)
            let into = try await Self.id(of: Self.one, in: world)
            for (contact, zone) in [(into, "Asia/Tokyo"), (from, "America/New_York")] {
                let changed = try await world.mutate(
                    "updateContact", ["id": contact, "timeZone": .string(zone)], "contact { id }", as: clinic)
                #expect(changed.refusal == nil)
            }
            _ = try await world.mutate("mergeContacts", ["from": from, "into": into], "contact { id }", as: clinic)
            let day = try await world.value("SELECT to_char(now() + interval '3 days', 'YYYY-MM-DD')")
            let taken = try await world.mutate(
                "sendBulkMessage",
                [
                    "body": "Good morning", "localAt": .string("\(day)T09:00"),
                    "recipients": [["to": .string(Self.other)], ["to": "+14155550123"]],
                ], "bulkMessage { id }", as: clinic)
            #expect(taken.refusal == nil, "\(taken)")
            let due = try await world.value(
                """
                SELECT string_agg(to_char(due_at AT TIME ZONE 'UTC', 'HH24:MI'), ',' ORDER BY position)
                FROM bulk_recipients
                """)
            // Nine in Tokyo; for one who is not known, nine by the organization's clock.
            #expect(due == "00:00,09:00")
        }
    }

    @Test func `while contacts are merged to and fro, sends to their numbers never make a second contact`() async throws
    {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            _ = try await ContactChangeTests.make(Self.one, in: world, as: clinic)
            _ = try await ContactChangeTests.make(Self.other, in: world, as: clinic)
            let from = try await Self.id(of: Self.other, in: world)
            let into = try await Self.id(of: Self.one, in: world)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<12 {
                    group.addTask {
                        let sent = try await world.send("n \(index)", to: Self.other, as: clinic)
                        #expect(sent.refusal == nil, "\(sent)")
                    }
                }
                group.addTask {
                    let merged = try await world.mutate(
                        "mergeContacts", ["from": from, "into": into], "contact { id }", as: clinic)
                    #expect(merged.refusal == nil, "\(merged)")
                }
                try await group.waitForAll()
            }
            #expect(try await world.count("contacts") == 1)
            #expect(try await world.count("messages") == 12)
            #expect(try await world.count("conversations") == 1)
        }
    }
}
