import Accounts
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

    @Option(help: "For which organization, by its slug or ID (org_…); PostgreSQL's plan depends on how much it has.")
    var organization: String?

    @Option(help: "A libpq connection string without a user; SWITCHBOARD_DATABASE when left out.")
    var database: String?

    @Flag(help: "Let PostgreSQL execute the statements, and show what it really did.")
    var analyze = false

    func validate() throws {
        guard Role(rawValue: role) != nil else {
            throw ValidationError("--role is \"\(role)\"; expected one of \(Self.roles).")
        }
        guard (try? JSONValue(parsing: Array(variables.utf8)))?.objectValue != nil else {
            throw ValidationError("--variables is no JSON object; expected one such as '{\"first\": 20}'.")
        }
        if analyze, conninfo == nil {
            throw ValidationError("--analyze needs a database: give --database or set SWITCHBOARD_DATABASE.")
        }
    }

    func run() async throws {
        let request = try request()
        let role = Role(rawValue: role) ?? .owner
        let schema = try Schema(
            sources: SchemaFiles.all.map { Source(bytes: $0.bytes, name: "Schema/\($0.name)") },
            scalars: EngineScalars.all)
        let explanation = Explainer(schema: schema, catalog: try BindingCatalog(schema: schema))
            .explain(request, role: role, organization: role.isPlatform ? nil : Self.nobody)
        guard explanation.errors.isEmpty else {
            for error in explanation.errors { printError(error) }
            throw ExitCode.failure
        }
        print(try operationText(request))
        print("\nPlan, of cost \(explanation.cost), as \(role.rawValue):\n\n\(explanation.plan)")
        guard let conninfo else {
            for statement in explanation.statements { printStatement(statement) }
            print("\nFor PostgreSQL's plan, give --database or set SWITCHBOARD_DATABASE.")
            return
        }
        try await withPlans(from: conninfo) { database in
            let organization = try await organizationID(in: database)
            // Anew, since the organization is one of the values.
            let explanation = Explainer(schema: schema, catalog: try BindingCatalog(schema: schema))
                .explain(request, role: role, organization: role.isPlatform ? nil : organization)
            for statement in explanation.statements {
                printStatement(statement)
                if statement.role == .tenant, self.organization == nil, statement.values != nil {
                    print("\n-- For an organization that has no rows. Give --organization for one that has.")
                }
                print("\n" + (try await plan(of: statement, organization, database)))
            }
        }
    }

    // MARK: What was given

    private var conninfo: String? {
        let given = database ?? ProcessInfo.processInfo.environment["SWITCHBOARD_DATABASE"]
        return given.flatMap { $0.isEmpty ? nil : $0 }
    }

    private func request() throws -> EngineRequest {
        guard let document = FileManager.default.contents(atPath: file) else {
            throw ExplainError(description: "\(file) cannot be read; expected a file with a GraphQL document.")
        }
        let given = try JSONValue(parsing: Array(variables.utf8)).objectValue ?? [:]
        var request = EngineRequest(document: Array(document), operationName: operation, variables: given)
        request.allowsExport = true
        return request
    }

    /// The document; of several operations the one that was asked for, with all fragments.
    private func operationText(_ request: EngineRequest) throws -> String {
        let document = try GraphQL.parse(request.document)
        guard document.operations.count > 1 else {
            return String(decoding: request.document, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        }
        let kept = document.definitions.filter { definition in
            if case .operation(let other) = definition { other.name == operation } else { true }
        }
        return printDocument(Document(definitions: kept)).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// One that there is not: PostgreSQL plans for what it knows of the tables as a whole, and finds nothing.
    private static let nobody = OrganizationID(UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)))

    private func organizationID(in database: Database) async throws -> OrganizationID {
        guard let organization else { return Self.nobody }
        if let uuid = OpaqueID.decode(organization, prefix: "org") { return OrganizationID(uuid) }
        do {
            guard let found = try await Organizations.find(slug: organization, in: database) else {
                throw ExplainError(
                    description:
                        "--organization is \"\(organization)\", which is no organization's slug, nor an ID such "
                        + "as org_0123….")
            }
            return found
        } catch let error as PostgresError {
            throw ExplainError(description: "PostgreSQL gave no plan: \(error.logDetail)")
        }
    }

    private static let roles = Role.allCases.map(\.rawValue).joined(separator: ", ")

    // MARK: What is said

    private func printError(_ error: GraphQLError) {
        let place = error.locations.first.map { "\(file):\($0.line):\($0.column): " } ?? "\(file): "
        FileHandle.standardError.write(
            Data("\(place)\(message(of: error)) (\(error.code.rawValue))\n".utf8))
    }

    /// In the words of the command line.
    private func message(of error: GraphQLError) -> String {
        guard error.code == .operationResolutionFailed, let document = try? request().document,
            let operations = try? GraphQL.parse(document).operations, !operations.isEmpty
        else { return error.message }
        let names = operations.compactMap(\.name).joined(separator: ", ")
        guard let operation else {
            return "The document has \(operations.count) operations; say which with --operation: \(names)."
        }
        return names.isEmpty
            ? "The document's operation has no name; leave --operation out."
            : "The document has no operation \"\(operation)\"; it has \(names)."
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
