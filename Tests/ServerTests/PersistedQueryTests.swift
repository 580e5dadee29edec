import Crypto
import GraphQL
import QueryEngine
import Server
import TestWorld
import Testing

/// Requests that name their documents.
enum Named {
    static func hash(_ document: String) -> String {
        SHA256.hash(data: Array(document.utf8)).map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
    }

    static func extensions(_ document: String) -> String {
        #"{"persistedQuery":{"version":1,"sha256Hash":"\#(hash(document))"}}"#
    }

    /// Apollo's way; with the document to register it, without to ask for it.
    static func persisted(_ document: String, sending: Bool, more: String = "") -> String {
        let query = sending ? #""query":"\#(escaped(document))","# : ""
        return "{\(query)\(more)\"extensions\":\(extensions(document))}"
    }

    static func escaped(_ document: String) -> String {
        document.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    static func get(_ document: String, sending: Bool) -> String {
        let query = sending ? "query=\(percent(document))&" : ""
        return request("GET", "/graphql?\(query)extensions=\(percent(extensions(document)))")
    }

    static func percent(_ text: String) -> String {
        text.utf8.map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return "%" + (digits.count == 1 ? "0" + digits : digits)
        }.joined()
    }
}

@Suite("Automatic Persisted Queries", .timeLimit(.minutes(2)))
struct PersistedQueryTests {
    private static let document = "query Role { viewer { role } }"
    private static let data = #"{"data":{"viewer":{"role":"OWNER"}}}"#

    private static func post(_ json: String, _ headers: [String: String] = [:]) -> String {
        request(body: json, headers)
    }

