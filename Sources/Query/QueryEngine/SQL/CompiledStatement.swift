import Postgres

/// A statement and what its `$1…$n` take. It answers one row, with one `json` column for each read, in order.
struct CompiledStatement: Sendable {
    let statement: Statement
    let parameters: [Parameter]
}
