import Foundation
import GraphQL
import OrderedCollections
import QueryEngine
import TestSupport
import TestWorld
import Testing
import TwilioSandbox

/// One text to many.
@Suite struct BulkTests {
    static let selection =
        "bulkMessage { id state total pending refused created canceled progress { messages delivered queued failed canceled } }"

    static func phone(_ index: Int) -> String { "+1500555" + String(format: "%04d", (index + 5_000) % 10_000) }

    static func recipients(_ range: Range<Int>) -> JSONValue {
        .array(range.map { ["to": .string(phone($0)), "variables": ["day": .string("day \($0)")]] })
    }

    static func send(
        _ world: World, _ recipients: JSONValue, _ more: [String: JSONValue] = [:], as clinic: Clinic
    ) async throws -> JSONValue {
        var members = JSONValue.object(["body": "See you on {day}.", "recipients": recipients]).objectValue ?? [:]
        for (name, value) in more { members[name] = value }
        return try await world.mutate("sendBulkMessage", .object(members), selection, as: clinic)
    }

    /// A clinic whose numbers have no limit.
    static func fastClinic(_ world: World) async throws -> Clinic {
        let clinic = try await world.makeTextingClinic()
        try await world.data.psql("UPDATE phone_numbers SET segments_per_second = 0")
        return clinic
    }

