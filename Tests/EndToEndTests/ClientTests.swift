import FoundationEssentials
import GraphQL
import OrderedCollections
import Subprocess
import TestSupport
import Testing

extension EndToEnd.Running {
    /// Clients that others wrote, over the network.
    @Suite("by clients of the field", .serialized)
    struct Clients {
        private static func run(_ arguments: [String], key: String) async throws -> JSONValue {
            let url = try SharedDemo.current.text("graphql")
            let output = try await Python.run(
                "Tests/EndToEndTests/Clients/clients.py", [arguments[0], url] + arguments.dropFirst(),
                environment: ["SWITCHBOARD_API_KEY": key])
            return try JSONValue(parsing: Array(output.utf8))
        }

        /// Bindings are shown to nobody, and nobody is shown what its role may not ask. So the SDL that introspection is
        /// compared with is that of `switchboard schema print` without both, worked out in Python from the text alone.
        @Test(arguments: ["OWNER", "PLATFORM_ADMIN"])
        func `a schema built from introspection is the SDL, as far as the role may see it`(role: String) async throws {
            let demo = try SharedDemo.current
            let printed = try await demo.place.run(.switchboard, ["schema", "print"])
            #expect(printed.status == .exited(0), "\(printed.errors)")
            let file = demo.place.root + "/\(role).graphql"
            try Data(printed.output.utf8).write(to: URL(filePath: file))
            let seen = try await Self.run(
                ["schema", role, file], key: role == "OWNER" ? try demo.clinics[0].apiKey : demo.platformKey)
            #expect(seen["types"] == seen["expectedTypes"])
            // graphql-core's own `@deprecated` may stand at a place that the September 2025 edition does not have.
            #expect(seen["changes"] == ["DIRECTIVE_DEFINITION was removed from @deprecated."])
            #expect(seen["built"] == seen["expected"])
            #expect(seen["problems"] == [])
            let text = seen["built"]?.stringValue ?? ""
            #expect(!text.contains("@table") && !text.contains("enum Scope") && text.contains("type Query {"))
            #expect(text.contains("  platform: Platform!") == (role == "PLATFORM_ADMIN"))
            // Everybody may sign out; what belongs to an organization, only its own see.
            #expect(text.contains("  signOut: SignOutPayload!"))
            #expect(text.contains("  sendMessage(") == (role == "OWNER"))
        }

        @Test func `gql fetches the schema, asks, changes, sends a batch, and understands what it is refused`()
            async throws
        {
            let seen = try await Self.run(["work"], key: try SharedDemo.current.clinics[2].apiKey)
            #expect(seen["fetched"]?.arrayValue?.contains("messages") == true)
            #expect(seen["query"]?["viewer"]?["role"] == "OWNER")
            let created = seen["mutation"]?["createContact"]
            #expect(created?["contact"] == ["__typename": "Contact", "phone": "+14155550188", "name": "Zoë 😀"])
            #expect(created?["userErrors"] == [])
            let userErrors = seen["userError"]?["data"]?["createContact"]?["userErrors"]
            #expect(userErrors == [["code": "INVALID_PHONE", "field": ["phone"]]], "\(seen["userError"] ?? .null)")
            #expect(seen["refusedByTheClient"]?.stringValue?.contains("rolle") == true)
            let refused = seen["refusedByTheServer"]?["errors"]?.arrayValue?.first
            // gql sends the document as it prints it: the field stands in the third line.
            #expect(refused?["locations"] == [["line": 3, "column": 5]])
            #expect(refused?["extensions"]?["code"] == "GRAPHQL_VALIDATION_FAILED")
            #expect(seen["batch"]?.arrayValue?.count == 2)
            #expect(seen["batch"]?.arrayValue?.first?["viewer"]?["role"] == "OWNER")
        }

        @Test func `httpx-sse follows a sync that gql starts to its end`() async throws {
            let demo = try SharedDemo.current
            let clinic = try demo.clinics[2]
            try await Caller.with { try await MainJob(demo: demo, clinic: clinic, caller: $0).register() }
            let seen = try await Self.run(["subscription"], key: clinic.apiKey)
            #expect(seen["status"] == 200)
            #expect(seen["type"]?.stringValue?.hasPrefix("text/event-stream") == true)
            #expect(seen["started"]?["userErrors"] == [])
            #expect(seen["events"]?.arrayValue?.allSatisfy { $0 == "next" } == true)
            #expect(seen["states"]?.arrayValue?.last == "COMPLETED")
            let refusal = seen["refusal"]?.arrayValue ?? []
            #expect(refusal.compactMap { $0.arrayValue?.first } == ["next", "complete"])
            #expect(refusal.first?.arrayValue?.last?.stringValue?.contains("GRAPHQL_VALIDATION_FAILED") == true)
        }
    }
}
