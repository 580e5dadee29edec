import Foundation
import GraphQL
import OrderedCollections
import Postgres
import QueryEngine
import Testing

/// Every document of `Documents/` with the plan and SQL that the compiler makes of it, and the answer on the two clinics.
///
/// With `SWITCHBOARD_UPDATE_GOLDEN=1` in the environment the expected files are written instead of compared; review what
/// changed in them like code.
@Suite struct GoldenTests {
    struct Document: Sendable, CustomStringConvertible {
        let name: String
        let text: String
        let variables: OrderedDictionary<String, JSONValue>
        let role: Role

        var description: String { name }

        init(_ name: String) throws {
            self.name = name
            text = try String(contentsOfFile: GoldenTests.path("\(name).graphql"), encoding: .utf8)
            var variables: OrderedDictionary<String, JSONValue> = [:]
            var role = Role.owner
            for line in text.split(separator: "\n") {
                if line.hasPrefix("# variables: ") {
                    variables = try JSONValue(parsing: Array(line.dropFirst(13).utf8)).objectValue ?? [:]
                } else if line.hasPrefix("# role: ") {
                    role = Role(rawValue: String(line.dropFirst(8))) ?? .owner
                }
            }
            self.variables = variables
            self.role = role
        }

        var request: EngineRequest {
            var request = EngineRequest(text, variables: variables)
            request.allowsExport = true
            return request
        }
        var caller: Caller { role == .platformAdmin ? Clinic.platform : Clinic.alpha.caller(role) }
    }

    static let names = [
        "inbox", "three-levels", "page-forward", "page-backward", "filters", "node", "aliases", "skip-include",
        "long-keys", "scalars", "platform", "everything-beside", "create-contact", "message-changed",
        "combined-filters", "usage", "platform-usage", "export",
    ]

    static func path(_ file: String) -> String {
        let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        return "/\(folder)/Documents/\(file)"
    }

    private static var updates: Bool { ProcessInfo.processInfo.environment["SWITCHBOARD_UPDATE_GOLDEN"] == "1" }

    private func compare(_ actual: String, with file: String) throws {
        let path = Self.path(file)
        if Self.updates {
            try actual.write(toFile: path, atomically: true, encoding: .utf8)
        } else {
            let expected = try String(contentsOfFile: path, encoding: .utf8)
            #expect(actual == expected, "\(file) differs")
        }
    }

    @Test func `every document has its expected SQL`() throws {
        let (schema, catalog) = try TestSchema.bindings()
        let explainer = Explainer(schema: schema, catalog: catalog)
        for name in Self.names {
            let document = try Document(name)
            let explanation = explainer.explain(
                document.request, role: document.role, organization: document.caller.organization)
            #expect(explanation.errors.isEmpty, "\(name)")
            var text = explanation.plan.split(separator: "\n").map { "-- \($0)\n" }.joined()
            text += "-- cost \(explanation.cost)\n"
            for statement in explanation.statements {
                text += "\n-- as \(statement.role.rawValue)\n\(statement.sql);\n"
                for (index, parameter) in statement.parameters.enumerated() {
                    text += "-- $\(index + 1): \(parameter)\n"
                }
            }
            try compare(text, with: "\(name).sql")
        }
    }

    @Test func `every query has its expected answer`() async throws {
        try await withWorld { world in
            for name in Self.names {
                let document = try Document(name)
                let operation = document.text.split(separator: "\n").first { !$0.hasPrefix("#") } ?? ""
                guard operation.hasPrefix("{") || operation.hasPrefix("query") else { continue }
                let response = await world.engine.execute(document.request, caller: document.caller)
                let bytes = try await response.whole()
                try compare(String(decoding: bytes, as: UTF8.self) + "\n", with: "\(name).json")
                _ = try JSONValue(parsing: bytes)
            }
        }
    }

    @Test func `documents and this list agree`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.path(""))
        let documents = files.filter { $0.hasSuffix(".graphql") }.map { String($0.dropLast(8)) }
        #expect(Set(documents) == Set(Self.names))
    }
}
