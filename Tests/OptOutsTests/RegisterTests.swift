import GraphQL
import OrderedCollections
import QueryEngine
import TestSupport
import TestWorld
import Testing
import TwilioSandbox

@Suite struct RegisterTests {
    static let recipient = "+14155550123"

    /// A clinic whose numbers call us for what comes in.
    static func reachableClinic(_ world: World) async throws -> Clinic {
        let clinic = try await world.makeTextingClinic()
        try await world.syncWithHooks(clinic)
        return clinic
    }

    static func settings(_ input: JSONValue, of clinic: Clinic, in world: World) async throws {
        let changed = try await world.mutate("updateSettings", input, "settings { id }", as: clinic)
        #expect(changed.refusal == nil, "\(changed)")
    }

    static func register(_ selection: String, of clinic: Clinic, in world: World) async throws -> JSONValue? {
        try await world.ask("{ optOuts { nodes { \(selection) } } }", as: clinic.caller)["data"]?["optOuts"]?["nodes"]
    }

    @Test func `an opt-out is in the register with its source, words and message, and START ends it`() async throws {
        try await withWorld { world in
            let clinic = try await Self.reachableClinic(world)
            for _ in 0..<2 {
                _ = try await world.carrier.inbound(from: Self.recipient, to: clinic.number, body: "Stop texting me!")
            }
            let selection = "phone source wording state senderGroup endSource message { body } contact { optedOut }"
            let entry: OrderedDictionary<String, JSONValue> = [
                "phone": .string(Self.recipient), "source": "WORDING", "wording": "Stop texting me!", "state": "OPEN",
                "senderGroup": .null, "endSource": .null, "message": ["body": "Stop texting me!"],
                "contact": ["optedOut": true],
            ]
            #expect(try await Self.register(selection, of: clinic, in: world) == [.object(entry)])
            _ = try await world.carrier.inbound(from: Self.recipient, to: clinic.number, body: "START")
            var ended = entry
            ended["state"] = "ENDED"
            ended["endSource"] = "KEYWORD"
            ended["contact"] = ["optedOut": false]
            #expect(try await Self.register(selection, of: clinic, in: world) == [.object(ended)])
            _ = try await world.carrier.inbound(from: Self.recipient, to: clinic.number, body: "STOP")
            let statistics = try await world.ask(
                """
                { optOutStatistics(groupBy: [SOURCE]) { source optOuts ended byRecipient byHand } }
                """, as: clinic.caller)
            #expect(
                statistics["data"]?["optOutStatistics"] == [
                    ["source": "KEYWORD", "optOuts": 1, "ended": 0, "byRecipient": 1, "byHand": 0],
                    ["source": "WORDING", "optOuts": 1, "ended": 1, "byRecipient": 1, "byHand": 0],
                ])
            let month = try await world.ask(
                """
                { optOutStatistics(filter: {createdAfter: "2020-01-01T00:00:00Z", createdBefore: "2020-01-31T00:00:00Z"}) { optOuts } }
                """, as: clinic.caller)
            #expect(month["data"]?["optOutStatistics"] == [["optOuts": 0]])
        }
    }

    @Test func `one confirmation goes out, though its recipient has opted out, and nothing else does`() async throws {
        try await withWorld { world in
            let clinic = try await Self.reachableClinic(world)
            try await Self.settings(
                ["stopWords": ["basta"], "optOutReply": "No more from {organization}."], of: clinic, in: world)
            for _ in 0..<3 {
                _ = try await world.carrier.inbound(from: Self.recipient, to: clinic.number, body: "Basta!")
            }
            let wentOut = try await eventually { try await world.status() == "DELIVERED" }
            #expect(wentOut)
            #expect(try await world.carrier.posts(to: Self.recipient) == 1)
            #expect(
                try await world.value(
                    "SELECT body, auto_response FROM messages WHERE direction = 'OUTBOUND' AND to_address = '\(Self.recipient)'"
                )
                    == "No more from Clinic 0.|t")
            #expect(try await world.send(as: clinic).refusal == "OPTED_OUT")
            // Negative control: without its mark, the same message is held back.
            try await world.data.psql(
                """
                DELETE FROM message_sids s USING messages m
                  WHERE m.id = s.message_id AND m.direction = 'OUTBOUND' AND m.to_address = '\(Self.recipient)';
                UPDATE messages SET answers_opt_out = false, status = 'QUEUED', twilio_sid = NULL
                  WHERE direction = 'OUTBOUND' AND to_address = '\(Self.recipient)';
                INSERT INTO jobs (org_id, kind, subject_id) SELECT org_id, 'message.send', id FROM messages
                  WHERE direction = 'OUTBOUND' AND to_address = '\(Self.recipient)';
                """)
            let isHeldBack = try await eventually { try await world.status() == "FAILED" }
            #expect(isHeldBack)
            #expect(try await world.carrier.posts(to: Self.recipient) == 1)
        }
    }

    @Test func `Twilio's own keywords are left to Twilio, unless the organization wants otherwise`() async throws {
        try await withWorld { world in
            let clinic = try await Self.reachableClinic(world)
            for body in ["HELP", "STOP", "START"] {
                _ = try await world.carrier.inbound(from: Self.recipient, to: clinic.number, body: body)
            }
            #expect(try await world.count("messages", where: "auto_response") == 0)
            try await Self.settings(["keywordReplies": "ALWAYS"], of: clinic, in: world)
            for body in ["HELP", "help", "STOP", "START"] {
                _ = try await world.carrier.inbound(from: Self.recipient, to: clinic.number, body: body)
            }
            #expect(
                try await world.value(
                    "SELECT string_agg(left(body, 8), ',' ORDER BY body) FROM messages WHERE auto_response")
                    == "This is ,You will,You will")
            try await Self.settings(["keywordReplies": "NEVER", "stopWords": ["basta"]], of: clinic, in: world)
            _ = try await world.carrier.inbound(from: Self.recipient, to: clinic.number, body: "basta")
            #expect(try await world.count("messages", where: "auto_response") == 3)
            #expect(try await world.count("opt_outs", where: "state = 'OPEN'") == 1)
        }
    }

    @Test func `an opt-out from a group of numbers leaves the others alone`() async throws {
        try await withWorld { world in
            let clinic = try await Self.reachableClinic(world)
            try await Self.settings(["optOutScope": "SENDER_GROUP"], of: clinic, in: world)
            let second = clinic.account.numbers[1].phoneNumber
            let id = JSONValue.string(
                "num_"
                    + (try await world.value("SELECT id FROM phone_numbers WHERE number = '\(second)'")).filter {
                        $0 != "-"
                    })
            let grouped = try await world.mutate(
                "setSenderGroup", ["phoneNumberIds": [id], "group": "billing"], "changed", as: clinic)
            #expect(grouped["changed"] == 1)
            _ = try await world.carrier.inbound(from: Self.recipient, to: second, body: "STOP")
            #expect(
                try await Self.register("senderGroup contact { optedOut }", of: clinic, in: world)
                    == [["senderGroup": "billing", "contact": ["optedOut": false]]])
            func send(from number: String) async throws -> JSONValue {
                try await world.mutate(
                    "sendMessage", ["to": .string(Self.recipient), "body": "Hello", "from": .string(number)],
                    "message { id }", as: clinic)
            }
            #expect(try await send(from: second).refusal == "OPTED_OUT")
            #expect(try await send(from: clinic.number).refusal == nil)
            #expect(try await eventually { try await world.status() == "DELIVERED" })
            _ = try await world.carrier.inbound(from: Self.recipient, to: second, body: "START")
            #expect(try await send(from: second).refusal == nil)
        }
    }

    @Test func `a message queued before its group was opted out of fails, and nothing reaches the carrier`()
        async throws
    {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.working { try await Self.reachableClinic(world) }
            try await Self.settings(["optOutScope": "SENDER_GROUP"], of: clinic, in: world)
            _ = try await world.send(as: clinic)
            _ = try await world.carrier.inbound(from: Self.recipient, to: clinic.number, body: "STOP")
            try await world.working {
                let hasFailed = try await eventually { try await world.status() == "FAILED" }
                #expect(hasFailed)
            }
            #expect(try await world.carrier.posts(to: Self.recipient) == 0)
        }
    }

    @Test func `a bulk makes a message for one who left its group of numbers, which fails and never goes out`()
        async throws
    {
        try await withWorld { world in
            let clinic = try await Self.reachableClinic(world)
            try await Self.settings(["optOutScope": "SENDER_GROUP"], of: clinic, in: world)
            try await world.data.psql("UPDATE phone_numbers SET segments_per_second = 0")
            let second = clinic.account.numbers[1].phoneNumber
            try await world.data.psql("UPDATE phone_numbers SET sender_group = 'billing' WHERE number = '\(second)'")
            _ = try await world.carrier.inbound(from: Self.recipient, to: second, body: "STOP")
            func send(from number: String, _ body: String) async throws {
                let taken = try await world.mutate(
                    "sendBulkMessage",
                    [
                        "body": .string(body), "from": .string(number),
                        "recipients": [["to": .string(Self.recipient)], ["to": "+14155550124"]],
                    ], "bulkMessage { id }", as: clinic)
                #expect(taken.refusal == nil, "\(taken)")
            }
            try await send(from: second, "Pay")
            let isOver = try await eventually {
                try await world.count("messages", where: "body = 'Pay' AND status IN ('FAILED', 'DELIVERED')") == 2
            }
            #expect(isOver)
            let failed = try await world.ask(
                "{ messages(filter: {status: [FAILED]}) { nodes { to errorCode errorMessage } } }", as: clinic.caller)
            #expect(
                failed["data"]?["messages"]?["nodes"] == [
                    [
                        "to": .string(Self.recipient), "errorCode": 21610,
                        "errorMessage":
                            "This person asked not to be texted. They can text START to one of your numbers to be reached again.",
                    ]
                ])
            #expect(try await world.carrier.posts(to: Self.recipient) == 0)
            #expect(try await world.carrier.posts(to: "+14155550124") == 1)
            // Negative control: from a number of another group both get it.
            try await send(from: clinic.number, "Hello")
            let isSaid = try await eventually {
                try await world.count("messages", where: "body = 'Hello' AND status = 'DELIVERED'") == 2
            }
            #expect(isSaid)
            #expect(try await world.carrier.posts(to: Self.recipient) == 1)
        }
    }

    @Test func `an entry by hand holds, is audited, and ends by hand`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic(0)
            let other = try await world.makeTextingClinic(1)
            let input: JSONValue = ["phone": .string(Self.recipient), "reason": "Said so at the desk"]
            let made = try await world.mutate("recordOptOut", input, "optOut { id source reason }", as: clinic)
            #expect(made["optOut"]?["source"] == "MANUAL")
            let id = made["optOut"]?["id"] ?? .null
            #expect(try await world.mutate("recordOptOut", input, "optOut { id }", as: clinic)["optOut"]?["id"] == id)
            #expect(try await world.send(as: clinic).refusal == "OPTED_OUT")
            // Another organization may text them, and has no such entry.
            #expect(try await world.send(as: other).refusal == nil)
            for stranger in [id, "opt_00000000000040008000000000000000", "con_1"] {
                #expect(
                    try await world.mutate("endOptOut", ["id": stranger, "reason": "x"], "optOut { id }", as: other)
                        .refusal == "NOT_FOUND")
            }
            let ended = try await world.mutate(
                "endOptOut", ["id": id, "reason": "Signed the form"], "optOut { state endReason contact { optedOut } }",
                as: clinic)
            #expect(
                ended["optOut"]
                    == ["state": "ENDED", "endReason": "Signed the form", "contact": ["optedOut": false]])
            #expect(
                try await world.mutate("endOptOut", ["id": id, "reason": "x"], "optOut { id }", as: clinic).refusal
                    == "ALREADY_ENDED")
            #expect(try await world.send(as: clinic).refusal == nil)
            #expect(
                try await world.value(
                    "SELECT string_agg(action, ',' ORDER BY occurred_at) FROM audit_events WHERE subject_kind = 'OPT_OUT'"
                )
                    == "opt_out.record,opt_out.end")
            for (input, code) in [
                (["phone": "4155550123", "reason": "x"], "INVALID_PHONE"),
                (["phone": .string(Self.recipient), "reason": " "], "INVALID_REASON"),
                (["phone": .string(Self.recipient), "reason": "x", "senderGroup": "none"], "UNKNOWN_GROUP"),
            ] as [(JSONValue, String)] {
                #expect(try await world.mutate("recordOptOut", input, "optOut { id }", as: clinic).refusal == code)
            }
        }
    }

    @Test func `one whom Twilio holds for opted out is so here as well`() async throws {
        try await withWorld { world in
            // Its numbers do not call us, so the carrier alone hears the STOP.
            let clinic = try await world.makeTextingClinic()
            _ = try await world.carrier.inbound(from: Self.recipient, to: clinic.number, body: "STOP")
            #expect(try await world.send(as: clinic).refusal == nil)
            #expect(try await eventually { try await world.status() == "FAILED" })
            #expect(try await eventually { try await world.count("opt_outs") == 1 })
            #expect(
                try await Self.register("source contact { optedOut }", of: clinic, in: world)
                    == [["source": "CARRIER", "contact": ["optedOut": true]]])
            #expect(try await world.send(as: clinic).refusal == "OPTED_OUT")
        }
    }

    @Test(
        arguments: [
            (["optOutReply": ""], "INVALID_TEXT"),
            (["helpReply": .string(String(repeating: "x", count: 1_001))], "INVALID_TEXT"),
            (["stopWords": ["!"]], "INVALID_WORDS"), (["helpWords": ["a\nb"]], "INVALID_WORDS"),
            (["startWords": ["\u{0}a"]], "INVALID_WORDS"), (["defaultCountry": "USA"], "INVALID_COUNTRY"),
        ] as [(JSONValue, String)])
    func `a setting that does not serve is refused with its field`(input: JSONValue, code: String) async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let refused = try await world.mutate("updateSettings", input, "settings { id }", as: clinic)
            #expect(refused.refusal == code)
            #expect(
                refused["userErrors"]?.arrayValue?.first?["field"]
                    == .array(input.objectValue?.keys.map { .string($0) } ?? []))
        }
    }
}
