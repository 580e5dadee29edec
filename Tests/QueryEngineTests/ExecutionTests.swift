import GraphQL
import OrderedCollections
import Postgres
import QueryEngine
import Testing

@Suite struct ExecutionTests {
    private static let page = """
        query P($first: Int, $after: String, $filter: MessageFilter, $more: Boolean = false) {
          messages(first: $first, after: $after, filter: $filter) { nodes { id body @include(if: $more) } }
        }
        """

    @Test func `a document that was seen is neither parsed, validated nor compiled again`() async throws {
        try await withWorld { world in
            func isCached(_ variables: OrderedDictionary<String, JSONValue>, _ role: Role = .owner) async -> Bool {
                let response = await world.execute(Self.page, variables, as: Clinic.alpha.caller(role))
                #expect(response.errors.isEmpty)
                return response.isCached
            }
            #expect(await !isCached([:]))
            #expect(await isCached([:]))
            #expect(await !isCached(["filter": .null, "after": .null]))
            #expect(await isCached(["filter": .null, "after": .null]))
            #expect(await !isCached(["first": 3]))
            #expect(await isCached(["first": 4]))
            #expect(await !isCached(["first": 400]))
            #expect(await !isCached(["filter": ["bodyContains": "x"]]))
            #expect(await isCached(["filter": ["bodyContains": "y"]]))
            #expect(await !isCached(["filter": ["direction": "INBOUND"]]))
            #expect(await !isCached(["more": true]))
            #expect(await isCached(["more": true]))
            #expect(await !isCached([:], .viewer))
        }
    }

    @Test func `another clinic shares the plan and nothing else`() async throws {
        try await withWorld { world in
            let alpha = await world.execute(Self.page, as: Clinic.alpha.caller())
            let beta = await world.execute(Self.page, as: Clinic.beta.caller())
            #expect(!alpha.isCached && beta.isCached)
            #expect(alpha.bytes != beta.bytes)
        }
    }

    @Test func `more plans than are remembered still answer`() async throws {
        var configuration = EngineConfiguration()
        configuration.cachedOperations = 2
        configuration.cachedPlansPerOperation = 2
        try await withWorld(configuration: configuration) { world in
            for round in 0..<3 {
                for index in 1...7 {
                    let answer = try await world.ask(
                        "query Q($n: Int, $f: String) { q\(index): contacts(first: $n, filter: {nameContains: $f}) { totalCount } }",
                        round == 1 ? ["n": 3] : round == 2 ? ["f": "alpha"] : [:])
                    #expect(answer["data"]?["q\(index)"]?["totalCount"] == (round == 2 ? 2 : 3))
                }
            }
            #expect(world.engine.cachedOperations <= 4)
        }
    }

    @Test func `a type of 120 selected fields, and one of 60 with a key that PostgreSQL would cut`() async throws {
        var configuration = EngineConfiguration()
        configuration.limits.aliases = 200
        try await withWorld(configuration: configuration) { world in
            let many = (1...120).map { "f\($0): body" }.joined(separator: " ")
            let wide = try await world.ask("{ messages(first: 1) { nodes { \(many) } } }")
            let node = wide["data"]?["messages"]?["nodes"]?.arrayValue?.first?.objectValue
            #expect(node?.count == 120 && node?.elements.last?.key == "f120")

            let long = String(repeating: "k", count: 70)
            let keys = (1...58).map { "f\($0)" } + ["\(long)1", "\(long)2"]
            let fields = keys.map { "\($0): body" }.joined(separator: " ")
            let cut = try await world.ask("{ messages(first: 1) { nodes { \(fields) } } }")
            let cutNode = cut["data"]?["messages"]?["nodes"]?.arrayValue?.first?.objectValue
            #expect(cutNode.map { Array($0.keys) } == keys)
        }
    }

