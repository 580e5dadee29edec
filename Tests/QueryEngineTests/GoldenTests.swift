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

        /// How it begins.
        var operation: Substring { text.split(separator: "\n").first { !$0.hasPrefix("#") } ?? "" }

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
                guard document.operation.hasPrefix("{") || document.operation.hasPrefix("query") else { continue }
                let response = await world.engine.execute(document.request, caller: document.caller)
                let bytes = try await response.whole()
                try compare(String(decoding: bytes, as: UTF8.self) + "\n", with: "\(name).json")
                _ = try JSONValue(parsing: bytes)
            }
        }
    }

    private static let insert = Statement(
        "INSERT INTO contacts (org_id, id, phone, name) VALUES ($1, $2, $3, $4)")

    /// With an id that is always the same, since it is in the answer.
    private static let createContact: CommandBody = { request in
        let id = Clinic.alpha.contact(9)
        return try await request.commit { transaction in
            _ = try await transaction.execute(
                insert,
                [
                    .organization(request.organization), .uuid(id), PostgresValue(request.input["phone"]?.stringValue),
                    PostgresValue(request.input["name"]?.stringValue),
                ])
            return .done(["contact": .row(id)])
        }
    }

    /// In a world of its own, since it changes something.
    @Test func `every mutation has its expected answer`() async throws {
        for document in try Self.names.map(Document.init) where document.operation.hasPrefix("mutation") {
            try await withWorld(commands: ["createContact": Self.createContact]) { world in
                let response = await world.engine.execute(document.request, caller: document.caller)
                try compare(String(decoding: response.bytes, as: UTF8.self) + "\n", with: "\(document.name).json")
            }
        }
    }

    /// The first event after all of the clinic's messages have changed.
    @Test(.timeLimit(.minutes(1))) func `every subscription has its expected event`() async throws {
        for document in try Self.names.map(Document.init) where document.operation.hasPrefix("subscription") {
            try await withWorld { world in
                var events = await world.engine.subscribe(document.request, caller: document.caller).makeAsyncIterator()
                try await world.database.withTenant(Clinic.alpha.id) { transaction in
                    try await Changes.record("message", (1...7).map(Clinic.alpha.message), in: transaction)
                }
                let event = try #require(await events.next())
                try compare(String(decoding: event.response.bytes, as: UTF8.self) + "\n", with: "\(document.name).json")
            }
        }
    }

    @Test func `documents and this list agree`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.path(""))
        let documents = files.filter { $0.hasSuffix(".graphql") }.map { String($0.dropLast(8)) }
        #expect(Set(documents) == Set(Self.names))
        // Each has its SQL and its answer, and there is no answer to nothing.
        for ending in [".sql", ".json"] {
            #expect(
                Set(files.filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }) == Set(Self.names))
        }
    }
}
