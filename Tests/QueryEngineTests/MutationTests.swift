import GraphQL
import OrderedCollections
import QueryEngine
import Testing

@Suite struct MutationTests {
    private static let create = """
        mutation Create($phone: E164!, $name: String) {
          createContact(input: {phone: $phone, name: $name}) {
            __typename
            contact { id phone name messages { totalCount nodes { id } } }
            problems: userErrors { code message field __typename }
          }
        }
        """

    private func create(_ world: World, named name: String) async throws -> JSONValue {
        try await world.ask(Self.create, ["phone": "+14155550199", "name": .string(name)])
    }

    private func count(_ world: World) async throws -> String {
        try await world.sql("SELECT count(*) FROM contacts WHERE phone = '+14155550199'")
    }

    @Test func `what a command did is answered from its own transaction, and committed`() async throws {
        try await withWorld { world in
            let answer = try await create(world, named: "New")
            let payload = answer["data"]?["createContact"]
            #expect(payload?["__typename"] == "CreateContactPayload")
            #expect(payload?["contact"]?["name"] == "New")
            #expect(payload?["contact"]?["messages"] == ["totalCount": 0, "nodes": []])
            #expect(payload?["problems"] == [])
            let left = try await count(world)
            #expect(left.contains("1"))
        }
    }

    @Test(arguments: ["refused before", "refused inside"])
    func `a refused command changes nothing and says why`(name: String) async throws {
        try await withWorld { world in
            let answer = try await create(world, named: name)
            #expect(answer["errors"] == nil)
            #expect(answer["data"]?["createContact"]?["contact"] == .null)
            let problem = answer["data"]?["createContact"]?["problems"]?.arrayValue?.first
            #expect(problem?["code"]?.stringValue == (name == "refused inside" ? "CONTACT_EXISTS" : "INVALID_NAME"))
            #expect(problem?["field"] == (name == "refused inside" ? ["phone"] : .null))
            #expect(problem?["__typename"] == "UserError")
            let left = try await count(world)
            #expect(left.contains("0"))
        }
    }

    @Test func `a command that fails is rolled back, and tells an errorId and nothing else`() async throws {
        try await withWorld { world in
            let response = await world.execute(
                Self.create, ["phone": "+14155550199", "name": "broken"], as: Clinic.alpha.caller())
            #expect(response.errors.map(\.code) == [.internal])
            #expect(response.errors.first?.path == [.key("createContact")])
            #expect(response.errors.first?.extensions["errorId"]?.stringValue?.utf8.count == 36)
            #expect(!String(decoding: response.bytes, as: UTF8.self).contains("Broken"))
            let data = try JSONValue(parsing: response.bytes)["data"]
            #expect(data == .null)
            let left = try await count(world)
            #expect(left.contains("0"))
        }
    }

    @Test func `a failed statement of a command says nothing of the database`() async throws {
        try await withWorld { world in
            let response = await world.execute(
                "mutation { createContact(input: {phone: \"not a phone\"}) { contact { id } } }",
                as: Clinic.alpha.caller())
            #expect(response.errors.map(\.code) == [.internal])
            #expect(!String(decoding: response.bytes, as: UTF8.self).contains("contacts"))
        }
    }

    @Test func `root fields run one after another, and stop where data is lost`() async throws {
        try await withWorld { world in
            let document = """
                mutation {
                  one: createContact(input: {phone: "+14155550191"}) { contact { phone } }
                  two: createContact(input: {phone: "+14155550192", name: "broken"}) { contact { phone } }
                  three: createContact(input: {phone: "+14155550193"}) { contact { phone } }
                }
                """
            let response = await world.execute(document, as: Clinic.alpha.caller())
            #expect(response.errors.map(\.path) == [[.key("two")]])
            let left = try await world.sql(
                "SELECT string_agg(phone, ' ') FROM contacts WHERE phone > '+1415555019'")
            #expect(left.contains("+14155550191") && !left.contains("0192") && !left.contains("0193"))
        }
    }

    @Test func `a mutation by GET is refused before anything is done`() async throws {
        try await withWorld { world in
            var request = EngineRequest(Self.create, variables: ["phone": "+14155550199", "name": "New"])
            request.allowsMutation = false
            let response = await world.engine.execute(request, caller: Clinic.alpha.caller())
            #expect(response.failure == .mutationNotAllowed)
            let left = try await count(world)
            #expect(left.contains("0"))
        }
    }

    @Test func `commands get coerced arguments`() async throws {
        try await withWorld(commands: [
            "startSync": { request in
                #expect(request.input["webhooks"] == "WHEN_EMPTY")
                #expect(request.input["credentialId"] == nil)
                #expect(request.fieldName == "startSync")
                return try await request.refuse([])
            }
        ]) { world in
            let answer = try await world.ask("mutation { startSync(input: {}) { sync { id } userErrors { code } } }")
            #expect(answer["data"]?["startSync"] == ["sync": .null, "userErrors": []])
        }
    }
}