    @Test(arguments: [
        "r", "a", "p", "i", "o", "c", "v", "k", "j", "j0", "f0", "more", "t1", "t2", "xmin", "ctid", "tableoid",
        "select",
        "created_at", "org_id", "NULL", "_",
    ])
    func `a response key means nothing to the SQL around it`(key: String) async throws {
        try await withWorld { world in
            let answer = try await world.ask(
                """
                { \(key): messages(last: 2, orderBy: CREATED_AT_ASC) {
                    \(key): edges { \(key): node { \(key): segments } }
                    b: nodes { \(key): contact { \(key): phone } }
                    d: pageInfo { \(key): hasPreviousPage }
                } }
                """)
            let messages = answer["data"]?[key]
            #expect(messages?[key] == .array([6, 7].map { .object([key: .object([key: .int($0)])]) }))
            #expect(messages?["b"]?.arrayValue?.last?[key]?[key] == "+14155550102")
            #expect(messages?["d"]?[key] == true)
            let list = try await world.ask(
                "{ \(key): credentials { \(key): label } x: messages(first: 1) { \(key): nodes { \(key): segments } } }"
            )
            #expect(list["data"]?[key]?.arrayValue?.first?[key] == "alpha account")
            #expect(list["data"]?["x"]?[key]?.arrayValue?.first?[key] == 7)
        }
    }

    struct Secret: Error { let text = "a secret detail" }

    @Test func `a resolver that fails nulls by the rules, with its path, beside what answered`() async throws {
        try await withWorld(resolvers: ["viewer": { _ in throw Secret() }]) { world in
            let response = await world.execute(
                "{ contacts { totalCount } me: viewer { role } }", as: Clinic.alpha.caller())
            #expect(response.errors.map(\.code) == [.internal])
            #expect(response.errors.first?.path == [.key("me")])
            #expect(response.errors.first?.locations == [SourceLocation(line: 1, column: 27)])
            let answer = try JSONValue(parsing: response.bytes)
            #expect(answer["data"] == .null)
            #expect(Array(answer.objectValue?.keys ?? []) == ["errors", "data"])
            #expect(!String(decoding: response.bytes, as: UTF8.self).contains("secret"))
        }
    }

    @Test func `a resolver's value that does not fit the schema is an error at its place`() async throws {
        try await withWorld(resolvers: ["viewer": { _ in ["kind": "NO_SUCH_KIND", "role": "OWNER"] }]) { world in
            let response = await world.execute("{ viewer { role kind } }", as: Clinic.alpha.caller())
            #expect(response.errors.first?.path == [.key("viewer"), .key("kind")])
            let data = try JSONValue(parsing: response.bytes)["data"]
            #expect(data == .null)
        }
    }

    @Test func `what the tenant lacks where null may not be is an error`() async throws {
        try await withWorld { world in
            let nobody = Caller(
                kind: .apiKey(id: Clinic.alpha.uuid(1)), role: .owner,
                organization: OrganizationID(Clinic.alpha.uuid(998)), requestID: "r")
            let response = await world.execute("{ organization { name } }", as: nobody)
            #expect(response.errors.map(\.path) == [[.key("organization")]])
            let data = try JSONValue(parsing: response.bytes)["data"]
            #expect(data == .null)
        }
    }

    @Test func `a count beyond 32 bits is an error and never a wrong number`() async throws {
        try await withWorld { world in
            try await world.sql("UPDATE usage_counters SET count = 3000000000")
            let response = await world.execute(
                "{ platform { organizations { nodes { messages } } } }", as: Clinic.platform)
            #expect(response.errors.map(\.code) == [.intOutOfRange])
        }
    }

    @Test func `a database that does not answer is told as such`() async throws {
        try await withWorld { world in
            await world.database.close()
            let response = await world.execute(
                "{ contacts { totalCount } a: contacts { totalCount } }", as: Clinic.alpha.caller())
            #expect(response.errors.map(\.code) == [.unavailable, .unavailable])
        }
    }

    @Test(arguments: [
        ("{", ErrorCode.parseFailed), ("{ nothing }", .validationFailed),
        ("query A { __typename } query B { __typename }", .operationResolutionFailed),
        ("query($n: Int!) { messages(first: $n) { totalCount } }", .badUserInput),
        ("{ messages(filter: {createdAfter: \"yesterday\"}) { totalCount } }", .validationFailed),
        ("subscription { messageChanged { id } }", .wrongOperationType),
    ])
    func `what is wrong with a request is told before execution`(document: String, code: ErrorCode) async throws {
        try await withWorld { world in
            let response = await world.execute(document, as: Clinic.alpha.caller())
            #expect(response.errors.map(\.code) == [code])
            #expect(response.failure != nil)
            let data = try JSONValue(parsing: response.bytes)["data"]
            #expect(data == nil)
        }
    }

