import GraphQL
import Logging
import OrderedCollections
import Postgres
import QueryEngine
import Testing

/// What is done once and remembered, and what is known before the database is asked.
@Suite struct PlanCacheTests {
    private static let inbox = """
        query Inbox($first: Int!, $filter: MessageFilter, $more: Boolean!) {
          messages(first: $first, filter: $filter) { nodes { id body contact @include(if: $more) { name } } }
        }
        """

    @Test func `a hot query does no parsing, no validation and no building of SQL`() async throws {
        try await withWorld { world in
            func ask(_ first: Int64, _ text: String, as clinic: Clinic) async {
                let response = await world.execute(
                    Self.inbox, ["first": .int(first), "filter": ["bodyContains": .string(text)], "more": true],
                    as: clinic.caller())
                #expect(response.errors.isEmpty)
            }
            await ask(5, "alpha", as: .alpha)
            let cold = world.engine.counts
            #expect(cold.documents == 1 && cold.plans == 1)
            for index in 0..<50 { await ask(Int64(index % 9) + 1, "\(index)", as: index % 2 == 0 ? .alpha : .beta) }
            #expect(world.engine.counts == cold)
            // The control: what is new is counted.
            _ = await world.execute("{ __typename }", as: Clinic.alpha.caller())
            #expect(world.engine.counts.documents == 2 && world.engine.counts.plans == 2)
        }
    }

