import GraphQL
import OrderedCollections
import Postgres
import QueryEngine
import Testing

@Suite struct AccessTests {
    @Test func `what a role may not ask is refused before anything is done`() async throws {
        try await withWorld { world in
            let refused: [(String, Role)] = [
                ("{ credentials { id } }", .viewer), ("{ auditEvents { totalCount } }", .agent),
                ("{ contacts { totalCount } credentials { id } }", .agent),
                ("mutation { createContact(input: {phone: \"+14155550199\"}) { contact { id } } }", .viewer),
                ("{ platform { organizations { totalCount } } }", .owner),
            ]
            for (document, role) in refused {
                let response = await world.execute(document, as: Clinic.alpha.caller(role))
                #expect(response.errors.map(\.code) == [.forbidden], "\(document)")
                #expect(response.failure == .forbidden)
                let answer = try JSONValue(parsing: response.bytes)
                #expect(answer["data"] == nil)
            }
            let contacts = try await world.sql("SELECT count(*) FROM contacts")
            #expect(contacts.contains("6"))
            let allowed = await world.execute("{ contacts { totalCount } }", as: Clinic.alpha.caller(.viewer))
            #expect(allowed.errors.isEmpty)
        }
    }

    @Test func `what was made of one document answers no other`() async throws {
        try await withWorld { world in
            let caller = Clinic.alpha.caller()
            let requests = ["{ a: contacts { totalCount } }", "{ b: contacts { totalCount } }"].map {
                EngineRequest($0)
            }
            let memo = QueryMemo()
            for request in requests + requests {
                let answer = await world.engine.execute(request, caller: caller)
                let again = await world.engine.answerAtOnce(request, callers: [caller], memo: memo)
                #expect(again?.bytes == answer.bytes)
            }
        }
    }

    @Test(arguments: [(padding: 0, uses: 256), (padding: 9_000, uses: 0)])
    func `what the cache has dropped goes on by its memo for a while, unless it is long`(padding: Int, uses: Int)
        async throws
    {
        var configuration = EngineConfiguration()
        configuration.cachedOperations = 2
        try await withWorld(configuration: configuration) { world in
            let caller = Clinic.alpha.caller()
            let request = EngineRequest("{ contacts { totalCount } }" + String(repeating: " ", count: padding))
            let memo = QueryMemo()
            _ = await world.engine.execute(request, caller: caller)
            #expect(await world.engine.answerAtOnce(request, callers: [caller], memo: memo) != nil)
            for other in ["{ templates { totalCount } }", "{ messages { totalCount } }"] {
                _ = await world.engine.execute(EngineRequest(other), caller: caller)
            }
            #expect(await world.engine.answerAtOnce(request, callers: [caller]) == nil)
            var answers = 0
            for _ in 0..<300 where await world.engine.answerAtOnce(request, callers: [caller], memo: memo) != nil {
                answers += 1
            }
            #expect(answers == uses)
        }
    }

    @Test func `a key of the platform has no organization to ask about`() async throws {
        try await withWorld { world in
            let caller = Caller(
                kind: .apiKey(id: Clinic.alpha.uuid(1)), role: .owner, organization: nil, requestID: "r")
            let response = await world.execute("{ messages { totalCount } }", as: caller)
            #expect(response.errors.map(\.code) == [.forbidden])
            #expect(response.errors.first?.message.contains("belongs to none") == true)
        }
    }

    @Test func `the platform's role sees counts and audit, and the tenants' statement does not run beside it`()
        async throws
    {
        try await withWorld { world in
            let answer = try await world.ask(
                """
                { platform { organizations { nodes { slug messages } } auditEvents { totalCount } }
                  again: platform { organizations(first: 1) { nodes { name } } } }
                """, as: Clinic.platform)
            #expect(answer["data"]?["platform"]?["organizations"]?["nodes"]?.arrayValue?.count == 2)
            #expect(answer["data"]?["platform"]?["auditEvents"]?["totalCount"] == 4)
            #expect(answer["data"]?["again"]?["organizations"]?["nodes"] == [["name": "Clinic alpha"]])
        }
    }

