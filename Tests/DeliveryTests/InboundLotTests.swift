import Credentials
import Foundation
import GraphQL
import OrderedCollections
import Postgres
import TestSupport
import TestWorld
import Testing
import TwilioSandbox

/// Many messages that come in at once are written down in few transactions; what is not as expected is looked at alone, and
/// nothing that holds for one message holds less for many.
@Suite struct InboundLotTests {
    /// A clinic that knows the first so many of ``phone(_:)`` by name.
    static func clinic(
        knowing count: Int, _ settings: OrderedDictionary<String, JSONValue> = [:], in world: World
    ) async throws -> Clinic {
        let clinic = try await world.makeTextingClinic()
        if !settings.isEmpty {
            let changed = try await world.mutate("updateSettings", .object(settings), "settings { id }", as: clinic)
            #expect(changed.refusal == nil)
        }
        try await world.data.psql(
            (0..<count).map {
                "INSERT INTO contacts (org_id, phone, name) VALUES ('\(clinic.organization)', '\(phone($0))', 'N\($0)');"
            }.joined())
        return clinic
    }

    static func phone(_ index: Int) -> String { BulkTests.phone(index) }

    /// A message from the phone `index`, its SID made of `number`.
    static func message(
        _ number: Int, from index: Int, _ body: String, _ more: [(String, String)] = [], to clinic: Clinic,
        in world: World
    ) async throws -> SignedWebhook {
        let digits = String(number, radix: 16)
        return SignedWebhook(
            world.hooks.inbound(try await world.hook(of: clinic)),
            [
                ("AccountSid", clinic.account.sid),
                ("MessageSid", "SM" + String(repeating: "0", count: 32 - digits.count) + digits),
                ("From", phone(index)), ("To", clinic.number), ("Body", body),
            ] + more, token: clinic.account.authToken)
    }

    /// One of each of the phones in `range`, that says "Message" and its index.
    static func greetings(
        _ range: Range<Int>, to clinic: Clinic, in world: World
    ) async throws -> [SignedWebhook] {
        var webhooks: [SignedWebhook] = []
        for index in range {
            webhooks.append(try await message(index, from: index, "Message \(index)", to: clinic, in: world))
        }
        return webhooks
    }

    private struct TakenBack: Error {}

