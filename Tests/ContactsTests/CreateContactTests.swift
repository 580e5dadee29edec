import GraphQL
import TestWorld
import Testing

@Suite struct CreateContactTests {
    @Test func `a contact is one for each phone and organization`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let first = try await world.makeClinic(0)
            let second = try await world.makeClinic(1)
            let input: JSONValue = ["phone": "+14155550123", "name": "Ada"]
            let selection = "contact { name phone optedOut }"
            let made = try await world.mutate("createContact", input, selection, as: first)
            #expect(made["contact"] == ["name": "Ada", "phone": "+14155550123", "optedOut": false])
            #expect(try await world.mutate("createContact", input, selection, as: first).refusal == "CONTACT_EXISTS")
            #expect(try await world.mutate("createContact", input, selection, as: second).refusal == nil)
        }
    }

    @Test func `a name of 1 to 200 characters`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            for name in ["", String(repeating: "a", count: 201), "A\u{0}da"] {
                let input: JSONValue = ["phone": "+14155550123", "name": .string(name)]
                #expect(
                    try await world.mutate("createContact", input, "contact { id }", as: clinic).refusal
                        == "INVALID_NAME")
            }
            #expect(try await world.count("contacts") == 0)
            let longest: JSONValue = ["phone": "+14155550123", "name": .string(String(repeating: "é", count: 200))]
            #expect(try await world.mutate("createContact", longest, "contact { id }", as: clinic).refusal == nil)
        }
    }
}
