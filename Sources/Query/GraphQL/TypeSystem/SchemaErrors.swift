/// All that is wrong with a schema's texts.
package struct SchemaErrors: Error, Sendable, CustomStringConvertible {
    /// At least one.
    package let errors: [SchemaError]

    /// One line for each error, each beginning with file, line and column.
    package var description: String {
        errors.map(\.description).joined(separator: "\n")
    }
}

package struct SchemaError: Sendable, Hashable, CustomStringConvertible {
    package let message: String
    /// The name of the source it stands in.
    package let source: String?
    package let location: SourceLocation?

    package var description: String {
        guard let source, let location, location != .none else { return message }
        return "\(source):\(location.line):\(location.column): \(message)"
    }
}