    /// The first comes alone, and is held up at its receipt until all others have come, in their order: they are one set.
    static func receive(
        _ webhooks: [SignedWebhook], behindOneOf clinic: Clinic, in world: World
    ) async throws {
        let key = "inbound/\(webhooks[0].parameters[1].1)"
        let isHeld = AsyncStream.makeStream(of: Void.self)
        let isReleased = AsyncStream.makeStream(of: Void.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    try await world.database.withTenant(clinic.organization) { transaction in
                        defer { isHeld.continuation.finish() }
                        _ = try await transaction.execute(
                            Statement("INSERT INTO webhook_receipts (org_id, signed_key) VALUES ($1, $2)"),
                            [.organization(clinic.organization), .text(key)])
                        isHeld.continuation.finish()
                        for await _ in isReleased.stream {}
                        throw TakenBack()
                    }
                } catch is TakenBack {}
            }
            for await _ in isHeld.stream {}
            group.addTask { try await world.receive([webhooks[0]]) }
            let isWaiting = try await eventually { try await world.lockWaiters() == 1 }
            #expect(isWaiting)
            try await world.receive(Array(webhooks.dropFirst())) { isReleased.continuation.finish() }
            try await group.waitForAll()
        }
    }

    /// Transactions in which messages were received.
    static func transactions(_ world: World) async throws -> Int {
        Int(
            try await world.value(
                "SELECT count(DISTINCT xmin::text) FROM message_status_events WHERE status = 'RECEIVED'")) ?? -1
    }

    private static func lines(_ world: World, _ sql: String) async throws -> [String] {
        try await world.value(sql).split(separator: "\n").map(String.init)
    }

    /// What a phone has written, in the order of its conversation.
    static func said(_ index: Int, in world: World) async throws -> [String] {
        try await lines(
            world,
            "SELECT body FROM messages WHERE from_address = '\(phone(index))' ORDER BY created_at, id")
    }

    @Test func `what comes while one is written down is stored in one transaction, each in its conversation`()
        async throws
    {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await Self.clinic(knowing: 60, in: world)
            // One contact is known by a further number only.
            try await world.data.psql(
                """
                INSERT INTO contact_phones (org_id, phone, contact_id)
                SELECT org_id, '\(Self.phone(60))', id FROM contacts WHERE phone = '\(Self.phone(0))'
                """)
            let webhooks = try await Self.greetings(0..<61, to: clinic, in: world)
            try await Self.receive(webhooks, behindOneOf: clinic, in: world)

            #expect(try await Self.transactions(world) == 2)
            #expect(try await world.count("messages", where: "direction = 'INBOUND' AND status = 'RECEIVED'") == 61)
            let strays = try await world.count(
                """
                messages m JOIN conversations v ON v.id = m.conversation_id JOIN contacts c ON c.id = v.contact_id
                LEFT JOIN contact_phones p ON p.contact_id = c.id
                JOIN phone_numbers n ON n.id = v.phone_number_id
                """,
                where: """
                    m.contact_id <> c.id OR m.from_address NOT IN (c.phone, coalesce(p.phone, c.phone))
                      OR m.phone_number_id <> n.id OR n.number <> m.to_address OR m.body NOT LIKE 'Message%'
                    """)
            #expect(strays == 0)
            #expect(try await world.count("conversations", where: "phone_number_id IS NULL") == 0)
            #expect(
                try await Self.lines(world, "SELECT unread_count, count(*) FROM conversations GROUP BY 1 ORDER BY 1")
                    == ["1|59", "2|1"])
            #expect(try await world.count("contacts") == 60)
            #expect(
                try await world.value("SELECT sum(count) FROM usage_counters WHERE metric = 'MESSAGES_INBOUND'") == "61"
            )
            #expect(
                try await world.count("message_status_events", where: "status = 'RECEIVED' AND source = 'WEBHOOK'")
                    == 61)
            #expect(
                try await world.value(
                    "SELECT count(DISTINCT subject_id) FROM changes WHERE kind = 'message'") == "61")
            #expect(
                try await world.value(
                    "SELECT count(DISTINCT subject_id) FROM changes WHERE kind = 'conversation'") == "60")

            // All of them once more, at once, and over the wire.
            try await world.receive(webhooks)
            for webhook in webhooks.prefix(3) { #expect(try await webhook.post(in: world) == 204) }
            #expect(try await world.count("messages") == 61)
            #expect(try await world.value("SELECT sum(unread_count) FROM conversations") == "61")
            #expect(
                try await world.value("SELECT sum(count) FROM usage_counters WHERE metric = 'MESSAGES_INBOUND'") == "61"
            )
        }
    }

    @Test func `one that comes three times in a moment is one message`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await Self.clinic(knowing: 20, in: world)
            let webhooks = try await Self.greetings(0..<20, to: clinic, in: world)
            try await Self.receive(webhooks.flatMap { [$0, $0] } + webhooks, behindOneOf: clinic, in: world)
            #expect(try await Self.transactions(world) == 2)
            #expect(try await world.count("messages") == 20)
            #expect(
                try await Self.lines(world, "SELECT unread_count, count(*) FROM conversations GROUP BY 1") == ["1|20"])
            #expect(try await world.count("message_status_events") == 20)
            #expect(
                try await world.value("SELECT sum(count) FROM usage_counters WHERE metric = 'MESSAGES_INBOUND'") == "20"
            )
        }
    }

    @Test func `what somebody writes in a moment keeps its order`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await Self.clinic(knowing: 9, in: world)
            var webhooks = [try await Self.message(99, from: 8, "First of all", to: clinic, in: world)]
            for part in 0..<6 {
                for index in 0..<8 {
                    // The last but one of some has to be looked at alone: what comes after it comes after it.
                    let body = part == 4 && index < 4 ? "HELP" : "Part \(part)"
                    webhooks.append(
                        try await Self.message(part * 8 + index, from: index, body, to: clinic, in: world))
                }
            }
            try await Self.receive(webhooks, behindOneOf: clinic, in: world)
            for index in 0..<8 {
                let said = try await Self.said(index, in: world)
                #expect(said.prefix(4) == ["Part 0", "Part 1", "Part 2", "Part 3"])
                #expect(said[4...] == [index < 4 ? "HELP" : "Part 4", "Part 5"])
            }
            // One for the first, one for the set, and two for each of those.
            #expect(try await Self.transactions(world) == 10)
            #expect(
                try await Self.lines(
                    world, "SELECT unread_count, count(*) FROM conversations GROUP BY 1 ORDER BY 1")
                    == ["1|1", "6|8"])
        }
    }

    @Test func `STOP is heard among many, and confirmed once`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await Self.clinic(
                knowing: 40, ["keywordReplies": "ALWAYS", "stopWords": ["basta"], "optOutReply": "Bye"], in: world)
            var webhooks = try await Self.greetings(0..<40, to: clinic, in: world)
            for (place, body) in [(5, "STOP"), (17, "Basta!"), (31, "please stop texting me")] {
                webhooks[place] = try await Self.message(place, from: place, body, to: clinic, in: world)
            }
            // What only the carrier took for a keyword.
            webhooks[22] = try await Self.message(
                22, from: 22, "Arrêt", [("OptOutType", "STOP")], to: clinic, in: world)
            try await Self.receive(webhooks + webhooks, behindOneOf: clinic, in: world)
            let stopped = [5, 17, 22, 31].map(Self.phone)
            #expect(try await Self.lines(world, "SELECT phone FROM contacts WHERE opted_out ORDER BY phone") == stopped)
            #expect(
                try await Self.lines(world, "SELECT phone FROM opt_outs WHERE ended_at IS NULL ORDER BY phone")
                    == stopped)
            #expect(
                try await Self.lines(
                    world, "SELECT to_address || ' ' || body FROM messages WHERE auto_response ORDER BY to_address")
                    == stopped.map { "\($0) Bye" })
            #expect(try await world.count("messages", where: "direction = 'INBOUND'") == 40)
            #expect(try await Self.transactions(world) == 6)
        }
    }

    @Test func `among many, each gets what it would get alone`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await Self.clinic(
                knowing: 30,
                [
                    "guidance": true, "unknownSenderReply": "Who are you?", "optedOutReply": "You opted out",
                    "helpReply": "We help", "mediaReply": "No such files", "keywordReplies": "ALWAYS",
                ], in: world)
            func set(_ change: String, _ index: Int) async throws {
                try await world.data.psql("UPDATE contacts SET \(change) WHERE phone = '\(Self.phone(index))'")
            }
            var webhooks = try await Self.greetings(0..<34, to: clinic, in: world)
            // Opted out; a keyword; files, one of them of a kind that is kept; one who came unasked; 30 and 31 are not known.
            try await set("opted_out_at = now()", 3)
            webhooks[7] = try await Self.message(7, from: 7, "help", to: clinic, in: world)
            let file = [
                ("NumMedia", "1"), ("MediaUrl0", "https://api.twilio.com/ME\(String(repeating: "a", count: 32))"),
            ]
            webhooks[11] = try await Self.message(
                11, from: 11, "", file + [("MediaContentType0", "image/png")], to: clinic, in: world)
            webhooks[12] = try await Self.message(
                12, from: 12, "", file + [("MediaContentType0", "text/html")], to: clinic, in: world)
            try await set("name = NULL, came_unasked = true", 15)
            // Two without a phone.
            webhooks[32].parameters[2].1 = "72345"
            webhooks[33].parameters[2].1 = "ACME Bank"
            try await Self.receive(webhooks, behindOneOf: clinic, in: world)
            #expect(
                try await Self.lines(
                    world, "SELECT to_address || ' ' || body FROM messages WHERE auto_response ORDER BY to_address")
                    == [
                        "\(Self.phone(3)) You opted out", "\(Self.phone(7)) We help",
                        "\(Self.phone(12)) No such files", "\(Self.phone(15)) Who are you?",
                        "\(Self.phone(30)) Who are you?", "\(Self.phone(31)) Who are you?",
                    ])
            #expect(
                try await Self.lines(
                    world, "SELECT phone FROM contacts WHERE came_unasked ORDER BY phone")
                    == [15, 30, 31].map(Self.phone))
            #expect(try await world.count("message_media") == 2)
            #expect(try await world.count("messages", where: "direction = 'INBOUND'") == 34)
            #expect(try await world.count("messages", where: "contact_id IS NULL AND conversation_id IS NULL") == 2)
            #expect(try await world.count("conversations", where: "unread_count = 1") == 32)
            #expect(
                try await world.value("SELECT sum(count) FROM usage_counters WHERE metric = 'MESSAGES_INBOUND'") == "34"
            )
            // One for the first, one for the set; nine are looked at alone.
            #expect(try await Self.transactions(world) == 11)
        }
    }

    @Test func `whose opt-out is about one group of numbers is told so only there`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await Self.clinic(
                knowing: 10, ["guidance": true, "optOutScope": "SENDER_GROUP", "optedOutReply": "You opted out"],
                in: world)
            let other = clinic.account.numbers[1].phoneNumber
            try await world.data.psql(
                """
                UPDATE phone_numbers SET sender_group = CASE number WHEN '\(other)' THEN 'news' ELSE 'care' END;
                INSERT INTO opt_outs (org_id, contact_id, phone, sender_group, source)
                  SELECT org_id, id, phone, 'news', 'MANUAL' FROM contacts WHERE phone = '\(Self.phone(4))';
                """)
            var webhooks = try await Self.greetings(0..<10, to: clinic, in: world)
            try await world.receive(webhooks)
            #expect(try await world.count("messages", where: "auto_response") == 0)
            #expect(try await Self.transactions(world) <= 4)
            for index in webhooks.indices {
                webhooks[index] = try await Self.message(100 + index, from: index, "Hello", to: clinic, in: world)
                webhooks[index].parameters[3].1 = other
            }
            try await world.receive(webhooks)
            #expect(
                try await Self.lines(world, "SELECT to_address FROM messages WHERE auto_response") == [Self.phone(4)])
            // Whom they wrote to last is whom they know.
            #expect(
                try await world.value(
                    """
                    SELECT count(*) FROM conversations v JOIN phone_numbers n ON n.id = v.phone_number_id
                    WHERE n.number = '\(other)'
                    """) == "10")
        }
    }

    @Test func `what a sync has found already is no second message, and counts for nothing`() async throws {
        try await withWorld { world in
            let clinic = try await Self.clinic(knowing: 10, in: world)
            #expect(try await world.sync(clinic) == "COMPLETED")
            let known = try await world.value("SELECT twilio_sid FROM messages WHERE body = 'Thank you'")
            var webhooks = try await Self.greetings(0..<10, to: clinic, in: world)
            webhooks[6].parameters[1].1 = known
            webhooks[6].parameters[2].1 = "+14155550180"
            webhooks[6].parameters[4].1 = "Thank you"
            try await world.receive(webhooks)
            #expect(try await world.count("messages", where: "body = 'Thank you'") == 1)
            #expect(try await world.count("messages", where: "body LIKE 'Message%'") == 9)
            #expect(try await world.count("message_status_events", where: "source = 'WEBHOOK'") == 9)
            #expect(
                try await world.value("SELECT sum(count) FROM usage_counters WHERE metric = 'MESSAGES_INBOUND'") == "9")
        }
    }
}