    @Test(arguments: ["application/graphql-response+json", "application/json", "*/*"])
    func `are asked for by hash, registered once, and then known by GET and POST`(accept: String) async throws {
        try await RealServer.with { server in
            let asking = Self.post(Named.persisted(Self.document, sending: false), ["Accept": accept])
            let unknown = try await server.ask(asking)
            // Apollo's clients look for the code or the message, and take no other status.
            #expect(unknown.status == 200)
            #expect(StatusTests.code(unknown) == "PERSISTED_QUERY_NOT_FOUND")
            #expect(unknown.text.contains(#""message":"PersistedQueryNotFound""#))
            #expect(try await server.ask(Self.post(Named.persisted(Self.document, sending: true))).text == Self.data)
            let known = server.world.engine.cachedOperations
            #expect(try await server.ask(asking).text == Self.data)
            #expect(try await server.ask(Named.get(Self.document, sending: false)).text == Self.data)
            let byID = #"{"documentId":"sha256:\#(Named.hash(Self.document))"}"#
            #expect(try await server.ask(Self.post(byID)).text == Self.data)
            #expect(
                try await server.ask(
                    request("GET", "/graphql?documentId=sha256%3A\(Named.hash(Self.document))")
                ).text == Self.data)
            // The very bytes that the engine knows: nothing was parsed again.
            #expect(server.world.engine.cachedOperations == known)
        }
    }

    @Test func `may be registered by GET, with variables and a name, and answered as a stream`() async throws {
        try await RealServer.with { server in
            let document = "query A($w: Boolean!) { viewer { role @include(if: $w) kind } } query B { __typename }"
            let first = try await server.ask(Named.get(Self.document, sending: true))
            #expect(first.text == Self.data)
            let more = #""operationName":"A","variables":{"w":false},"#
            _ = try await server.ask(Self.post(Named.persisted(document, sending: true, more: more)))
            let second = try await server.ask(Self.post(Named.persisted(document, sending: false, more: more)))
            #expect(second.text == #"{"data":{"viewer":{"kind":"API_KEY"}}}"#)
            let stream = try await server.ask(
                Self.post(Named.persisted(Self.document, sending: false), ["Accept": "text/event-stream"]))
            #expect(stream.status == 200)
            #expect(stream.text.contains("event: next\ndata: \(Self.data)\n\n"))
            let unknown = try await server.ask(
                Self.post(Named.persisted("{ __typename }", sending: false), ["Accept": "text/event-stream"]))
            #expect(unknown.status == 200)
            #expect(unknown.text.contains("PersistedQueryNotFound"))
            #expect(unknown.text.hasSuffix("event: complete\ndata:\n\n"))
        }
    }

    @Test func `begin a subscription, too`() async throws {
        try await RealServer.with { server in
            let document = "subscription { messageChanged { body } }"
            for sending in [true, false] {
                try await RawConnection.with(port: server.port) { connection in
                    try await connection.send(
                        server.signed(
                            Self.post(Named.persisted(document, sending: sending), ["Accept": "text/event-stream"])))
                    #expect(try await connection.head().status == 200)
                    #expect(try await connection.event() == ":\n\n")
                    _ = try await server.world.send("Persisted \(sending)", as: server.clinic)
                    #expect(try await connection.event()?.contains("Persisted \(sending)") == true)
                }
            }
        }
    }

    @Test func `stand in batches, each by itself`() async throws {
        try await RealServer.with { server in
            let batch = [
                Named.persisted(Self.document, sending: false), Named.persisted(Self.document, sending: true),
                Named.persisted(Self.document, sending: false), body("subscription { messageChanged { id } }"),
            ].joined(separator: ",")
            let answer = try await server.ask(Self.post("[\(batch)]"))
            #expect(answer.status == 200)
            let items = try #require(try JSONValue(parsing: answer.body).arrayValue)
            #expect(items[0]["errors"]?.arrayValue?.first?["extensions"]?["code"] == "PERSISTED_QUERY_NOT_FOUND")
            #expect(items[1]["data"]?["viewer"]?["role"] == "OWNER")
            #expect(items[2] == items[1])
            #expect(items[3]["errors"]?.arrayValue?.first?["extensions"]?["code"] == "NOT_ACCEPTABLE")
        }
    }

    @Test func `of one organization are not found by another`() async throws {
        try await RealServer.with { server in
            _ = try await server.ask(Self.post(Named.persisted(Self.document, sending: true)))
            let asking = Self.post(Named.persisted(Self.document, sending: false))
            #expect(try await server.ask(asking).text == Self.data)
            let other = try await ask(server.port, asking.replacing("sb_good", with: server.otherKey))
            #expect(StatusTests.code(other) == "PERSISTED_QUERY_NOT_FOUND")
        }
    }

    @Test func `that are many push out the oldest of whoever registers them, and nobody else's`() async throws {
        var limits = PersistedQueryLimits()
        limits.documents = 8
        let configuration = configured { $0.documents = .any(persisted: PersistedQueries(limits: limits)) }
        try await RealServer.with(configuration) { server in
            func exchange(_ number: Int, _ key: String, sending: Bool) async throws -> Bool {
                let text = Self.post(Named.persisted("{ viewer { a\(number): role } }", sending: sending))
                let answer = try await ask(server.port, text.replacing("sb_good", with: key))
                return StatusTests.code(answer) == nil
            }
            for number in 1...4 { _ = try await exchange(number, server.otherKey, sending: true) }
            for number in 1...20 {
                _ = try await exchange(number, server.key, sending: true)
                // What is used stays.
                #expect(try await exchange(1, server.key, sending: false))
            }
            for number in 1...4 { #expect(try await exchange(number, server.otherKey, sending: false)) }
            #expect(try await exchange(20, server.key, sending: false))
            #expect(try await !exchange(2, server.key, sending: false))
            // Negative control: one who holds more than a share does give way.
            for number in 21...30 { _ = try await exchange(number, server.otherKey, sending: true) }
            #expect(try await !exchange(1, server.otherKey, sending: false))
            #expect(try await exchange(20, server.key, sending: false))
        }
    }

    @Test func `are bounded by their bytes, too`() async throws {
        var limits = PersistedQueryLimits()
        limits.bytes = 200
        let configuration = configured { $0.documents = .any(persisted: PersistedQueries(limits: limits)) }
        try await RealServer.with(configuration) { server in
            let long = "{ viewer { role } } # " + String(repeating: "x", count: 300)
            let one = "{ viewer { role } } # " + String(repeating: "y", count: 100)
            let two = "{ viewer { role } } # " + String(repeating: "z", count: 100)
            for document in [long, one, two] {
                #expect(try await server.ask(Self.post(Named.persisted(document, sending: true))).text == Self.data)
            }
            for (document, isKept) in [(long, false), (one, false), (two, true)] {
                let answer = try await server.ask(Self.post(Named.persisted(document, sending: false)))
                #expect((answer.text == Self.data) == isKept)
            }
        }
    }

    @Test(
        arguments: [
            (#"{"persistedQuery":7}"#, "extensions.persistedQuery"),
            (#"{"persistedQuery":{"sha256Hash":"\#(Named.hash("{ __typename }"))"}}"#, "version"),
            (#"{"persistedQuery":{"version":2,"sha256Hash":"\#(Named.hash("{ __typename }"))"}}"#, "version"),
            (#"{"persistedQuery":{"version":1}}"#, "sha256Hash"),
            (#"{"persistedQuery":{"version":1,"sha256Hash":"abc"}}"#, "sha256Hash"),
            (#"{"persistedQuery":{"version":1,"sha256Hash":"\#(String(repeating: "g", count: 64))"}}"#, "sha256Hash"),
        ])
    func `whose extension is not what it must be are 400 and told why`(_ extensions: String, _ word: String)
        async throws
    {
        try await RunningServer.with { server in
            for query in ["", #""query":"{ __typename }","#] {
                let answer = try await ask(server.port, Self.post("{\(query)\"extensions\":\(extensions)}"))
                #expect(answer.status == 400)
                #expect(StatusTests.code(answer) == "BAD_REQUEST")
                #expect(answer.text.contains(word))
            }
            #expect(server.executor.asked.isEmpty)
        }
    }

    @Test func `are refused where the hash is another document's, and then nothing is kept`() async throws {
        try await RunningServer.with { server in
            let lie = #"{"query":"{ __typename }","extensions":\#(Named.extensions("{ partial }"))}"#
            let refused = try await ask(server.port, Self.post(lie))
            #expect(refused.status == 400)
            #expect(StatusTests.code(refused) == "PERSISTED_QUERY_HASH_MISMATCH")
            for document in ["{ __typename }", "{ partial }"] {
                let answer = try await ask(server.port, Self.post(Named.persisted(document, sending: false)))
                #expect(StatusTests.code(answer) == "PERSISTED_QUERY_NOT_FOUND")
            }
            #expect(server.executor.asked.isEmpty)
            // Once it is known under its own hash, another's is refused all the same.
            _ = try await ask(server.port, Self.post(Named.persisted("{ partial }", sending: true)))
            #expect(await status(server.port, Self.post(lie)) == 400)
            let two = #"{"documentId":"sha256:\#(Named.hash("{ a }"))","extensions":\#(Named.extensions("{ b }"))}"#
            #expect(await status(server.port, Self.post(two)) == 400)
        }
    }

    @Test func `switched off are not supported, and a document that is sent is run`() async throws {
        try await RunningServer.with(configured { $0.documents = .any(persisted: nil) }) { server in
            let asked = try await ask(server.port, Self.post(Named.persisted("{ __typename }", sending: false)))
            #expect(asked.status == 200)
            #expect(StatusTests.code(asked) == "PERSISTED_QUERY_NOT_SUPPORTED")
            #expect(asked.text.contains(#""message":"PersistedQueryNotSupported""#))
            let sent = try await ask(server.port, Self.post(Named.persisted("{ __typename }", sending: true)))
            #expect(sent.text == #"{"data":{"__typename":"Query"}}"#)
        }
    }

    @Test func `null counts as absent, and an extension that nobody knows is passed over`() async throws {
        try await RunningServer.with { server in
            for extensions in [#"{"persistedQuery":null}"#, #"{"tracing":{"any":[1]}}"#, "null", "{}"] {
                let text = #"{"query":"{ __typename }","documentId":null,"extensions":\#(extensions)}"#
                #expect(await status(server.port, Self.post(text)) == 200)
            }
            #expect(await status(server.port, Self.post(#"{"documentId":7}"#)) == 400)
            #expect(await status(server.port, Self.post(#"{"query":null,"extensions":{}}"#)) == 400)
        }
    }
}
