import Credentials
import Foundation
import GraphQL
import OrderedCollections
import Postgres
import TestSupport
import TestWorld
import Testing
import TwilioSandbox

/// What a set of messages that come in leaves over goes one by one, in lines: those of a contact in their order, and only a few
/// of an organization at a time, so that it holds nobody else up.
@Suite struct InboundLineTests {
    /// Contacts can be locked, but not made: whoever is looked at alone waits before they have their contact.
    private static let closed = Statement("LOCK TABLE contacts IN SHARE MODE")

    @Test func `of two wishes in a moment the later one holds`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await InboundLotTests.clinic(knowing: 31, in: world)
            try await world.data.psql(
                "UPDATE contacts SET opted_out_at = now() WHERE phone > '\(InboundLotTests.phone(14))'")
            func wishes(_ index: Int) -> [String] { index % 2 == 0 ? ["START", "STOP"] : ["STOP", "START"] }
            var webhooks = [try await InboundLotTests.message(99, from: 30, "First of all", to: clinic, in: world)]
            for index in 0..<30 {
                for (part, wish) in wishes(index).enumerated() {
                    webhooks.append(
                        try await InboundLotTests.message(index + 30 * part, from: index, wish, to: clinic, in: world))
                }
            }
            webhooks.append(try await InboundLotTests.message(98, from: 30, "Last of all", to: clinic, in: world))
            // Whoever may go on then, goes on at the same moment.
            let receiving = try await world.database.withTenant(clinic.organization) { transaction in
                _ = try await transaction.execute(Self.closed)
                let receiving = Task { [webhooks] in try await world.receive(webhooks) }
                let areWaiting = try await eventually { try await world.lockWaiters() >= 4 }
                #expect(areWaiting)
                return receiving
            }
            try await receiving.value
            for index in 0..<30 {
                let isOptedOut = try await world.value(
                    "SELECT opted_out FROM contacts WHERE phone = '\(InboundLotTests.phone(index))'")
                #expect(isOptedOut == (index % 2 == 0 ? "t" : "f"), "\(index)")
                #expect(try await InboundLotTests.said(index, in: world) == wishes(index))
            }
        }
    }

    @Test func `what comes in later does not overtake what is still looked at alone`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await InboundLotTests.clinic(knowing: 2, in: world)
            let stop = try await InboundLotTests.message(0, from: 0, "STOP", to: clinic, in: world)
            let later = [
                try await InboundLotTests.message(1, from: 0, "Thanks", to: clinic, in: world),
                try await InboundLotTests.message(2, from: 1, "Hello", to: clinic, in: world),
            ]
            let receiving = try await world.database.withTenant(clinic.organization) { transaction in
                _ = try await transaction.execute(Self.closed)
                let stopping = Task { try await world.receive([stop]) }
                let isWaiting = try await eventually { try await world.lockWaiters() == 1 }
                #expect(isWaiting)
                let receiving = Task { try await world.receive(later) }
                let othersAreIn = try await eventually { try await InboundLotTests.said(1, in: world) == ["Hello"] }
                #expect(othersAreIn)
                #expect(try await InboundLotTests.said(0, in: world) == [])
                return [stopping, receiving]
            }
            for task in receiving { try await task.value }
            #expect(try await InboundLotTests.said(0, in: world) == ["STOP", "Thanks"])
        }
    }

    @Test func `many that have to be looked at alone leave room for others`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await InboundLotTests.clinic(
                knowing: 21, ["guidance": true, "optedOutReply": "You opted out"], in: world)
            try await world.data.psql(
                "UPDATE contacts SET opted_out_at = now() WHERE phone <> '\(InboundLotTests.phone(20))'")
            let webhooks = try await InboundLotTests.greetings(0..<21, to: clinic, in: world)
            let receiving = try await world.database.withTenant(clinic.organization) { transaction in
                _ = try await transaction.execute(Self.closed)
                let receiving = Task { try await world.receive(webhooks) }
                let othersAreIn = try await eventually {
                    try await InboundLotTests.said(20, in: world) == ["Message 20"]
                }
                #expect(othersAreIn)
                let areWaiting = try await eventually { try await world.lockWaiters() >= 4 }
                #expect(areWaiting)
                let answer = try await world.ask("{ contacts(first: 30) { nodes { id } } }", as: clinic.caller)
                #expect(answer["data"]?["contacts"]?["nodes"]?.arrayValue?.count == 21)
                #expect(try await world.lockWaiters() == 4)
                return receiving
            }
            try await receiving.value
            #expect(try await world.count("messages", where: "direction = 'INBOUND'") == 21)
            #expect(try await world.count("messages", where: "auto_response") == 20)
        }
    }

    /// `$2` is a phone.
    private static let holding: [String: Statement] = [
        "contact": Statement("SELECT id FROM contacts WHERE org_id = $1 AND phone = $2 FOR NO KEY UPDATE"),
        "conversation": Statement(
            """
            SELECT id FROM conversations
            WHERE org_id = $1 AND contact_id = (SELECT id FROM contacts WHERE org_id = $1 AND phone = $2)
            FOR NO KEY UPDATE
            """),
    ]

    @Test(arguments: ["contact", "conversation"])
    func `nobody waits for what somebody else holds`(what: String) async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await InboundLotTests.clinic(knowing: 20, in: world)
            try await world.data.psql(
                """
                INSERT INTO conversations (org_id, contact_id, last_message_at)
                SELECT org_id, id, now() FROM contacts WHERE phone IN ('\(InboundLotTests.phone(3))', '\(InboundLotTests.phone(9))')
                """)
            let webhooks = try await InboundLotTests.greetings(0..<20, to: clinic, in: world)
            let more = try await InboundLotTests.message(20, from: 3, "And more", to: clinic, in: world)
            let received = try await world.database.withTenant(clinic.organization) { transaction in
                let held = try await transaction.execute(
                    try #require(Self.holding[what]),
                    [.organization(clinic.organization), .text(InboundLotTests.phone(9))])
                #expect(held.count == 1)
                let received = Task { try await world.receive(webhooks) }
                let othersAreIn = try await eventually { try await world.count("messages") == 19 }
                #expect(othersAreIn)
                #expect(try await InboundLotTests.said(9, in: world) == [])
                // Nor does what comes later wait for it.
                #expect(try await more.post(in: world) == 204)
                #expect(try await InboundLotTests.said(3, in: world) == ["Message 3", "And more"])
                return received
            }
            try await received.value
            #expect(try await InboundLotTests.said(9, in: world) == ["Message 9"])
            #expect(try await world.count("conversations", where: "unread_count = 1") == 19)
        }
    }
}
