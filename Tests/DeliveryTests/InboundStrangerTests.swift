import GraphQL
import OrderedCollections
import Postgres
import TestSupport
import TestWorld
import Testing

/// Many write whom nobody knows: their contacts are made together, and then their messages are taken like those of others.
@Suite struct InboundStrangerTests {
    @Test func `what many strangers write is stored in one transaction, each with a contact of its own`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await InboundLotTests.clinic(knowing: 20, in: world)
            // One stranger writes three times, one of them the same message twice.
            let again = try await InboundLotTests.message(90, from: 30, "Again", to: clinic, in: world)
            let webhooks =
                try await InboundLotTests.greetings(0..<60, to: clinic, in: world)
                + [again, again, try await InboundLotTests.message(91, from: 30, "At last", to: clinic, in: world)]
            try await InboundLotTests.receive(webhooks, behindOneOf: clinic, in: world)

            #expect(try await world.count("messages", where: "direction = 'INBOUND' AND status = 'RECEIVED'") == 62)
            // The first, those who are known, and the strangers.
            #expect(try await InboundLotTests.transactions(world) == 3)
            #expect(try await world.count("contacts", where: "came_unasked AND name IS NULL") == 40)
            #expect(try await world.count("contacts") == 60)
            #expect(try await InboundLotTests.said(30, in: world) == ["Message 30", "Again", "At last"])
            let strays = try await world.count(
                """
                messages m JOIN contacts c ON c.id = m.contact_id JOIN conversations v ON v.contact_id = c.id
                """, where: "m.from_address <> c.phone OR m.conversation_id <> v.id")
            #expect(strays == 0)
            #expect(
                try await world.value("SELECT sum(count) FROM usage_counters WHERE metric = 'MESSAGES_INBOUND'") == "62"
            )
        }
    }

    @Test func `a stranger's STOP stands where it was said`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await InboundLotTests.clinic(knowing: 10, ["keywordReplies": "NEVER"], in: world)
            var webhooks = try await InboundLotTests.greetings(0..<30, to: clinic, in: world)
            for (number, body) in [(40, "STOP"), (41, "And never again")] {
                webhooks.append(try await InboundLotTests.message(number, from: 20, body, to: clinic, in: world))
            }
            try await InboundLotTests.receive(webhooks, behindOneOf: clinic, in: world)
            #expect(try await InboundLotTests.said(20, in: world) == ["Message 20", "STOP", "And never again"])
            #expect(
                try await world.value("SELECT phone FROM contacts WHERE opted_out") == InboundLotTests.phone(20))
            #expect(try await world.count("messages") == 32)
        }
    }

    @Test func `with guidance each stranger is answered`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await InboundLotTests.clinic(
                knowing: 10, ["guidance": true, "unknownSenderReply": "Who are you?"], in: world)
            let webhooks = try await InboundLotTests.greetings(0..<20, to: clinic, in: world)
            try await InboundLotTests.receive(webhooks, behindOneOf: clinic, in: world)
            #expect(try await world.count("messages", where: "auto_response AND body = 'Who are you?'") == 10)
            #expect(try await world.count("contacts", where: "came_unasked") == 10)
        }
    }

    @Test func `nobody waits for a contact that somebody else is making`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await InboundLotTests.clinic(knowing: 10, in: world)
            let webhooks = try await InboundLotTests.greetings(0..<20, to: clinic, in: world)
            let received = try await world.database.withTenant(clinic.organization) { transaction in
                _ = try await transaction.execute(
                    Statement("INSERT INTO contacts (org_id, phone, name) VALUES ($1, $2, 'Ann')"),
                    [.organization(clinic.organization), .text(InboundLotTests.phone(15))])
                let received = Task { try await world.receive(webhooks) }
                let othersAreIn = try await eventually { try await world.count("messages") == 19 }
                #expect(othersAreIn)
                #expect(try await InboundLotTests.said(15, in: world) == [])
                return received
            }
            try await received.value
            #expect(try await InboundLotTests.said(15, in: world) == ["Message 15"])
            #expect(
                try await world.value("SELECT name FROM contacts WHERE phone = '\(InboundLotTests.phone(15))'") == "Ann"
            )
            #expect(try await world.count("contacts") == 20)
        }
    }
}
