import Foundation
import GraphQL
import OrderedCollections
import TestSupport
import Testing

extension DifferentialTests {
    /// Schemas as the reference implementation builds them.
    @Suite("of schemas") struct OfSchemas {
        @Test func `our SDL, and what our printer makes of it, are one valid schema, with all that is bound`()
            async throws
        {
            let subjects = try Corpus.subjects()
            let answers = try await compare(subjects.map { ($0.text, printSchema($0.schema, bindings: true)) })
            #expect(answers == subjects.map { _ in ["problems": [], "differences": []] })
        }

        @Test func `a schema that lost something on the way is noticed`() async throws {
            let own = try Corpus.subjects()[0]
            let printed = printSchema(own.schema, bindings: true)
            let losses = [
                ("@money(micros: \"price_micros\"", "@money(micros: \"price\""), ("  TOLL_FREE\n", ""),
                ("makeDefault: Boolean = true", "makeDefault: Boolean = false"),
                ("Capabilities! @embedded", "Capabilities!"),
                ("implements Node @table(name: \"contacts\"", "@table(name: \"contacts\""),
            ]
            let spoiled = losses.map { printed.replacing($0.0, with: $0.1) }
            #expect(spoiled.allSatisfy { $0 != printed })
            for answer in try await compare(spoiled.map { (own.text, $0) }) {
                #expect(answer["differences"]?.arrayValue?.isEmpty == false)
            }
        }

        private func compare(_ pairs: [(String, String)]) async throws -> [JSONValue] {
            let file = FileManager.default.temporaryDirectory
                .appendingPathComponent("switchboard-schemas-\(UUID()).jsonl")
            defer { try? FileManager.default.removeItem(at: file) }
            var bytes: [UInt8] = []
            for (one, other) in pairs {
                JSONValue.object(["one": .string(one), "other": .string(other)]).write(to: &bytes)
                bytes.append(0x0A)
            }
            try Data(bytes).write(to: file)
            let output = try await Python.run("Tests/GraphQLTests/Differential/schemas.py", [file.path])
            return try output.split(separator: "\n").map { try JSONValue(parsing: Array($0.utf8)) }
        }
    }
}
