/// The written name of one element of a schema
/// ([2.14 Schema Coordinates](https://spec.graphql.org/September2025/#sec-Schema-Coordinates)). `Schema.element(at:)`
/// finds what it names.
package enum SchemaCoordinate: Sendable, Hashable, CustomStringConvertible {
    /// `Business`
    case type(String)
    /// `Business.name`: a field, an input field or an enum value.
    case member(type: String, name: String)
    /// `Query.searchBusiness(criteria:)`
    case argument(type: String, field: String, name: String)
    /// `@private`
    case directive(String)
    /// `@private(scope:)`
    case directiveArgument(directive: String, name: String)

    /// - Parameter text: a coordinate and nothing else, not even white space.
    /// - Throws: where it stops being one, with the column.
    package init(parsing text: String) throws(GraphQLError) {
        var parser = CoordinateParser(bytes: Array(text.utf8))
        self = try parser.coordinate()
    }

    package var description: String {
        switch self {
        case .type(let name): name
        case .member(let type, let name): "\(type).\(name)"
        case .argument(let type, let field, let name): "\(type).\(field)(\(name):)"
        case .directive(let name): "@\(name)"
        case .directiveArgument(let directive, let name): "@\(directive)(\(name):)"
        }
    }
}

/// A grammar of its own: names and the five punctuators `( ) . : @`, with nothing between them.
private struct CoordinateParser {
    let bytes: [UInt8]
    private var offset = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func coordinate() throws(GraphQLError) -> SchemaCoordinate {
        let coordinate: SchemaCoordinate
        if skip("@") {
            let directive = try name()
            coordinate =
                try argument().map { .directiveArgument(directive: directive, name: $0) } ?? .directive(directive)
        } else {
            let type = try name()
            if skip(".") {
                let member = try name()
                coordinate =
                    try argument().map { .argument(type: type, field: member, name: $0) }
                    ?? .member(type: type, name: member)
            } else {
                coordinate = .type(type)
            }
        }
        guard offset == bytes.count else { throw unexpected("the end of the coordinate") }
        return coordinate
    }

    /// `(name:)`, where it stands.
    private mutating func argument() throws(GraphQLError) -> String? {
        guard skip("(") else { return nil }
        let name = try name()
        guard skip(":") else { throw unexpected("“:”") }
        guard skip(")") else { throw unexpected("“)”") }
        return name
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    private mutating func name() throws(GraphQLError) -> String {
        let start = offset
        guard offset < bytes.count, isNameStart(bytes[offset]) else { throw unexpected("a name") }
        while offset < bytes.count, isNameContinue(bytes[offset]) { offset += 1 }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    private func unexpected(_ expected: String) -> GraphQLError {
        let rest = String(decoding: bytes[offset...].prefix(4), as: UTF8.self)
        let found = rest.first.map { "“\($0)”" } ?? "the end"
        let column = bytes[..<offset].count { $0 & 0xC0 != 0x80 } + 1
        return GraphQLError(
            "Syntax error in a schema coordinate: expected \(expected), found \(found).", code: .parseFailed,
            locations: [SourceLocation(line: 1, column: column)])
    }
}
