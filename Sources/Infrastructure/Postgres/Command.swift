/// One statement with its values, as a unit of work carries it.
struct Command: Sendable {
    let statement: Statement
    let values: [PostgresValue]
    /// Whether it goes under its name, prepared once per connection.
    let isPrepared: Bool
    /// Of a command that is sent often.
    private(set) var encoded: EncodedValues?

    init(_ statement: Statement, _ values: [PostgresValue] = [], prepared: Bool = true) {
        self.statement = statement
        self.values = values
        self.isPrepared = prepared
    }

    /// The same, with its values encoded.
    /// - Throws: for what cannot be sent.
    func ready() throws(PostgresError) -> Command {
        var command = self
        command.encoded = try EncodedValues(values)
        return command
    }
}
