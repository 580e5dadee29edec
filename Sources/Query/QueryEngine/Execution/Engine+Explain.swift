package import GraphQL
package import Postgres

/// What an operation becomes, for people.
package struct Explanation: Sendable {
    package struct ExplainedStatement: Sendable {
        package let sql: String
        /// What `$1…$n` take, in words.
        package let parameters: [String]
        /// As whom it runs.
        package let role: DatabaseRole
        /// What `$1…$n` take for these variables; `nil` where a value is known only while a command or a feed runs.
        package let values: [PostgresValue]?

        /// PostgreSQL's own plan, as text; `nil` where there are no values.
        ///
        /// - Parameters:
        ///   - organization: in whose scope, for a statement of the tenants' role.
        ///   - analyze: whether the statement is executed, to tell what really happened. It only reads.
        package func postgresPlan(
            in database: Database, organization: OrganizationID, analyze: Bool
        ) async throws(PostgresError) -> String? {
            guard let values else { return nil }
            let options = analyze ? "ANALYZE, BUFFERS, VERBOSE" : "VERBOSE"
            let statement = Statement(compiled: "EXPLAIN (\(options))\n\(sql)")
            let result =
                role == .tenant
                ? try await database.read(organization, statement, values)
                : try await database.query(as: role, statement, values)
            return result.rows.compactMap { $0.string(0) }.joined(separator: "\n")
        }
    }

    /// An indented tree.
    package let plan: String
    package let statements: [ExplainedStatement]
    /// What it could read, by the measure of `costLimit`.
    package let cost: Int
    /// Why there is no plan.
    package let errors: [GraphQLError]
}

extension Engine {
    /// The plan of an operation and the SQL of its statements, as they would be for this role. Nothing is executed.
    package func explain(_ request: EngineRequest, role: Role, organization: OrganizationID?) -> Explanation {
        preparation.explain(request, role: role, organization: organization)
    }
}

extension Preparation {
    func explain(_ request: EngineRequest, role: Role, organization: OrganizationID?) -> Explanation {
        do throws(Refusal) {
            let isStream = try operation(request).operation.operationType == .subscription
            let prepared = try prepare(request, role: role, organization: organization, isStream: isStream)
            let (compiled, values) = (prepared.compiled, prepared.values)
            func explained(_ statement: CompiledStatement?, _ role: DatabaseRole) -> Explanation.ExplainedStatement? {
                guard let statement else { return nil }
                let isComplete = !statement.parameters.contains {
                    switch $0 {
                    case .subject, .subjects: true
                    default: false
                    }
                }
                return Explanation.ExplainedStatement(
                    sql: statement.statement.text, parameters: statement.parameters.map(\.description), role: role,
                    values: isComplete ? try? values.values(statement.parameters) : nil)
            }
            let statements =
                [explained(compiled.tenant, .tenant), explained(compiled.platform, .platform)]
                + compiled.payloads.map { explained($0, .tenant) } + [
                    explained(compiled.feed, .tenant), explained(compiled.export?.statement, .tenant),
                ]
            return Explanation(
                plan: PlanText.describe(compiled.plan), statements: statements.compactMap { $0 },
                cost: values.cost(compiled.plan.cost), errors: [])
        } catch {
            return Explanation(plan: "", statements: [], cost: 0, errors: error.errors)
        }
    }
}

/// Explains operations without a database or any command: for tools and for golden files.
package struct Explainer: Sendable {
    private let preparation: Preparation

    package init(
        schema: Schema, catalog: BindingCatalog, configuration: EngineConfiguration = EngineConfiguration(),
        sql options: SQLOptions = SQLOptions()
    ) {
        preparation = Preparation(schema: schema, catalog: catalog, configuration: configuration, options: options)
    }

    package func explain(_ request: EngineRequest, role: Role, organization: OrganizationID?) -> Explanation {
        preparation.explain(request, role: role, organization: organization)
    }
}
