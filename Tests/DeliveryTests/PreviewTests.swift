import GraphQL
import OrderedCollections
import TestWorld
import Testing

/// What a text will be before it is sent.
@Suite struct PreviewTests {
    static func preview(_ world: World, _ input: JSONValue, as clinic: Clinic) async throws -> JSONValue? {
        try await world.ask(
            """
            query P($i: MessagePreviewInput!) { messagePreview(input: $i) { body encoding units unitsPerSegment segments
              missingVariables price { amount currency } totalPrice { amount currency } problems { code field } } }
            """, ["i": input], as: clinic.caller)["data"]?["messagePreview"]
    }

    @Test(arguments: [
        (String(repeating: "a", count: 160), "GSM_7", 1, 160), (String(repeating: "a", count: 161), "GSM_7", 2, 153),
        (String(repeating: "ç", count: 71), "UCS_2", 2, 67), ("Hello 😀", "UCS_2", 1, 70),
    ])
    func `it is cut as Twilio cuts it`(body: String, encoding: String, segments: Int, each: Int) async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            let preview = try await Self.preview(world, ["body": .string(body)], as: clinic)
            #expect(preview?["encoding"] == .string(encoding))
            #expect(preview?["segments"] == .int(Int64(segments)))
            #expect(preview?["unitsPerSegment"] == .int(Int64(each)))
            #expect(preview?["price"] == .null, "nobody knows where to")
            #expect(preview?["problems"] == [])
        }
    }

    @Test func `it costs what Twilio's price list says, for each segment and recipient`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            let input: JSONValue = [
                "body": "Dear {name}, {text}",
                "variables": ["name": "Ann", "text": .string(String(repeating: "b", count: 200))],
                "to": "+14155550123", "recipients": 1_000,
            ]
            let preview = try await Self.preview(world, input, as: clinic)
            #expect(preview?["segments"] == 2)
            #expect(preview?["price"]?["currency"] == "USD")
            let price = Double(preview?["price"]?["amount"]?.stringValue ?? "") ?? 0
            let total = Double(preview?["totalPrice"]?["amount"]?.stringValue ?? "") ?? 0
            #expect(price > 0 && abs(total - price * 1_000) < 0.000_1)
            let short = try await Self.preview(world, ["body": "Dear Ann", "to": "+14155550123"], as: clinic)
            let each = Double(short?["price"]?["amount"]?.stringValue ?? "") ?? 0
            #expect(short?["segments"] == 1 && abs(price - 2 * each) < 0.000_001)
            #expect(preview?["body"]?.stringValue?.hasPrefix("Dear Ann, bbb") == true)
            #expect(try await world.count("messages") == 0)
            // An organization without an account sees the segments, and no price.
            let other = try await world.makeClinic(1)
            let unpriced = try await Self.preview(world, input, as: other)
            #expect(unpriced?["segments"] == 2 && unpriced?["price"] == .null)
        }
    }

    @Test func `a template is shown with its values and defaults, and loose braces as they are sent`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            let made = try await world.mutate(
                "createTemplate",
                [
                    "name": "Reminder", "body": "{name} at {time}",
                    "variables": [["name": "time", "type": "TIME", "defaultValue": "09:30"]],
                ], "template { id }", as: clinic)
            let template = made["template"]?["id"] ?? .null
            let shown = try await Self.preview(
                world, ["templateId": template, "variables": ["name": "Ann"]], as: clinic)
            #expect(shown?["body"] == "Ann at 09:30")
            #expect(shown?["problems"] == [])
            let lacking = try await Self.preview(world, ["templateId": template], as: clinic)
            #expect(lacking?["missingVariables"] == ["name"])
            let foreign = try await Self.preview(
                world, ["templateId": template], as: try await world.makeClinic(1))
            #expect(foreign?["problems"] == [["code": "UNKNOWN_TEMPLATE", "field": ["templateId"]]])
            let loose = try await Self.preview(world, ["body": "{ and {name}"], as: clinic)
            #expect(loose?["body"] == "{ and {name}")
            #expect(loose?["problems"] == [])
            let malformed = try await Self.preview(
                world, ["body": "{ and {name}", "variables": ["name": "Ann"]], as: clinic)
            #expect(malformed?["problems"] == [["code": "INVALID_BODY", "field": ["body"]]])
        }
    }

    @Test func `what would be refused is said beforehand`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            let lacking = try await Self.preview(
                world, ["body": "On {day}, {day}, {hour}", "to": "5550123"], as: clinic)
            #expect(lacking?["missingVariables"] == ["day", "hour"])
            #expect(
                lacking?["problems"]
                    == [
                        ["code": "INVALID_PHONE", "field": ["to"]],
                        ["code": "MISSING_VARIABLE", "field": ["variables", "day"]],
                        ["code": "MISSING_VARIABLE", "field": ["variables", "hour"]],
                    ])
            let long = try await Self.preview(
                world, ["body": .string(String(repeating: "a", count: 1_601))], as: clinic)
            #expect(long?["problems"]?.arrayValue?.first?["code"] == "BODY_TOO_LONG")
        }
    }
}
