/// One statement with its values, as a unit of work carries it.
struct Command: Sendable {
    let statement: Statement
    let values: [PostgresValue]
    /// Whether it goes under its name, prepared once per connection.
    let isPrepared: Bool

    init(_ statement: Statement, _ values: [PostgresValue] = [], prepared: Bool = true) {
        self.statement = statement
        self.values = values
        self.isPrepared = prepared
    }
}