    static func bulk(_ world: World, as clinic: Clinic) async throws -> JSONValue? {
        try await world.ask(
            "{ bulkMessages { nodes { \(selection.dropFirst("bulkMessage {".count).dropLast(1)) } } }",
            as: clinic.caller
        )["data"]?["bulkMessages"]?["nodes"]?.arrayValue?.first
    }

    @Test func `each gets the text with its own variables, from every number, once`() async throws {
        try await withWorld { world in
            let clinic = try await Self.fastClinic(world)
            let payload = try await Self.send(world, Self.recipients(0..<60), as: clinic)
            #expect(payload["bulkMessage"]?["total"] == 60)
            #expect(payload["bulkMessage"]?["state"] == "RUNNING")
            #expect(try await eventually { try await world.count("messages", where: "status = 'DELIVERED'") == 60 })
            #expect(
                try await world.value("SELECT body FROM messages WHERE to_address = '\(Self.phone(7))'")
                    == "See you on day 7.")
            #expect(try await world.carrier.posts() == 60)
            #expect(
                try await world.value(
                    "SELECT string_agg(c::text, ',') FROM (SELECT count(*) AS c FROM messages GROUP BY from_address) s")
                    == "30,30")
            #expect(try await world.value("SELECT sum(count) FROM usage_counters") == "60")
            #expect(try await eventually { try await Self.bulk(world, as: clinic)?["state"] == "COMPLETED" })
            let bulk = try await Self.bulk(world, as: clinic)
            #expect(bulk?["progress"] == ["messages": 60, "delivered": 60, "queued": 0, "failed": 0, "canceled": 0])
            #expect(bulk?["pending"] == 0)
            #expect(try await eventually { try await world.count("jobs", where: "kind = 'message.bulk'") == 0 })
        }
    }

    @Test func `a template goes out with each recipient's values, in the version of then`() async throws {
        try await withWorld { world in
            let clinic = try await Self.fastClinic(world)
            let made = try await world.mutate(
                "createTemplate",
                [
                    "name": "Reminder", "body": "{name}: {day} at {time}, {{room}}.",
                    "variables": [["name": "time", "type": "TIME", "defaultValue": "09:30"]],
                ], "template { id }", as: clinic)
            let template = try #require(made["template"]?["id"])
            let lacking = try await Self.send(
                world, [["to": .string(Self.phone(0))]], ["body": .null, "templateId": template], as: clinic)
            #expect(lacking.refusal == "MISSING_VARIABLE")
            let both = try await Self.send(world, Self.recipients(0..<1), ["templateId": template], as: clinic)
            #expect(both.refusal == "BODY_AND_TEMPLATE")
            let unknown = try await Self.send(
                world, Self.recipients(0..<1), ["body": .null, "templateId": "tpl_none"], as: clinic)
            #expect(unknown.refusal == "UNKNOWN_TEMPLATE")
            let payload = try await Self.send(
                world,
                [
                    ["to": .string(Self.phone(1)), "variables": ["name": "Ann", "day": "Monday", "more": "x"]],
                    ["to": .string(Self.phone(2)), "variables": ["name": "Bo", "day": 7, "time": "14:00"]],
                    ["to": .string(Self.phone(3)), "variables": ["name": "Cy", "day": "Friday", "time": "25:00"]],
                    ["to": .string(Self.phone(4)), "variables": ["day": "Friday"]],
                ], ["body": .null, "templateId": template], as: clinic)
            #expect(payload.refusal == nil)
            #expect(try await eventually { try await Self.bulk(world, as: clinic)?["state"] == "COMPLETED" })
            let changed = try await world.mutate(
                "updateTemplate", ["id": template, "body": "No more"], "template { id }", as: clinic)
            #expect(changed.refusal == nil)
            let answer = try await world.ask(
                """
                { templates { nodes { usage { messages } } } bulkMessages { nodes { body template { name } templateVersion { number }
                  recipients { nodes { errorCode message { body template { name } templateVersion { number } } } } } } }
                """, as: clinic.caller)["data"]
            let bulk = answer?["bulkMessages"]?["nodes"]?.arrayValue?.first
            #expect(bulk?["body"] == "{name}: {day} at {time}, {{room}}.")
            #expect(bulk?["template"] == ["name": "Reminder"])
            #expect(bulk?["templateVersion"] == ["number": 1])
            let recipients = bulk?["recipients"]?["nodes"]?.arrayValue ?? []
            #expect(
                recipients.map { $0["errorCode"]?.stringValue ?? "" }
                    == ["", "", "INVALID_VARIABLE", "MISSING_VARIABLE"])
            #expect(
                recipients.compactMap { $0["message"]?["body"]?.stringValue }
                    == ["Ann: Monday at 09:30, {room}.", "Bo: 7 at 14:00, {room}."])
            #expect(recipients.first?["message"]?["templateVersion"] == ["number": 1])
            #expect(answer?["templates"]?["nodes"]?.arrayValue?.first?["usage"] == ["messages": 2])
        }
    }

    @Test func `a tag picks recipients, and a number that was merged is its contact's`() async throws {
        try await withWorld { world in
            let clinic = try await Self.fastClinic(world)
            func contact(_ index: Int, _ tags: [JSONValue]) async throws -> JSONValue {
                let made = try await world.mutate(
                    "createContact", ["phone": .string(Self.phone(index)), "name": "Ann", "tags": .array(tags)],
                    "contact { id }", as: clinic)
                return try #require(made["contact"]?["id"])
            }
            let kept = try await contact(1, ["vip"])
            let gone = try await contact(2, [])
            _ = try await contact(3, [])
            let merged = try await world.mutate(
                "mergeContacts", ["from": gone, "into": kept], "contact { id }", as: clinic)
            #expect(merged.refusal == nil)
            let tagged = try await Self.send(
                world, .null, ["recipients": .null, "filter": ["tag": "vip"], "body": "Hi {name}"], as: clinic)
            #expect(tagged["bulkMessage"]?["total"] == 1)
            #expect(try await eventually { try await world.status(to: Self.phone(1)) == "DELIVERED" })
            // Both numbers of one contact, in one chunk.
            _ = try await Self.send(
                world, [["to": .string(Self.phone(1))], ["to": .string(Self.phone(2))]], ["body": "To {name}"],
                as: clinic)
            #expect(try await eventually { try await world.status(to: Self.phone(2)) == "DELIVERED" })
            #expect(try await world.count("contacts") == 2)
            #expect(try await world.count("messages", where: "body = 'To Ann'") == 2)
            #expect(try await world.value("SELECT count(DISTINCT conversation_id) FROM messages") == "1")
        }
    }

    @Test func `who cannot be texted is refused alone, each with a reason`() async throws {
        try await withWorld { world in
            let clinic = try await Self.fastClinic(world)
            try await world.data.psql(
                """
                INSERT INTO contacts (org_id, phone, name, opted_out_at) VALUES
                  ('\(clinic.organization)', '\(Self.phone(1))', 'Ann', now()),
                  ('\(clinic.organization)', '\(Self.phone(2))', 'Ben', NULL)
                """)
            let ben = try await world.value("SELECT id FROM contacts WHERE name = 'Ben'")
            let id = OpaqueID.encode(UUID(uuidString: ben) ?? UUID(), prefix: "con")
            let long = String(repeating: "x", count: 1_600)
            let payload = try await Self.send(
                world,
                [
                    ["to": .string(Self.phone(1)), "variables": ["day": "Monday"]],
                    ["contactId": .string(id), "variables": ["day": "Tuesday"]],
                    ["to": .string(Self.phone(2)), "variables": ["day": "Tuesday"]],
                    ["to": "555-0103", "variables": ["day": "Friday"]], ["to": .string(Self.phone(4))],
                    ["contactId": "con_nothing", "variables": ["day": "Friday"]],
                    ["to": .string(Self.phone(5)), "variables": ["day": .string(long), "name": "Eve"]],
                    ["to": .string(Self.phone(6)), "variables": "Friday"],
                ],
                ["body": "{name}, see you on {day}."], as: clinic)
            #expect(payload.refusal == nil)
            #expect(try await eventually { try await world.status(to: Self.phone(2)) == "DELIVERED" })
            #expect(try await eventually { try await Self.bulk(world, as: clinic)?["state"] == "COMPLETED" })
            let answer = try await world.ask(
                "{ bulkMessages { nodes { refused recipients { nodes { position state errorCode errorMessage message { body } } } } } }",
                as: clinic.caller)
            let bulk = answer["data"]?["bulkMessages"]?["nodes"]?.arrayValue?.first
            let codes = bulk?["recipients"]?["nodes"]?.arrayValue?.map { $0["errorCode"]?.stringValue ?? "" }
            #expect(
                codes == [
                    "OPTED_OUT", "", "DUPLICATE_RECIPIENT", "INVALID_PHONE", "MISSING_VARIABLE", "NOT_FOUND",
                    "BODY_TOO_LONG", "INVALID_VARIABLES",
                ])
            #expect(bulk?["refused"] == 7)
            #expect(bulk?["recipients"]?["nodes"]?.arrayValue?[1]["message"] == ["body": "Ben, see you on Tuesday."])
            let reasons =
                bulk?["recipients"]?["nodes"]?.arrayValue?.compactMap { $0["errorMessage"]?.stringValue } ?? []
            #expect(reasons.count == 7 && reasons.allSatisfy { $0.hasSuffix(".") })
            #expect(try await world.carrier.posts() == 1)
        }
    }

    @Test(
        arguments: [
            (["recipients": []], "INVALID_RECIPIENTS"), (["recipients": .null], "INVALID_RECIPIENTS"),
            (["recipients": [["to": "+14155550100"]]], "MISSING_VARIABLE"),
            (["body": ""], "INVALID_BODY"), (["variables": "x"], "INVALID_VARIABLES"),
            (["from": "+12125550199"], "SENDER_NOT_OWNED"), (["at": ScheduleTests.at(-60)], "TIME_IN_PAST"),
            (["filter": ["phoneStartsWith": "+49"], "recipients": .null, "body": "Hi"], "INVALID_RECIPIENTS"),
            (["filter": ["phoneStartsWith": "+1"]], "INVALID_RECIPIENTS"), (["validFor": 0], "INVALID_VALIDITY"),
        ] as [([String: JSONValue], String)])
    func `a bulk that cannot be is refused as a whole, and leaves nothing`(
        _ more: [String: JSONValue], _ code: String
    ) async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await Self.fastClinic(world)
            let payload = try await Self.send(world, Self.recipients(0..<2), more, as: clinic)
            #expect(payload.refusal == code)
            #expect(payload["userErrors"]?.arrayValue?.first?["field"] != .null)
            for table in ["bulk_messages", "bulk_recipients", "messages", "jobs"] {
                #expect(try await world.count(table) == 0)
            }
        }
    }

    @Test func `ten thousand are taken in one mutation, and a filter takes all that pass it`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await Self.fastClinic(world)
            let payload = try await Self.send(world, Self.recipients(0..<10_000), as: clinic)
            #expect(payload["bulkMessage"]?["total"] == 10_000)
            #expect(payload["bulkMessage"]?["pending"] == 10_000)
            #expect(try await Self.send(world, Self.recipients(0..<10_001), as: clinic).refusal == "INVALID_RECIPIENTS")
            try await world.data.psql(
                """
                INSERT INTO contacts (org_id, phone, name)
                SELECT '\(clinic.organization)', '+1500555' || to_char(n, 'FM0000'), CASE WHEN n % 2 = 0 THEN 'Even' ELSE 'Odd' END
                FROM generate_series(1, 1000) n
                """)
            let filtered = try await Self.send(
                world, .null, ["filter": ["nameStartsWith": "ev"], "recipients": .null, "body": "Hi {name}"], as: clinic
            )
            #expect(filtered["bulkMessage"]?["total"] == 500)
        }
    }

    @Test func `the same key answers with the same bulk`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await Self.fastClinic(world)
            let first = try await Self.send(world, Self.recipients(0..<3), ["idempotencyKey": "k"], as: clinic)
            let again = try await Self.send(world, Self.recipients(0..<3), ["idempotencyKey": "k"], as: clinic)
            #expect(first["bulkMessage"]?["id"] == again["bulkMessage"]?["id"])
            let other = try await Self.send(world, Self.recipients(0..<4), ["idempotencyKey": "k"], as: clinic)
            #expect(other.refusal == "IDEMPOTENCY_KEY_REUSED")
            #expect(try await world.count("bulk_recipients") == 3)
        }
    }

    static func control(_ world: World, _ name: String, as clinic: Clinic) async throws -> JSONValue {
        let id = try await world.value("SELECT id FROM bulk_messages")
        let type = "BulkMessageControlInput"
        let answer = try await world.ask(
            "mutation M($i: \(type)!) { \(name)(input: $i) { bulkMessage { state } userErrors { code message field } } }",
            ["i": ["id": .string(OpaqueID.encode(UUID(uuidString: id) ?? UUID(), prefix: "bulk"))]], as: clinic.caller)
        return answer["data"]?[name] ?? .null
    }

    @Test func `a slow bulk feeds no more than some seconds' worth, can be held, and goes on`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.data.psql("UPDATE phone_numbers SET segments_per_second = 2")
            try await world.carrier.misbehave(#"{"do":"no_callbacks"}"#)
            _ = try await Self.send(world, Self.recipients(0..<200), as: clinic)
            #expect(try await eventually { try await world.count("messages", where: "status = 'ACCEPTED'") > 4 })
            // Two numbers, two a second each, ten seconds' worth.
            #expect(try await world.count("messages", where: "status = 'QUEUED'") <= 40)
            #expect(try await Self.control(world, "resumeBulkMessage", as: clinic).refusal == "WRONG_STATE")
            #expect(try await Self.control(world, "pauseBulkMessage", as: clinic)["bulkMessage"]?["state"] == "PAUSED")
            // Whatever had been begun ends; nothing else begins.
            #expect(try await eventually { try await world.count("messages", where: "status = 'SENDING'") == 0 })
            let posts = try await world.carrier.posts()
            try await world.hurry("message.send")
            #expect(try await eventually { try await world.count("jobs", where: "kind = 'message.send'") == 0 })
            #expect(try await world.carrier.posts() <= posts + 1)
            try await world.data.psql(
                "UPDATE phone_numbers SET segments_per_second = 0; UPDATE sender_lanes SET slowdowns = slowdowns + 1")
            #expect(
                try await Self.control(world, "resumeBulkMessage", as: clinic)["bulkMessage"]?["state"] == "RUNNING")
            #expect(try await eventually { try await world.count("messages", where: "status = 'ACCEPTED'") == 200 })
            #expect(try await world.carrier.posts() == 200)
        }
    }

    @Test func `what is taken back never goes out, and what is out goes on`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.data.psql("UPDATE phone_numbers SET segments_per_second = 2")
            _ = try await Self.send(world, Self.recipients(0..<100), as: clinic)
            #expect(try await eventually { try await world.carrier.posts() > 2 })
            let canceled = try await Self.control(world, "cancelBulkMessage", as: clinic)
            #expect(canceled["bulkMessage"]?["state"] == "CANCELED")
            #expect(try await Self.control(world, "cancelBulkMessage", as: clinic).refusal == "WRONG_STATE")
            #expect(
                try await eventually {
                    try await world.count("messages", where: "status IN ('SENDING', 'ACCEPTED', 'SENT')") == 0
                })
            try await world.hurry("message.send")
            #expect(try await eventually { try await world.count("jobs", where: "kind = 'message.send'") == 0 })
            let bulk = try await Self.bulk(world, as: clinic)
            #expect(bulk?["state"] == "CANCELED")
            #expect(bulk?["pending"] == 0)
            let delivered = try await world.count("messages", where: "status = 'DELIVERED'")
            #expect(try await world.carrier.posts() == delivered)
            #expect(try await world.count("messages", where: "status NOT IN ('DELIVERED', 'CANCELED')") == 0)
            #expect(delivered < 100)
        }
    }

    @Test func `quiet hours hold a bulk back, by each recipient's clock`() async throws {
        try await withWorld { world in
            let clinic = try await Self.fastClinic(world)
            // Here it is quiet all day but for a minute twelve hours away; at the other side of the world as well, but for
            // one who is told to be asked at any time.
            let hour = Calendar(identifier: .gregorian).dateComponents(in: .gmt, from: Date()).hour ?? 0
            let far = { (offset: Int) in String(format: "%02d:30", (hour + offset) % 24) }
            _ = try await world.mutate(
                "updateSettings", ["quietHours": ["from": .string(far(22)), "until": .string(far(4))]],
                "settings { quietFrom }", as: clinic)
            try await world.data.psql(
                """
                INSERT INTO contacts (org_id, phone, time_zone) VALUES
                  ('\(clinic.organization)', '\(Self.phone(1))', 'Pacific/Auckland')
                """)
            _ = try await Self.send(world, Self.recipients(0..<2), as: clinic)
            #expect(try await eventually { try await world.status(to: Self.phone(1)) == "DELIVERED" })
            #expect(
                try await world.count(
                    "bulk_recipients", where: "state = 'PENDING' AND due_at > now() + interval '2 hours'") == 1)
            #expect(try await world.carrier.posts() == 1)
            _ = try await Self.send(world, Self.recipients(0..<1), ["ignoreQuietHours": true], as: clinic)
            #expect(try await eventually { try await world.status(to: Self.phone(0)) == "DELIVERED" })
        }
    }

    @Test func `watchers hear how it goes on, and of no other bulk`() async throws {
        try await withWorld { world in
            let clinic = try await Self.fastClinic(world)
            let other = try await world.makeTextingClinic(1)
            let document = "subscription { bulkMessageChanged { id state pending progress { delivered } } }"
            var events = await world.engine.subscribe(EngineRequest(document), caller: clinic.caller)
                .makeAsyncIterator()
            var others = await world.engine.subscribe(EngineRequest(document), caller: other.caller)
                .makeAsyncIterator()
            _ = try await Self.send(world, Self.recipients(0..<20), as: clinic)
            var last: JSONValue?
            var seen = 0
            while let event = await events.next() {
                last = try JSONValue(parsing: event.response.bytes)["data"]?["bulkMessageChanged"]
                seen += 1
                if last?["state"] == "COMPLETED", last?["progress"]?["delivered"] == 20 { break }
            }
            #expect(last?["pending"] == 0)
            #expect(seen > 1)
            // The first that another clinic hears is of its own.
            let own = try await Self.send(world, Self.recipients(0..<1), as: other)["bulkMessage"]?["id"]
            let heard = try await JSONValue(parsing: #require(others.next()).response.bytes)
            #expect(own != nil && heard["data"]?["bulkMessageChanged"]?["id"] == own)
        }
    }
}
