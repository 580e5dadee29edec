/// Values, types, arguments and directives (specification, sections 2.6, 2.9, 2.11 and 2.12).
extension Parser {
    /// - Parameter isConstant: a variable is refused, anywhere inside.
    mutating func value(isConstant: Bool) throws(GraphQLError) -> Value {
        let start = location
        let kind: Value.Kind
        switch token.kind {
        case .bracketLeft: return Value(.list(try list(isConstant: isConstant)), location: start)
        case .braceLeft: return Value(.object(try object(isConstant: isConstant)), location: start)
        case .dollar:
            guard !isConstant else { throw error("expected a constant value, found a variable.") }
            return Value(.variable(try variableName()), location: start)
        case .int: kind = .int(text(token))
        case .float: kind = .float(text(token))
        case .string: kind = .string(lexer.stringValue(of: token), block: false)
        case .blockString: kind = .string(lexer.stringValue(of: token), block: true)
        case .name where isKeyword("true"): kind = .boolean(true)
        case .name where isKeyword("false"): kind = .boolean(false)
        case .name where isKeyword("null"): kind = .null
        case .name: kind = .enumeration(text(token))
        default: throw unexpected(expected: "a value")
        }
        try advance()
        return Value(kind, location: start)
    }

    private mutating func list(isConstant: Bool) throws(GraphQLError) -> [Value] {
        try nested { (parser: inout Parser) throws(GraphQLError) in
            try parser.expect(.bracketLeft)
            var items: [Value] = []
            while try !parser.skip(.bracketRight) { items.append(try parser.value(isConstant: isConstant)) }
            return items
        }
    }

    private mutating func object(isConstant: Bool) throws(GraphQLError) -> [ObjectField] {
        try nested { (parser: inout Parser) throws(GraphQLError) in
            try parser.expect(.braceLeft)
            var fields: [ObjectField] = []
            while try !parser.skip(.braceRight) {
                let start = parser.location
                let name = try parser.name()
                try parser.expect(.colon)
                fields.append(
                    ObjectField(name: name, value: try parser.value(isConstant: isConstant), location: start))
            }
            return fields
        }
    }

    mutating func typeReference() throws(GraphQLError) -> TypeReference {
        let type: TypeReference
        if token.kind == .bracketLeft {
            type = .list(
                try nested { (parser: inout Parser) throws(GraphQLError) in
                    try parser.advance()
                    let item = try parser.typeReference()
                    try parser.expect(.bracketRight)
                    return item
                })
        } else {
            guard token.kind == .name else { throw unexpected(expected: "a type") }
            type = .named(try name())
        }
        return try skip(.bang) ? .nonNull(type) : type
    }

    mutating func arguments(isConstant: Bool) throws(GraphQLError) -> [Argument] {
        try optionalMany(.parenthesisLeft, .parenthesisRight) { (parser: inout Parser) throws(GraphQLError) in
            let start = parser.location
            let name = try parser.name()
            try parser.expect(.colon)
            return Argument(name: name, value: try parser.value(isConstant: isConstant), location: start)
        }
    }

    mutating func directives(isConstant: Bool) throws(GraphQLError) -> [Directive] {
        var directives: [Directive] = []
        while token.kind == .at {
            let start = location
            try advance()
            directives.append(
                Directive(name: try name(), arguments: try arguments(isConstant: isConstant), location: start))
        }
        return directives
    }
}