    @Test(arguments: [
        "2026-02-30T00:00:00Z", "2026-03-01", "2026-03-01T25:00:00Z", "2026-03-01T00:00:00", "infinity", "now",
        "0000-01-01T00:00:00Z", "2026-03-01T00:00:00+16:00", "2026-03-01T00:00:00.1234567890Z", "",
    ])
    func `an instant that is none is the caller's error`(text: String) async throws {
        try await withWorld { world in
            let response = await world.execute(
                Self.page, ["filter": ["createdAfter": .string(text)]], as: Clinic.alpha.caller())
            #expect(response.errors.map(\.code) == [.badUserInput])
        }
    }

    @Test(arguments: ["2026-03-01T12:00:00.123458Z", "2026-03-01t14:00:00.123458+02:00", "2026-03-01T11:59:60.123458Z"])
    func `an instant may be written in any way of RFC 3339`(text: String) async throws {
        try await withWorld { world in
            let answer = try await world.ask(
                "query F($f: MessageFilter) { messages(filter: $f) { totalCount } }",
                ["f": ["createdAfter": .string(text)]])
            #expect(answer["data"]?["messages"]?["totalCount"] == 6)
        }
    }

    @Test func `the pieces of a response are its bytes`() async throws {
        try await withWorld { world in
            let response = await world.execute(
                "{ __typename messages { totalCount } viewer { role } }", as: Clinic.alpha.caller())
            var pieces: [UInt8] = []
            response.forEachPiece { pieces.append(contentsOf: $0) }
            #expect(pieces == response.bytes && pieces.count == response.byteCount)
        }
    }

    @Test func `an object of sixty keys, one of them too long for a column, says its type too`() async throws {
        try await withWorld { world in
            let long = "k" + String(repeating: "_long", count: 13)
            let aliases = (1...60).map { "k\($0): body" }.joined(separator: " ")
            let id = Clinic.id("msg", Clinic.alpha.message(1))
            let answer = try await world.ask(
                "query W($id: ID!) { message(id: $id) { \(aliases) \(long): id __typename } }", ["id": .string(id)])
            let object = try #require(answer["data"]?["message"]?.objectValue)
            #expect(object.count == 62)
            #expect(object["k60"] == .string("alpha message 1 with \"quotes\" and ünïcode"))
            #expect(object[long] == .string(id) && object["__typename"] == "Message")
            #expect(object.keys.first == "k1" && object.keys.last == "__typename")
        }
    }

    @Test func `a variable of another operation, of the same name and in a condition there, is nothing to this one`()
        async throws
    {
        try await withWorld { world in
            let document = """
                query Find($v: MessageFilter) { messages(filter: $v) { totalCount } }
                query Choose($v: Boolean!) { ...Part }
                fragment Part on Query { contacts { totalCount @skip(if: $v) __typename } }
                """
            func ask(_ name: String, _ value: JSONValue) async -> String {
                let request = EngineRequest(document, operationName: name, variables: ["v": value])
                return String(
                    decoding: await world.engine.execute(request, caller: Clinic.alpha.caller()).bytes, as: UTF8.self)
            }
            #expect(await ask("Find", ["direction": "INBOUND"]) == #"{"data":{"messages":{"totalCount":3}}}"#)
            #expect(await ask("Find", .null) == #"{"data":{"messages":{"totalCount":7}}}"#)
            #expect(await ask("Choose", true) == #"{"data":{"contacts":{"__typename":"ContactConnection"}}}"#)
            #expect(await ask("Choose", .null).contains("BAD_USER_INPUT"))
        }
    }

    @Test func `null for a condition is the caller's error, though a default lets the variable be nullable`()
        async throws
    {
        try await withWorld { world in
            let document = "query C($c: Boolean = true) { contacts @include(if: $c) { totalCount } }"
            let refused = await world.execute(document, ["c": .null], as: Clinic.alpha.caller())
            #expect(refused.errors.map(\.code) == [.badUserInput])
            #expect(refused.failure == .request)
            let kept = await world.execute(document, as: Clinic.alpha.caller())
            #expect(String(decoding: kept.bytes, as: UTF8.self) == "{\"data\":{\"contacts\":{\"totalCount\":3}}}")
        }
    }
}