    @Test func `what costs too much is refused while the database is not even there`() async throws {
        try await withWorld { world in
            await world.database.close()
            func codes(_ document: String) async -> [ErrorCode] {
                await world.execute(document, as: Clinic.alpha.caller()).errors.map(\.code)
            }
            #expect(
                await codes("{ contacts(first: 1000) { nodes { messages(first: 1000) { nodes { id } } } } }")
                    == [.costExceeded])
            #expect(await codes("{ contacts(first: 1001) { nodes { id } } }") == [.badPageSize])
            #expect(await codes("{ contacts(after: \"x\") { nodes { id } } }") == [.badCursor])
            // The control: what may be asked is asked, and finds nobody there.
            #expect(await codes("{ contacts { nodes { id } } }") == [.unavailable])
        }
    }

    @Test func `each combination of skip and include is a plan when it is asked, and only so many are kept`()
        async throws
    {
        var configuration = EngineConfiguration()
        configuration.cachedPlansPerOperation = 8
        let names = (0..<6).map { "v\($0)" }
        let document = """
            query C(\(names.map { "$\($0): Boolean!" }.joined(separator: " "))) {
              contacts(first: 1) { nodes { \(names.map { "\($0): phone @include(if: $\($0))" }.joined(separator: " ")) phone } }
            }
            """
        try await withWorld(configuration: configuration) { world in
            for round in 0..<2 {
                for bits in 0..<64 {
                    let chosen = names.indices.filter { bits >> $0 & 1 == 1 }
                    let variables = OrderedDictionary(
                        uniqueKeysWithValues: names.enumerated().map { ($1, JSONValue.bool(chosen.contains($0))) })
                    let answer = try await world.ask(document, variables)
                    let node = answer["data"]?["contacts"]?["nodes"]?.arrayValue?.first?.objectValue
                    #expect(node.map { Array($0.keys) } == chosen.map { names[$0] } + ["phone"])
                }
                #expect(world.engine.counts.documents == 1)
                #expect(world.engine.counts.plans == 64 * (round + 1))
            }
            #expect(world.engine.cachedOperations == 1)
        }
    }

    /// The schema of a process is that of its binary: what is remembered belongs to the engine that was made of one schema,
    /// and goes with it.
    @Test
    func `what is remembered of one schema is nothing to another, in the same process and over the same database`()
        async throws
    {
        try await withWorld { world in
            func engine(_ replacing: [String: String]) throws -> Engine {
                let schema = try TestSchema.schema(replacing: replacing)
                return try Engine(
                    schema: schema, catalog: try BindingCatalog(schema: schema), database: world.database,
                    commands: TestCommands.all, resolvers: TestCommands.resolvers,
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            }
            // A message's body alone, by what follows it.
            let next = "\n  \"How many SMS segments it takes"
            // The same name for another column, and no such name.
            let moved = try engine(["  body: String!\(next)": "  body: String! @column(name: \"status\")\(next)"])
            let gone = try engine(["  body: String!\(next)": "  text: String! @column(name: \"body\")\(next)"])
            let document = "query B($id: ID!) { message(id: $id) { body } }"
            let variables: OrderedDictionary<String, JSONValue> = [
                "id": .string(Clinic.id("msg", Clinic.alpha.message(1)))
            ]
            func ask(_ engine: Engine) async -> EngineResponse {
                await engine.execute(EngineRequest(document, variables: variables), caller: Clinic.alpha.caller())
            }
            func body(_ response: EngineResponse) throws -> String? {
                try JSONValue(parsing: response.bytes)["data"]?["message"]?["body"]?.stringValue
            }
            // Twice, so that each asks what is remembered already.
            for round in 0..<2 {
                let own = await ask(world.engine)
                #expect(try body(own)?.contains("alpha") == true && own.isCached == (round > 0))
                let other = await ask(moved)
                #expect(
                    try body(other)
                        == (try await world.sql("SELECT status FROM messages WHERE id = '\(Clinic.alpha.message(1))'")))
                #expect(other.isCached == (round > 0))
                #expect(await ask(gone).errors.map(\.code) == [.validationFailed])
            }
            #expect(world.engine.cachedOperations == 1 && moved.cachedOperations == 1 && gone.cachedOperations == 0)
        }
    }

    @Test func `a type of 120 columns is answered whole, in the order of the question`() async throws {
        let columns = (1...120).map { "c\($0)" }
        let sdl = """
            type Wide @table(name: "wide", prefix: "wide") { id: ID! \(columns.map { "\($0): Int!" }.joined(separator: " ")) }
            type WideConnection { edges: [WideEdge!]! nodes: [Wide!]! pageInfo: PageInfo! totalCount: Int! }
            type WideEdge { cursor: String! node: Wide! }
            extend type Query {
              wide(first: Int, after: String, last: Int, before: String): WideConnection! @many(orderBy: "c1") @access(roles: [OWNER])
              wides: [Wide!]! @many(orderBy: "c1") @access(roles: [OWNER])
            }
            """
        let tables = """
            CREATE TABLE wide (org_id uuid, id uuid DEFAULT gen_random_uuid(), \(columns.map { "\($0) int NOT NULL" }.joined(separator: ", ")), PRIMARY KEY (org_id, id));
            SELECT protect_tenant_table('wide');
            GRANT SELECT ON wide TO switchboard_tenant;
            INSERT INTO wide (org_id, \(columns.joined(separator: ", "))) SELECT '\(Clinic.alpha.id)', \(columns.map { "i + \($0.dropFirst())" }.joined(separator: ", ")) FROM generate_series(0, 2) i;
            """
        try await withWorld(adding: sdl, tables: tables) { world in
            let fields = columns.reversed().joined(separator: " ")
            let answer = try await world.ask(
                "{ wide(first: 2) { nodes { \(fields) } edges { cursor node { \(fields) } } pageInfo { hasNextPage } } wides { \(fields) } }"
            )
            let nodes = answer["data"]?["wide"]?["nodes"]?.arrayValue ?? []
            #expect(nodes.count == 2)
            for (row, node) in nodes.enumerated() {
                #expect(node.objectValue.map { Array($0.keys) } == Array(columns.reversed()))
                for column in 1...120 { #expect(node["c\(column)"] == .int(Int64(row + column))) }
            }
            #expect(answer["data"]?["wide"]?["edges"]?.arrayValue?.compactMap { $0["node"] } == nodes)
            #expect(answer["data"]?["wides"]?.arrayValue?.count == 3)
        }
    }

    @Test func `a union and an interface answer by the type of the row`() async throws {
        let sdl = """
            union Thing = Contact | Message | Conversation
            extend type Query { thing(id: ID!): Thing @byId @access(roles: [OWNER]) }
            """
        let document = """
            query T($id: ID!) {
              thing(id: $id) { __typename ... on Contact { phone who: name } ... on Message { what: body to }
                ... on Node { id } }
              node(id: $id) { id ... on Message { to } ... on Contact { phone } }
            }
            """
        try await withWorld(adding: sdl) { world in
            func thing(_ id: String) async throws -> [String: JSONValue] {
                let answer = try await world.ask(document, ["id": .string(id)])
                #expect(answer["data"]?["node"]?["id"] == answer["data"]?["thing"]?["id"])
                return Dictionary(
                    uniqueKeysWithValues: (answer["data"]?["thing"]?.objectValue ?? [:]).map { ($0.key, $0.value) })
            }
            let contact = Clinic.id("con", Clinic.alpha.contact(1))
            let person = try await thing(contact)
            #expect(person["__typename"] == "Contact" && person["phone"] == "+14155550101")
            #expect(person["who"] == "alpha 100% Contact_1" && person["id"] == .string(contact))
            let message = Clinic.id("msg", Clinic.alpha.message(1))
            let found = try await thing(message)
            #expect(found["__typename"] == "Message" && found["to"] == "+14155550101")
            // No member of the union; another clinic's.
            for id in [Clinic.id("num", Clinic.alpha.phoneNumber(1)), Clinic.id("con", Clinic.beta.contact(1))] {
                let answer = try await world.ask(
                    "query T($id: ID!) { thing(id: $id) { __typename } }", ["id": .string(id)])
                #expect(answer["data"]?["thing"] == .null)
            }
        }
    }
}
