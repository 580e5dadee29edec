import Foundation
import GraphQL
import Subprocess
import TestSupport
import Testing

extension EndToEnd.Running {
    @Suite("serve, by its settings", .serialized)
    struct ServeSettings {
        private static let suggestion = "{ viewer { rol } }"
        private static let introspection = "{ __schema { queryType { name } } }"

        @Test func `tells of the schema, takes batches and keeps queries, unless told otherwise`() async throws {
            try await serving([:]) { (answer) async throws in
                #expect(try await answer(#"{"query":"\#(Self.suggestion)"}"#).text.contains("Did you mean"))
                #expect(try await answer(#"{"query":"\#(Self.introspection)"}"#).json["data"] != nil)
                #expect(try await answer(Self.batch(10)).status == 200)
                #expect(try await code(answer(Self.batch(11))) == "BATCH_TOO_LARGE")
                #expect(try await code(answer(Self.persisted)) == "PERSISTED_QUERY_NOT_FOUND")
            }
            try await serving([
                "INTROSPECTION": "false", "SUGGESTIONS": "off", "BATCH_LIMIT": "2", "PERSISTED_QUERIES": "no",
            ]) { (answer) async throws in
                let refused = try await answer(#"{"query":"\#(Self.suggestion)"}"#)
                #expect(refused.text.contains("rol") && !refused.text.contains("Did you mean"))
                #expect(try await code(answer(#"{"query":"\#(Self.introspection)"}"#)) == "INTROSPECTION_DISABLED")
                #expect(try await answer(#"{"query":"{ __typename }"}"#).json["data"]?["__typename"] == "Query")
                #expect(try await answer(Self.batch(2)).status == 200)
                let tooMany = try await answer(Self.batch(3))
                #expect(code(tooMany) == "BATCH_TOO_LARGE")
                #expect(try tooMany.error?["extensions"]?["measured"] == 3)
                #expect(try tooMany.error?["extensions"]?["limit"] == 2)
                #expect(try await code(answer(Self.persisted)) == "PERSISTED_QUERY_NOT_SUPPORTED")
            }
        }

        @Test func `runs trusted documents only, where it is given some`() async throws {
            let folder = try folder(["Role.graphql": "{ viewer { role } }\n"])
            try await serving(["TRUSTED_DOCUMENTS": folder]) { (answer) async throws in
                #expect(try await answer(#"{"documentId":"Role"}"#).json["data"]?["viewer"]?["role"] == "OWNER")
                #expect(try await code(answer(#"{"query":"{ __typename }"}"#)) == "DOCUMENT_NOT_TRUSTED")
            }
        }

        @Test func `does not start with documents that do not fit the schema, and names each place`() async throws {
            let folder = try folder([
                "Role.graphql": "{\n  viewer { rolle }\n}", "deep/Broken.graphql": "query {\n\n  viewer {",
                "Good.graphql": "{ __typename }",
            ])
            let demo = try SharedDemo.current
            let serve = try await demo.place.run(
                .switchboard, ["serve"], environment: try demo.settings(["TRUSTED_DOCUMENTS": folder]))
            #expect(serve.status == .exited(1))
            #expect(serve.errors.contains("\(folder)/Role.graphql:2:12: "), "\(serve.errors)")
            #expect(serve.errors.contains("\(folder)/deep/Broken.graphql:3:"), "\(serve.errors)")
            #expect(!serve.errors.contains("Good.graphql"))
        }

        @Test(
            arguments: [
                ("TRUSTED_DOCUMENTS", "/nonexistent"), ("INTROSPECTION", "maybe"), ("SUGGESTIONS", "2"),
                ("PERSISTED_QUERIES", "many"), ("BATCH_LIMIT", "0"), ("MAX_REQUESTS", "x"),
                ("MAX_ORGANIZATION_REQUESTS", "-1"), ("MAX_STREAMS", "1.5"), ("MAX_ORGANIZATION_STREAMS", "0"),
            ])
        func `does not start with a setting that does not serve, and names it`(name: String, value: String) async throws
        {
            let demo = try SharedDemo.current
            let serve = try await demo.place.run(
                .switchboard, ["serve"], environment: try demo.settings([name: value]))
            #expect(serve.isRefused(naming: "SWITCHBOARD_\(name)", value), "\(serve)")
        }

        @Test func `lists every setting in its help`() async throws {
            let help = try await SharedDemo.current.place.run(.switchboard, ["serve", "--help"]).output
            for name in [
                "INTROSPECTION", "SUGGESTIONS", "PERSISTED_QUERIES", "TRUSTED_DOCUMENTS", "BATCH_LIMIT", "MAX_REQUESTS",
                "MAX_ORGANIZATION_REQUESTS", "MAX_STREAMS", "MAX_ORGANIZATION_STREAMS",
            ] {
                #expect(help.contains("SWITCHBOARD_\(name)"), "\(name)")
            }
        }

        // MARK: A server beside the demo's, over its database

        private func serving(
            _ more: [String: String], _ body: (_ answer: (String) async throws -> Caller.Answer) async throws -> Void
        ) async throws {
            let demo = try SharedDemo.current
            let port = try FreePort.find()
            let program = try await RunningProgram.start(
                try Executable.switchboard.path, ["serve"], folder: demo.place.root,
                environment: try demo.settings(port: port, more))
            do {
                try await Caller.with { caller in
                    let url = "http://127.0.0.1:\(port)"
                    try await eventually("the server is ready") {
                        guard program.status == nil else { throw Unexpected("It ended: \(try program.errors)") }
                        return (try? await caller.get(url + "/readyz").status) == 200
                    }
                    let headers = [
                        ("Content-Type", "application/json"), ("Authorization", "Bearer \(try demo.clinics[0].apiKey)"),
                    ]
                    try await body { try await caller.post(url + "/graphql", Array($0.utf8), headers: headers) }
                }
            } catch {
                try? await program.end()
                throw error
            }
            try await program.end()
        }

        private func folder(_ files: [String: String]) throws -> String {
            let folder = try SharedDemo.current.place.root + "/documents-\(UUID().uuidString)"
            for (name, text) in files {
                let file = URL(filePath: "\(folder)/\(name)")
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: file)
            }
            return folder
        }

        private func code(_ answer: Caller.Answer) -> String? {
            (try? answer.error)?["extensions"]?["code"]?.stringValue
        }

        private static func batch(_ count: Int) -> String {
            "[" + Array(repeating: #"{"query":"{ __typename }"}"#, count: count).joined(separator: ",") + "]"
        }

        private static let persisted =
            #"{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"\#(String(repeating: "0", count: 64))"}}}"#
    }
}
