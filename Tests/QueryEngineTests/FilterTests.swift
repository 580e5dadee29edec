import GraphQL
import OrderedCollections
import Postgres
import QueryEngine
import Testing

/// Filters combined, and searched for by a part of a text.
@Suite struct FilterTests {
    private static let count = "query C($f: MessageFilter) { messages(filter: $f) { totalCount } }"
    private static let contacts = "query C($f: ContactFilter) { contacts(filter: $f) { totalCount } }"

    /// Messages 1 to 7: even ones INBOUND and RECEIVED, 7 FAILED, the others DELIVERED; `segments` is the number.
    static let messages: [(filter: JSONValue, count: Int64)] = [
        ([:], 7), (["and": []], 7), (["or": []], 0), (["not": [:]], 0), (["or": [[:]]], 7),
        (["not": ["or": []]], 7), (["not": ["not": ["direction": "INBOUND"]]], 3),
        (["or": [["direction": "INBOUND"], ["status": ["FAILED"]]]], 4),
        (["and": [["direction": "OUTBOUND"], ["not": ["status": ["FAILED"]]]]], 3),
        (["direction": "OUTBOUND", "or": [["segmentsAtLeast": 6], ["bodyContains": "Message 1"]]], 2),
        (["or": ["direction": "INBOUND"]], 3), (["or": [["or": [["or": [["status": ["FAILED"]]]]]]]], 1),
        (["createdAfter": "2026-03-01T12:00:00.123458Z", "createdBefore": "2026-03-01T12:00:00.123462Z"], 4),
        (["status": []], 0), (["not": ["status": []]], 7), (["status": ["FAILED", "DELIVERED"]], 4),
        // No message has an error code: the comparison does not hold, so its opposite does.
        (["errorCode": [30_003]], 0), (["not": ["errorCode": [30_003]]], 7), (["or": [["direction": .null]]], 7),
    ]

    @Test(arguments: messages.indices)
    func `combinations mean what logic says, as variables and as literals`(index: Int) async throws {
        let (filter, count) = Self.messages[index]
        try await withWorld { world in
            let answer = try await world.ask(Self.count, ["f": filter])
            #expect(answer["data"]?["messages"]?["totalCount"] == .int(count), "\(answer)")
            let literal = try await world.ask("{ messages(filter: \(Self.literal(filter))) { totalCount } }")
            #expect(literal == answer)
        }
    }

    private static func literal(_ value: JSONValue) -> String {
        switch value {
        case .object(let members): "{" + members.map { "\($0): \(literal($1))" }.joined(separator: " ") + "}"
        case .array(let items): "[" + items.map(literal).joined(separator: " ") + "]"
        case .string(let text) where text.allSatisfy({ $0.isUppercase }): text
        default: String(decoding: value.bytes, as: UTF8.self)
        }
    }

    @Test(arguments: [
        ("alpha", 2), ("ALPHA 100% CONTACT_", 2), ("alpha 100% contact_2", 1), ("alpha_", 0), ("%", 0), ("lpha", 0),
        ("", 2), ("alpha 100% contact_2x", 0),
    ])
    func `a prefix is found whatever its case, and holds no wildcards`(prefix: String, count: Int64) async throws {
        try await withWorld { world in
            let answer = try await world.ask(Self.contacts, ["f": ["nameStartsWith": .string(prefix)]])
            #expect(answer["data"]?["contacts"]?["totalCount"] == .int(count))
            let opposite = try await world.ask(Self.contacts, ["f": ["not": ["nameStartsWith": .string(prefix)]]])
            #expect(opposite["data"]?["contacts"]?["totalCount"] == .int(3 - count))
        }
    }

