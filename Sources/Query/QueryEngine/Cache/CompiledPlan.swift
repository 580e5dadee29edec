import GraphQL
import Postgres

/// A plan with its SQL: all that a request needs besides its values.
final class CompiledPlan: Sendable {
    let plan: OperationPlan
    /// All root fields that the tenant's tables answer, as one statement.
    let tenant: CompiledStatement?
    /// All namespaces of the platform, as one statement.
    let platform: CompiledStatement?
    /// For each root: its column in its statement.
    let columns: [Int?]
    /// For each root that is a command with rows in its payload: the statement that answers them.
    let payloads: [CompiledStatement?]
    /// A subscription's statement: changed rows by their ids, those that pass the filter.
    let feed: CompiledStatement?
    /// An export's statement, a row for each node or edge, and what stands around them in the response.
    let export: (statement: CompiledStatement, around: ExportEnvelope)?
    /// Parameters whose values a caller can get wrong: looked at before anything is executed.
    let refusable: [Parameter]
    /// `Cost.fixedTotal`.
    let fixedCost: Int?
    /// What stands around the values of a query that one statement of the tenant answers whole; `nil` for anything else.
    let envelope: ResponseEnvelope?
    /// Of the tenant's statement.
    let pace = ReadPace()
    private let options: SQLOptions

    init(_ plan: OperationPlan, options: SQLOptions) {
        self.plan = plan
        self.options = options
        fixedCost = plan.cost.fixedTotal(plan.argumentSets)
        var reads: [TableRead] = []
        var namespaces: [[Member]] = []
        var columns: [Int?] = []
        var payloads: [CompiledStatement?] = []
        var feed: CompiledStatement?
        var export: (statement: CompiledStatement, around: ExportEnvelope)?
        for root in plan.roots {
            var column: Int?
            var payload: CompiledStatement?
            switch root.source {
            case .table(let read):
                column = reads.count
                reads.append(read)
            case .namespace(let members):
                column = namespaces.count
                namespaces.append(members)
            case .command(let command):
                let rows = command.members.compactMap { member -> TableRead? in
                    if case .row(let row) = member.source { .rows([row]) } else { nil }
                }
                if !rows.isEmpty { payload = SQLCompiler.statement(for: rows, options: options) }
            case .feed(_, let row): feed = SQLCompiler.statement(forChanged: row, options: options)
            case .export(let read):
                export = (
                    SQLCompiler.statement(forExport: read, options: options), ExportEnvelope(key: root.key, read)
                )
            case .typename, .resolver, .introspection: break
            }
            columns.append(column)
            payloads.append(payload)
        }
        self.columns = columns
        self.payloads = payloads
        self.feed = feed
        self.export = export
        tenant = reads.isEmpty ? nil : SQLCompiler.statement(for: reads, options: options)
        envelope = ResponseEnvelope(plan, columns)
        platform = namespaces.isEmpty ? nil : SQLCompiler.statement(for: namespaces, options: options)
        let statements = [tenant, platform, feed, export?.statement] + payloads
        refusable = plan.cursors + statements.flatMap { ($0?.parameters ?? []).filter(\.mayBeRefused) }
    }

    /// The scope's statement with whole numbers as wide as they are: what is asked after a number did not fit. Nothing of
    /// it is remembered, since nearly nobody ever asks it.
    func widened(_ scope: Scope) -> CompiledStatement? {
        var options = options
        options.narrowsIntegers = false
        switch scope {
        case .tenant:
            let reads = plan.roots.compactMap { if case .table(let read) = $0.source { read } else { nil } }
            return reads.isEmpty ? nil : SQLCompiler.statement(for: reads, options: options)
        case .platform:
            let namespaces = plan.roots.compactMap {
                if case .namespace(let members) = $0.source { members } else { nil }
            }
            return namespaces.isEmpty ? nil : SQLCompiler.statement(for: namespaces, options: options)
        }
    }

    /// All statements, in the order of their first root.
    var statements: [CompiledStatement] {
        [tenant, platform].compactMap { $0 } + payloads.compactMap { $0 } + [feed, export?.statement].compactMap { $0 }
    }
}