    @Test func `the platform's database role is denied content by PostgreSQL itself`() async throws {
        try await withWorld { world in
            let read = Statement("SELECT body FROM messages")
            await #expect(throws: PostgresError.self) { try await world.database.query(as: .platform, read) }
        }
    }

    @Test func `bindings are never shown, and a role is shown only what it may ask`() async throws {
        try await withWorld { world in
            let document = """
                { __schema { directives { name } types { name } queryType { fields { name } } }
                  role: __type(name: "Scope") { name } }
                """
            func names(_ answer: JSONValue, _ path: String...) -> Set<String> {
                let list = path.reduce(answer["data"]?["__schema"]) { $0?[$1] }
                return Set(list?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? [])
            }
            let owner = try await world.ask(document)
            #expect(names(owner, "directives") == ["skip", "include", "deprecated", "specifiedBy", "oneOf"])
            #expect(names(owner, "types").isDisjoint(with: ["Scope", "Operator", "Direction", "Role"]))
            #expect(names(owner, "types").isSuperset(of: ["Message", "MessageFilter", "DateTime", "Node"]))
            #expect(owner["data"]?["role"] == .null)
            #expect(names(owner, "queryType", "fields").contains("credentials"))
            #expect(!names(owner, "queryType", "fields").contains("platform"))
            let viewer = try await world.ask(document, as: Clinic.alpha.caller(.viewer))
            #expect(!names(viewer, "queryType", "fields").contains("credentials"))
        }
    }

    @Test func `behind an interface, a type that the role may not see is as if it did not exist`() throws {
        let schema = try TestSchema.schema(replacing: [
            "prefix: \"aud\") @access(roles: [OWNER, ADMIN])": "prefix: \"aud\") @access(roles: [OWNER])"
        ])
        let explainer = Explainer(schema: schema, catalog: try BindingCatalog(schema: schema))
        let request = EngineRequest("query N($id: ID!) { node(id: $id) { id } }", variables: ["id": "x"])
        let owner = explainer.explain(request, role: .owner, organization: Clinic.alpha.id)
        #expect(owner.statements.first?.sql.contains("audit_events") == true)
        let agent = explainer.explain(request, role: .agent, organization: Clinic.alpha.id)
        #expect(agent.statements.first?.sql.contains("audit_events") == false)
    }

    @Test(arguments: [
        "{ auditEvents { totalCount } }", "{ auditEvents { nodes { id } } }",
        "{ auditEvents { edges { node { id } } } }",
    ])
    func `where a type stands by itself, the role that may not see it is refused`(document: String) throws {
        let schema = try TestSchema.schema(replacing: [
            "prefix: \"aud\") @access(roles: [OWNER, ADMIN])": "prefix: \"aud\") @access(roles: [OWNER])"
        ])
        let explainer = Explainer(schema: schema, catalog: try BindingCatalog(schema: schema))
        let request = EngineRequest(document)
        let owner = explainer.explain(request, role: .owner, organization: Clinic.alpha.id)
        #expect(owner.errors.isEmpty)
        let admin = explainer.explain(request, role: .admin, organization: Clinic.alpha.id)
        #expect(admin.errors.map(\.code) == [.forbidden])
    }

    @Test func `introspection can be switched off`() async throws {
        var configuration = EngineConfiguration()
        configuration.allowsIntrospection = false
        try await withWorld(configuration: configuration) { world in
            let response = await world.execute("{ __schema { queryType { name } } }", as: Clinic.alpha.caller())
            #expect(response.errors.map(\.code) == [.introspectionDisabled])
            let typename = await world.execute("{ __typename }", as: Clinic.alpha.caller())
            #expect(String(decoding: typename.bytes, as: UTF8.self) == "{\"data\":{\"__typename\":\"Query\"}}")
        }
    }
}
