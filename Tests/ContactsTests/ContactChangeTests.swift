import GraphQL
import OrderedCollections
import QueryEngine
import TestWorld
import Testing

@Suite struct ContactChangeTests {
    /// Makes a contact and answers its ID.
    static func make(
        _ phone: String, name: String? = nil, tags: [String] = [], in world: World, as clinic: Clinic
    ) async throws -> String {
        let input: JSONValue = [
            "phone": .string(phone), "name": name.map { .string($0) } ?? .null,
            "tags": .array(tags.map { .string($0) }),
        ]
        let made = try await world.mutate("createContact", input, "contact { id }", as: clinic)
        return made["contact"]?["id"]?.stringValue ?? "\(made)"
    }

    @Test func `what is given changes, what is left out stays, and null clears`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let id = JSONValue.string(
                try await Self.make("+14155550123", name: "Ada", tags: ["VIP ", "new"], in: world, as: clinic))
            let selection = "contact { name timeZone tags phone }"
            let zone: JSONValue = ["id": id, "timeZone": "Europe/Paris"]
            #expect(
                try await world.mutate("updateContact", zone, selection, as: clinic)["contact"]
                    == ["name": "Ada", "timeZone": "Europe/Paris", "tags": ["new", "vip"], "phone": "+14155550123"])
            let cleared: JSONValue = ["id": id, "name": .null, "tags": ["Old"]]
            #expect(
                try await world.mutate("updateContact", cleared, selection, as: clinic)["contact"]
                    == ["name": .null, "timeZone": "Europe/Paris", "tags": ["old"], "phone": "+14155550123"])
            for (input, code) in [
                (["id": id, "name": ""], "INVALID_NAME"), (["id": id, "timeZone": "EST"], "INVALID_TIME_ZONE"),
                (["id": id, "tags": ["a,b"]], "INVALID_TAG"), (["id": "con_0"], "NOT_FOUND"),
                (["id": id, "tags": .array((0...20).map { .string("t\($0)") })], "TOO_MANY_TAGS"),
            ] as [(JSONValue, String)] {
                #expect(try await world.mutate("updateContact", input, selection, as: clinic).refusal == code)
            }
        }
    }

    @Test func `another organization's contact is answered as one that never existed`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let first = try await world.makeClinic(0)
            let second = try await world.makeClinic(1)
            let theirs = JSONValue.string(try await Self.make("+14155550123", in: world, as: first))
            let own = JSONValue.string(try await Self.make("+14155550124", in: world, as: second))
            let none: JSONValue = "con_00000000000040008000000000000000"
            func inputs(_ id: JSONValue) -> [(String, JSONValue, String)] {
                [
                    ("updateContact", ["id": id, "name": "X"], "contact { id }"),
                    ("mergeContacts", ["from": id, "into": own], "contact { id }"),
                    ("mergeContacts", ["from": own, "into": id], "contact { id }"),
                    ("addContactTags", ["contactIds": [own, id], "tags": ["a"]], "changed"),
                    ("removeContactTags", ["contactIds": [own, id], "tags": ["a"]], "changed"),
                ]
            }
            for ((name, foreign, selection), (_, absent, _)) in zip(inputs(theirs), inputs(none)) {
                let answer = try await world.mutate(name, foreign, selection, as: second)
                #expect(answer.refusal == "NOT_FOUND", "\(name)")
                #expect(try await world.mutate(name, absent, selection, as: second) == answer, "\(name)")
            }
            #expect(try await world.value("SELECT string_agg(tags::text, '') FROM contacts") == "{}{}")
        }
    }

    @Test func `tags are given to many at once, taken again, and found by`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            var ids: [JSONValue] = []
            for index in 0..<3 {
                ids.append(.string(try await Self.make("+1415555012\(index)", in: world, as: clinic)))
            }
            func change(_ name: String, _ contacts: [JSONValue], _ tags: JSONValue) async throws -> JSONValue {
                try await world.mutate(
                    name, ["contactIds": .array(contacts), "tags": tags], "changed", as: clinic)
            }
            #expect(try await change("addContactTags", ids, ["Recall"])["changed"] == 3)
            #expect(try await change("addContactTags", Array(ids.prefix(2)), ["recall", "vip"])["changed"] == 2)
            #expect(try await change("removeContactTags", [ids[0]], ["recall"])["changed"] == 1)
            #expect(try await change("removeContactTags", [ids[0]], ["recall"])["changed"] == 0)
            #expect(try await change("addContactTags", [], ["a"]).refusal == "TOO_MANY_CONTACTS")
            func phones(_ filter: JSONValue) async throws -> JSONValue? {
                try await world.ask(
                    "query Q($f: ContactFilter!) { contacts(filter: $f, orderBy: CREATED_AT_ASC) { nodes { phone } } }",
                    ["f": filter], as: clinic.caller)["data"]?["contacts"]?["nodes"]
            }
            #expect(try await phones(["tag": "recall"]) == [["phone": "+14155550121"], ["phone": "+14155550122"]])
            #expect(try await phones(["tag": "vip", "not": ["tag": "recall"]]) == [["phone": "+14155550120"]])
            #expect(try await phones(["tag": "rec"]) == [])
            #expect(try await phones(["phoneContains": "50122"]) == [["phone": "+14155550122"]])
        }
    }

    @Test func `a contact has at most a hundred tags`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let id = JSONValue.string(try await Self.make("+14155550123", in: world, as: clinic))
            for block in 0..<6 {
                let tags = JSONValue.array((0..<20).map { .string("t\(block)-\($0)") })
                let added = try await world.mutate(
                    "addContactTags", ["contactIds": [id], "tags": tags], "changed", as: clinic)
                #expect(added.refusal == (block < 5 ? nil : "TOO_MANY_TAGS"))
            }
            #expect(try await world.value("SELECT cardinality(tags) FROM contacts") == "100")
        }
    }

    @Test func `a number that is not E.164 is told what that is, and the likely one is offered`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let input: JSONValue = ["phone": "(415) 555-0123"]
            let unsaid = try await world.mutate("createContact", input, "contact { id }", as: clinic)
            #expect(unsaid.refusal == "INVALID_PHONE")
            #expect(unsaid.refusalMessage?.contains("E.164") == true)
            #expect(unsaid.refusalMessage?.contains("Did you mean") == false)
            let wrong = try await world.mutate(
                "updateSettings", ["defaultCountry": "us"], "settings { id }", as: clinic)
            #expect(wrong.refusal == "INVALID_COUNTRY")
            let chosen = try await world.mutate(
                "updateSettings", ["defaultCountry": "US"], "settings { defaultCountry }", as: clinic)
            #expect(chosen["settings"] == ["defaultCountry": "US"])
            for (name, input) in [
                ("createContact", input), ("sendMessage", ["to": "(415) 555-0123", "body": "Hello"]),
            ] as [(String, JSONValue)] {
                let offered = try await world.mutate(name, input, "__typename", as: clinic)
                #expect(offered.refusal == "INVALID_PHONE")
                #expect(offered.refusalMessage?.hasSuffix("Did you mean +14155550123?") == true)
            }
            let unchosen = try await world.mutate(
                "updateSettings", ["defaultCountry": .null], "settings { defaultCountry }", as: clinic)
            #expect(unchosen["settings"] == ["defaultCountry": .null])
        }
    }
}
