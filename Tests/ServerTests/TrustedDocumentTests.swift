import Foundation
import GraphQL
import QueryEngine
import Server
import TestWorld
import Testing

@Suite("Trusted documents", .timeLimit(.minutes(2)))
struct TrustedDocumentTests {
    private static let role = "query Role {\n  viewer { role }\n}"
    private static let data = #"{"data":{"viewer":{"role":"OWNER"}}}"#
    private static let files = [
        "Role.graphql": role + "\n",
        "more/Watch.graphql": "subscription Watch { messageChanged { body } }",
        "more/Add.graphql":
            "mutation Add($phone: E164!) { createContact(input: {phone: $phone}) { contact { phone } } }\n",
        "notes.txt": "{ __typename }",
    ]

    private static func post(_ json: String, _ headers: [String: String] = [:]) -> String {
        request(body: json, headers)
    }

    @discardableResult
    private static func withFiles<Result>(
        _ files: [String: String], _ body: (String) async throws -> Result
    ) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("trusted-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files {
            let file = folder.appendingPathComponent(name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        return try await body(folder.path)
    }

    private static func serving(_ body: @Sendable (RealServer) async throws -> Void) async throws {
        try await withFiles(files) { folder in
            let trusted = try TrustedDocuments(directory: folder)
            try await RealServer.with(configured { $0.documents = .trusted(trusted) }, body)
        }
    }

    @Test func `run by the file's name, by hash, and by their very text, with POST and GET`() async throws {
        let hash = Named.hash(Self.role)
        let bodies = [
            #"{"documentId":"Role"}"#, #"{"documentId":"sha256:\#(hash)"}"#, #"{"documentId":"\#(hash)"}"#,
            #"{"documentId":"sha256:\#(Named.hash(Self.role + "\n"))"}"#,
            Named.persisted(Self.role, sending: false), Named.persisted(Self.role, sending: true),
            #"{"query":"\#(Named.escaped(Self.role))"}"#,
            #"{"query":"\#(Named.escaped(Self.role))\n","documentId":"Role"}"#,
        ]
        let queries = [
            "documentId=Role", "documentId=sha256%3A\(hash)", "query=\(Named.percent(Self.role))",
            "extensions=\(Named.percent(Named.extensions(Self.role)))",
        ]
        try await Self.serving { server in
            let requests = bodies.map { Self.post($0) } + queries.map { request("GET", "/graphql?\($0)") }
            let before = server.world.engine.cachedOperations
            for text in requests {
                let answer = try await server.ask(text)
                #expect(answer.text == Self.data, "\(text)")
            }
            // All of them are one document to the engine.
            #expect(server.world.engine.cachedOperations == before + 1)
        }
    }

    @Test func `are all that runs`() async throws {
        let other = "{ viewer { role } }"
        let refused = [
            #"{"query":"\#(other)"}"#, #"{"query":"{ __typename }"}"#, #"{"documentId":"Other"}"#,
            #"{"documentId":"notes"}"#, #"{"documentId":"more/Add"}"#,
            #"{"documentId":"sha256:\#(Named.hash(other))"}"#,
            Named.persisted(other, sending: true), Named.persisted(other, sending: false),
            #"{"query":"\#(other)","documentId":"Role"}"#, #"{"query":"{ __schema { types { name } } }"}"#,
            #"{"query":"\#(Named.escaped(Self.role.replacing("role", with: "role kind")))"}"#,
        ]
        try await Self.serving { server in
            for text in refused {
                for accept in ["application/json", "application/graphql-response+json"] {
                    let answer = try await server.ask(Self.post(text, ["Accept": accept]))
                    #expect(answer.status == 403, "\(text)")
                    #expect(StatusTests.code(answer) == "DOCUMENT_NOT_TRUSTED", "\(text)")
                    #expect(try JSONValue(parsing: answer.body)["data"] == nil)
                }
            }
            let byGet = try await server.ask(request("GET", "/graphql?query=\(Named.percent(other))"))
            #expect(StatusTests.code(byGet) == "DOCUMENT_NOT_TRUSTED")
            let stream = try await server.ask(
                Self.post(#"{"query":"subscription { messageChanged { id } }"}"#, ["Accept": "text/event-stream"]))
            #expect(stream.status == 200)
            #expect(stream.text.contains("DOCUMENT_NOT_TRUSTED"))
            #expect(stream.text.hasSuffix("event: complete\ndata:\n\n"))
            let crossed = try await server.ask(
                Self.post(#"{"query":"\#(Named.escaped(Self.role))","documentId":"Watch"}"#))
            #expect(StatusTests.code(crossed) == "PERSISTED_QUERY_HASH_MISMATCH")
            // Nobody who is not let in learns what is trusted.
            #expect(try await server.ask(request(body: #"{"documentId":"Role"}"#, bearer: nil)).status == 401)
        }
        // Negative control: without the mode the same are run.
        try await RealServer.with { server in
            let answer = try await server.ask(Self.post(refused[0]))
            #expect(answer.text == Self.data)
        }
    }

    @Test func `may be mutations and subscriptions, and stand in batches beside what is refused`() async throws {
        try await Self.serving { server in
            let add = #"{"documentId":"Add","variables":{"phone":"+15005550009"}}"#
            let batch = try await server.ask(
                Self.post("[\(add),{\"query\":\"{ __typename }\"},{\"documentId\":\"Role\"}]"))
            let items = try #require(try JSONValue(parsing: batch.body).arrayValue)
            #expect(items[0]["data"]?["createContact"]?["contact"]?["phone"] == "+15005550009")
            #expect(items[1]["errors"]?.arrayValue?.first?["extensions"]?["code"] == "DOCUMENT_NOT_TRUSTED")
            #expect(items[2]["data"]?["viewer"]?["role"] == "OWNER")
            let byGet = try await server.ask(
                request("GET", "/graphql?documentId=Add&variables=\(Named.percent(#"{"phone":"+15005550009"}"#))"))
            #expect(byGet.status == 405)
            #expect(byGet["allow"] == "POST")
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(
                    server.signed(Self.post(#"{"documentId":"Watch"}"#, ["Accept": "text/event-stream"])))
                #expect(try await connection.head().status == 200)
                #expect(try await connection.event() == ":\n\n")
                _ = try await server.world.send("Trusted", as: server.clinic)
                #expect(try await connection.event()?.contains("Trusted") == true)
            }
        }
    }

    @Test func `must be in a directory that holds some, each by a name of its own`() async throws {
        try await Self.withFiles(["a/One.graphql": "{ a }", "b/One.graphql": "{ b }"]) { folder in
            #expect(throws: TrustedDocumentsError.sameName("\(folder)/a/One.graphql", "\(folder)/b/One.graphql")) {
                try TrustedDocuments(directory: folder)
            }
            #expect(throws: TrustedDocumentsError.noDirectory(folder + "/c")) {
                try TrustedDocuments(directory: folder + "/c")
            }
            #expect(throws: TrustedDocumentsError.noDirectory(folder + "/a/One.graphql")) {
                try TrustedDocuments(directory: folder + "/a/One.graphql")
            }
        }
        try await Self.withFiles(["notes.txt": ""]) { folder in
            #expect(throws: TrustedDocumentsError.noDocument(folder)) {
                try TrustedDocuments(directory: folder)
            }
        }
        try await Self.withFiles(["a b.graphql": "{ a }"]) { folder in
            #expect(throws: TrustedDocumentsError.badName(folder + "/a b.graphql")) {
                try TrustedDocuments(directory: folder)
            }
        }
    }
}
