import ArgumentParser
import Foundation
import GraphQL
import Logging
import OrderedCollections
import Postgres
import QueryEngine
import SchemaFiles

/// What an operation becomes: its plan, the SQL of its statements, and PostgreSQL's own plan of each.
struct SchemaExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Show what a GraphQL operation becomes: plan, SQL, and PostgreSQL's plan.",
        discussion: """
            Nothing is changed: a mutation is planned and not carried out, and of its statements, as of a subscription's, \
            PostgreSQL's plan is not asked, since what they read is known only while they run.
            """)

    @ArgumentParser.Argument(help: "A file with a GraphQL document.")
    var file: String

    @Option(help: "The variables, a JSON object.")
    var variables: String = "{}"

    @Option(help: "Which operation of the document, by its name.")
    var operation: String?

    @Option(help: "As which role it is asked: OWNER, ADMIN, AGENT, VIEWER, PLATFORM_ADMIN or PLATFORM_AUDITOR.")
    var role: String = "OWNER"

    @Option(help: "For which organization, by its ID (org_…); PostgreSQL's plan depends on how much it has.")
    var organization: String?

    @Option(help: "A libpq connection string without a user; SWITCHBOARD_DATABASE when left out.")
    var database: String?

    @Flag(help: "Let PostgreSQL execute the statements, and show what it really did.")
    var analyze = false

    func run() async throws {
        let request = try request()
        guard let role = Role(rawValue: role) else {
            throw ValidationError("--role is \"\(role)\"; expected one of \(Self.roles).")
        }
        let organization = try organizationID()
        let schema = try Schema(
            sources: SchemaFiles.all.map { Source(bytes: $0.bytes, name: "Schema/\($0.name)") },
            scalars: EngineScalars.all)
        let explanation = Explainer(schema: schema, catalog: try BindingCatalog(schema: schema))
            .explain(request, role: role, organization: role.isPlatform ? nil : organization)
        guard explanation.errors.isEmpty else {
            for error in explanation.errors { printError(error) }
            throw ExitCode.failure
        }
        print(String(decoding: request.document, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
        print("\nPlan, of cost \(explanation.cost), as \(role.rawValue):\n\n\(explanation.plan)")
        let conninfo = database ?? ProcessInfo.processInfo.environment["SWITCHBOARD_DATABASE"]
        guard let conninfo, !conninfo.isEmpty else {
            for statement in explanation.statements { printStatement(statement) }
            print("\nFor PostgreSQL's plan, give --database or set SWITCHBOARD_DATABASE.")
            return
        }
        try await withPlans(from: conninfo) { database in
            for statement in explanation.statements {
                printStatement(statement)
                print("\n" + (try await plan(of: statement, organization, database)))
            }
        }
    }

    // MARK: What was given

    private func request() throws -> EngineRequest {
        guard let document = FileManager.default.contents(atPath: file) else {
            throw ValidationError("\(file) cannot be read; expected a file with a GraphQL document.")
        }
        let given: OrderedDictionary<String, JSONValue>
        do {
            guard let object = try JSONValue(parsing: Array(variables.utf8)).objectValue else {
                throw CocoaError(.coderReadCorrupt)
            }
            given = object
        } catch {
            throw ValidationError("--variables is no JSON object; expected one such as '{\"first\": 20}'.")
        }
        var request = EngineRequest(document: Array(document), operationName: operation, variables: given)
        request.allowsExport = true
        return request
    }

    private func organizationID() throws -> OrganizationID {
        guard let organization else {
            return OrganizationID(UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)))
        }
        guard let uuid = OpaqueID.decode(organization, prefix: "org") else {
            throw ValidationError("--organization is \"\(organization)\"; expected an ID such as org_0123….")
        }
        return OrganizationID(uuid)
    }

    private static let roles = Role.allCases.map(\.rawValue).joined(separator: ", ")

    // MARK: What is said

    private func printError(_ error: GraphQLError) {
        let place = error.locations.first.map { "\(file):\($0.line):\($0.column): " } ?? "\(file): "
        FileHandle.standardError.write(Data("\(place)\(error.message) (\(error.code.rawValue))\n".utf8))
    }

    private func printStatement(_ statement: Explanation.ExplainedStatement) {
        print("\nSQL, as \(statement.role.rawValue):\n\n\(statement.sql)")
        for (index, parameter) in statement.parameters.enumerated() { print("-- $\(index + 1): \(parameter)") }
    }

    private func plan(
        of statement: Explanation.ExplainedStatement, _ organization: OrganizationID, _ database: Database
    ) async throws -> String {
        do {
            return try await statement.postgresPlan(in: database, organization: organization, analyze: analyze)
                ?? "-- PostgreSQL's plan is not asked: what this reads is known only while it runs."
        } catch {
            throw ExplainError(description: "PostgreSQL gave no plan: \(error.logDetail)")
        }
    }

    private func withPlans(from conninfo: String, _ body: (Database) async throws -> Void) async throws {
        let database = Database(
            configuration: DatabaseConfiguration(conninfo: conninfo),
            logger: Logger(label: "explain") { _ in SwiftLogNoOpLogHandler() })
        do {
            try await body(database)
        } catch {
            await database.close()
            throw error
        }
        await database.close()
    }
}

private struct ExplainError: Error, CustomStringConvertible {
    let description: String
}

extension Role {
    fileprivate var isPlatform: Bool { self == .platformAdmin || self == .platformAuditor }
}