    @Test func `a filter as deep or as wide as nobody needs is refused before the database is touched`() async throws {
        var deep: JSONValue = ["direction": "INBOUND"]
        for _ in 0..<40 { deep = ["not": ["and": [deep]]] }
        let wide = JSONValue.object([
            "or": .array(Array(repeating: ["direction": "INBOUND"], count: 60))
        ])
        try await withWorld { world in
            let allowed = try await world.ask(Self.count, ["f": deep])
            #expect(allowed["data"]?["messages"]?["totalCount"] == 3)
            for filter in [["not": ["and": [deep, deep]]], wide] as [JSONValue] {
                let response = await world.execute(Self.count, ["f": filter], as: Clinic.alpha.caller())
                #expect(response.errors.map(\.code) == [.filterTooLarge])
                #expect(response.failure == .request)
            }
        }
    }

    @Test func `what a filter holds is a value; what it is made of is the plan's`() async throws {
        try await withWorld { world in
            func plans(_ filter: JSONValue) async throws -> Int {
                let before = world.engine.counts.plans
                _ = try await world.ask(Self.count, ["f": filter])
                return world.engine.counts.plans - before
            }
            let asked: [(filter: JSONValue, plans: Int)] = [
                (["or": [["bodyContains": "a"], ["direction": "INBOUND"]]], 1),
                (["or": [["bodyContains": "b"], ["direction": "OUTBOUND"]]], 0),
                (["or": [["bodyContains": "b"]]], 1),
                (["or": [["direction": "OUTBOUND"], ["bodyContains": "b"]]], 1),
                (["status": ["FAILED"]], 1), (["status": ["FAILED", "SENT"]], 0),
            ]
            for (filter, expected) in asked {
                let made = try await plans(filter)
                #expect(made == expected, "\(filter)")
            }
        }
    }

    /// PostgreSQL lets a condition before the policy only when its operator is leakproof.
    @Test func `a prefix is an index condition under the policy, also without our own predicate`() async throws {
        var options = SQLOptions()
        options.writesTenantPredicate = false
        for options in [SQLOptions(), options] {
            try await withWorld { world in
                try await world.sql(
                    """
                    INSERT INTO contacts (org_id, name, phone)
                      SELECT '\(Clinic.alpha.id)', 'name ' || i, '+1415' || (5600000 + i) FROM generate_series(1, 20000) i;
                    ANALYZE contacts;
                    """)
                let (schema, catalog) = try TestSchema.bindings()
                let explainer = Explainer(schema: schema, catalog: catalog, sql: options)
                for (filter, index) in [
                    ("nameStartsWith: \"name 77\"", "contacts_by_name"),
                    ("phoneStartsWith: \"+14155607\"", "contacts_by_phone"),
                ] {
                    let explanation = explainer.explain(
                        EngineRequest("{ contacts(filter: {\(filter)}) { totalCount } }"), role: .owner,
                        organization: Clinic.alpha.id)
                    let statement = try #require(explanation.statements.first)
                    let plan = try await statement.postgresPlan(
                        in: world.database, organization: Clinic.alpha.id, analyze: true)
                    let condition = plan?.split(separator: "\n").first { $0.contains("Index Cond") } ?? ""
                    #expect(plan?.contains(index) == true, "\(plan ?? "")")
                    #expect(condition.contains(">=") && condition.contains("<"), "\(plan ?? "")")
                }
            }
        }
    }

    @Test func `every operator that an index is meant to answer is leakproof`() async throws {
        try await withWorld { world in
            let leaking = try await world.sql(
                """
                SELECT p.proname FROM pg_proc p WHERE NOT p.proleakproof AND p.oid IN (
                  'texteq'::regproc, 'text_ge'::regproc, 'text_lt'::regproc, 'uuid_eq'::regproc, 'uuid_gt'::regproc,
                  'uuid_lt'::regproc, 'timestamptz_ge'::regproc, 'timestamptz_lt'::regproc, 'booleq'::regproc,
                  'int4eq'::regproc, 'int4ge'::regproc, 'int4lt'::regproc)
                """)
            #expect(leaking == "")
            // The control: what the search for a part of a text stands on is not, and so stays a filter.
            let control = try await world.sql(
                "SELECT count(*) FROM pg_proc WHERE NOT proleakproof AND proname IN ('strpos', 'textlike')")
            #expect(control != "0")
        }
    }
}
