import GraphQL
import OrderedCollections
import QueryEngine
import TestWorld
import Testing

@Suite struct TemplateTests {
    static let selection =
        "template { id name category kind isArchived current { number body variables { name type defaultValue } } versions { number } }"

    static func make(_ input: JSONValue, as clinic: Clinic, in world: World) async throws -> JSONValue {
        try await world.mutate("createTemplate", input, selection, as: clinic)
    }

    static func send(
        _ template: JSONValue, _ variables: JSONValue, key: String? = nil, as clinic: Clinic, in world: World
    ) async throws -> JSONValue {
        try await world.mutate(
            "sendMessage",
            [
                "to": "+14155550123", "templateId": template, "variables": variables,
                "idempotencyKey": key.map { .string($0) } ?? .null,
            ], "message { id body segments template { name } templateVersion { number } }", as: clinic)
    }

    @Test func `a template is made, changed by version, duplicated and put away`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let made = try await Self.make(
                [
                    "name": "Reminder", "category": "REMINDER", "body": "Hi {name}, see you on {day}.",
                    "variables": [["name": "day", "type": "DATE", "defaultValue": "2026-11-20"]],
                ], as: clinic, in: world)
            let id = made["template"]?["id"] ?? .null
            #expect(made["template"]?["kind"] == "DYNAMIC")
            #expect(
                made["template"]?["current"]
                    == [
                        "number": 1, "body": "Hi {name}, see you on {day}.",
                        "variables": [
                            ["name": "name", "type": "TEXT", "defaultValue": .null],
                            ["name": "day", "type": "DATE", "defaultValue": "2026-11-20"],
                        ],
                    ])
            #expect(
                try await Self.make(["name": "REMINDER", "body": "x"], as: clinic, in: world).refusal == "NAME_TAKEN")
            func update(_ input: OrderedDictionary<String, JSONValue>) async throws -> JSONValue {
                try await world.mutate(
                    "updateTemplate", .object(input.merging(["id": id]) { $1 }), Self.selection, as: clinic)
            }
            // A new name makes no version, a new text does and keeps what was said of its variables.
            #expect(try await update(["name": "Visit"])["template"]?["versions"] == [["number": 1]])
            let changed = try await update(["body": "On {day}"])["template"]
            #expect(changed?["versions"] == [["number": 2], ["number": 1]])
            #expect(
                changed?["current"]?["variables"]
                    == [["name": "day", "type": "DATE", "defaultValue": "2026-11-20"]])
            #expect(try await update(["body": "On {day"]).refusal == "INVALID_BODY")
            #expect(try await update(["kind": "STATIC"]).refusal == "KIND_MISMATCH")
            let copy = try await world.mutate("duplicateTemplate", ["id": id], Self.selection, as: clinic)
            #expect(copy["template"]?["name"] == "Visit (copy)")
            #expect(copy["template"]?["current"]?["body"] == "On {day}")
            let away = try await world.mutate("archiveTemplate", ["id": id], Self.selection, as: clinic)
            #expect(away["template"]?["isArchived"] == true)
            #expect(try await Self.make(["name": "visit", "body": "x"], as: clinic, in: world).refusal == nil)
            #expect(
                try await world.mutate("archiveTemplate", ["id": id, "archived": false], Self.selection, as: clinic)
                    .refusal == "NAME_TAKEN")
            let inUse = try await world.ask(
                "{ templates(filter: {isArchived: false}, orderBy: NAME_ASC) { nodes { name } } }", as: clinic.caller)
            #expect(inUse["data"]?["templates"]?["nodes"] == [["name": "Visit (copy)"], ["name": "visit"]])
        }
    }

    @Test(
        arguments: [
            (["name": " ", "body": "x"], "INVALID_NAME"), (["name": "a", "body": " "], "INVALID_BODY"),
            (["name": "a", "body": .string(String(repeating: "x", count: 1_601))], "BODY_TOO_LONG"),
            (["name": "a", "body": "x", "kind": "DYNAMIC"], "KIND_MISMATCH"),
            (["name": "a", "body": "x", "variables": [["name": "y"]]], "UNUSED_VARIABLE"),
            (["name": "a", "body": "{y}", "variables": [["name": "y"], ["name": "y"]]], "INVALID_VARIABLE"),
            (
                ["name": "a", "body": "{y}", "variables": [["name": "y", "type": "DATE", "defaultValue": "x"]]],
                "INVALID_VARIABLE"
            ),
        ] as [(JSONValue, String)])
    func `a template that does not serve is refused`(input: JSONValue, code: String) async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            #expect(try await Self.make(input, as: clinic, in: world).refusal == code)
            #expect(try await world.count("templates") == 0)
        }
    }

    @Test func `a message is made by the version of its time, and the template counts it`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic(0)
            let other = try await world.makeTextingClinic(1)
            let made = try await Self.make(["name": "Hello", "body": "Hi {name}!"], as: clinic, in: world)
            let id = made["template"]?["id"] ?? .null
            let first = try await Self.send(id, ["name": "Ada"], key: "k", as: clinic, in: world)
            #expect(first["message"]?["body"] == "Hi Ada!")
            _ = try await world.mutate(
                "updateTemplate", ["id": id, "body": "Dear {name}!"], Self.selection, as: clinic)
            let second = try await Self.send(id, ["name": "Eve"], as: clinic, in: world)
            #expect(second["message"]?["body"] == "Dear Eve!")
            #expect(second["message"]?["templateVersion"] == ["number": 2])
            // The same key and input answer with the message as it was made; other values are other input.
            let again = try await Self.send(id, ["name": "Ada"], key: "k", as: clinic, in: world)
            #expect(again["message"] == first["message"])
            #expect(again["message"]?["templateVersion"] == ["number": 1])
            #expect(
                try await Self.send(id, ["name": "Bob"], key: "k", as: clinic, in: world).refusal
                    == "IDEMPOTENCY_KEY_REUSED")
            let isDelivered = try await eventually {
                try await world.count("messages", where: "status = 'DELIVERED'") == 2
            }
            #expect(isDelivered)
            let usage = try await world.ask(
                "{ templates { nodes { usage { messages delivered failed } } } }", as: clinic.caller)
            #expect(
                usage["data"]?["templates"]?["nodes"]
                    == [["usage": ["messages": 2, "delivered": 2, "failed": 0]]])

            for (template, variables, code, field) in [
                (id, [:], "MISSING_VARIABLE", ["variables", "name"]),
                (id, ["name": "A", "x": "B"], "UNKNOWN_VARIABLE", ["variables", "x"]),
                (id, ["a"], "INVALID_VARIABLE", ["variables"]),
                ("tpl_00000000000040008000000000000000", [:], "UNKNOWN_TEMPLATE", ["templateId"]),
                ("tpl_1", [:], "UNKNOWN_TEMPLATE", ["templateId"]),
            ] as [(JSONValue, JSONValue, String, JSONValue)] {
                let refused = try await Self.send(template, variables, as: clinic, in: world)
                #expect(refused.refusal == code)
                #expect(refused["userErrors"]?.arrayValue?.first?["field"] == field)
            }
            // Another organization's template is one that does not exist, and so is one that was put away.
            #expect(try await Self.send(id, ["name": "A"], as: other, in: world).refusal == "UNKNOWN_TEMPLATE")
            _ = try await world.mutate("archiveTemplate", ["id": id], Self.selection, as: clinic)
            #expect(try await Self.send(id, ["name": "A"], as: clinic, in: world).refusal == "UNKNOWN_TEMPLATE")
            let both = try await world.mutate(
                "sendMessage", ["to": "+14155550123", "templateId": id, "body": "x"], "message { id }", as: clinic)
            #expect(both.refusal == "BODY_AND_TEMPLATE")
        }
    }
}
