/// Definitions and extensions of the type system (specification, section 3).
extension Parser {
    /// - Parameter isExtension: `extend` has been read; what it extends must then add something.
    mutating func typeSystemDefinition(
        description: String?, isExtension: Bool, at start: SourceLocation
    ) throws(GraphQLError) -> Definition {
        switch token.kind == .name ? text(token) : "" {
        case "schema": return .schema(try schema(description, isExtension, at: start))
        case "scalar", "type", "interface", "union", "enum", "input":
            return .type(try typeDefinition(description, isExtension, at: start))
        case "directive" where !isExtension: return .directive(try directiveDefinition(description, at: start))
        default: throw unexpected(expected: isExtension ? "“schema” or a kind of type" : "a definition")
        }
    }

    private mutating func schema(
        _ description: String?, _ isExtension: Bool, at start: SourceLocation
    ) throws(GraphQLError) -> SchemaDefinitionSyntax {
        try advance()
        let directives = try directives(isConstant: true)
        var operationTypes: [OperationTypeDefinitionSyntax] = []
        if !isExtension || directives.isEmpty || token.kind == .braceLeft {
            operationTypes = try many(.braceLeft, .braceRight) { (parser: inout Parser) throws(GraphQLError) in
                try parser.operationTypeDefinition()
            }
        }
        return SchemaDefinitionSyntax(
            isExtension: isExtension, description: description, directives: directives,
            operationTypes: operationTypes, location: start)
    }

    private mutating func operationTypeDefinition() throws(GraphQLError) -> OperationTypeDefinitionSyntax {
        let start = location
        guard token.kind == .name, let type = OperationType(rawValue: text(token)) else {
            throw unexpected(expected: "“query”, “mutation” or “subscription”")
        }
        try advance()
        try expect(.colon)
        return OperationTypeDefinitionSyntax(operationType: type, typeName: try name(), location: start)
    }

    private mutating func typeDefinition(
        _ description: String?, _ isExtension: Bool, at start: SourceLocation
    ) throws(GraphQLError) -> TypeDefinitionSyntax {
        let keyword = text(token)
        try advance()
        let nameLocation = location
        let name = try name()
        var interfaces: [NamedTypeSyntax] = []
        if keyword == "type" || keyword == "interface", try skipKeyword("implements") {
            interfaces = try delimited(by: .ampersand) { (parser: inout Parser) throws(GraphQLError) in
                try parser.namedType()
            }
        }
        let directives = try directives(isConstant: true)
        let kind: TypeDefinitionSyntax.Kind
        var addsNothing = interfaces.isEmpty && directives.isEmpty
        switch keyword {
        case "scalar": kind = .scalar
        case "type", "interface":
            let fields = try fieldDefinitions()
            addsNothing = addsNothing && fields.isEmpty
            kind =
                keyword == "type"
                ? .object(interfaces: interfaces, fields: fields) : .interface(interfaces: interfaces, fields: fields)
        case "union":
            let members = try unionMembers()
            addsNothing = addsNothing && members.isEmpty
            kind = .union(members: members)
        case "enum":
            let values = try enumValues()
            addsNothing = addsNothing && values.isEmpty
            kind = .enumeration(values: values)
        default:
            let fields = try inputValues(.braceLeft, .braceRight)
            addsNothing = addsNothing && fields.isEmpty
            kind = .inputObject(fields: fields)
        }
        if isExtension, addsNothing { throw unexpected(expected: "what the extension adds") }
        return TypeDefinitionSyntax(
            isExtension: isExtension, description: description, name: name, directives: directives, kind: kind,
            location: start, nameLocation: nameLocation)
    }

    private mutating func namedType() throws(GraphQLError) -> NamedTypeSyntax {
        let start = location
        return NamedTypeSyntax(name: try name(), location: start)
    }

    private mutating func fieldDefinitions() throws(GraphQLError) -> [FieldDefinitionSyntax] {
        try optionalMany(.braceLeft, .braceRight) { (parser: inout Parser) throws(GraphQLError) in
            let start = parser.location
            let description = try parser.description()
            let name = try parser.name()
            let arguments = try parser.inputValues(.parenthesisLeft, .parenthesisRight)
            try parser.expect(.colon)
            let typeLocation = parser.location
            return FieldDefinitionSyntax(
                description: description, name: name, arguments: arguments, type: try parser.typeReference(),
                directives: try parser.directives(isConstant: true), location: start, typeLocation: typeLocation)
        }
    }

    private mutating func inputValues(
        _ open: Token.Kind, _ close: Token.Kind
    ) throws(GraphQLError) -> [InputValueDefinitionSyntax] {
        try optionalMany(open, close) { (parser: inout Parser) throws(GraphQLError) in
            let start = parser.location
            let description = try parser.description()
            let name = try parser.name()
            try parser.expect(.colon)
            let typeLocation = parser.location
            let type = try parser.typeReference()
            let defaultValue = try parser.skip(.equals) ? try parser.value(isConstant: true) : nil
            return InputValueDefinitionSyntax(
                description: description, name: name, type: type, defaultValue: defaultValue,
                directives: try parser.directives(isConstant: true), location: start, typeLocation: typeLocation)
        }
    }

    private mutating func unionMembers() throws(GraphQLError) -> [NamedTypeSyntax] {
        guard try skip(.equals) else { return [] }
        return try delimited(by: .pipe) { (parser: inout Parser) throws(GraphQLError) in try parser.namedType() }
    }

    private mutating func enumValues() throws(GraphQLError) -> [EnumValueDefinitionSyntax] {
        try optionalMany(.braceLeft, .braceRight) { (parser: inout Parser) throws(GraphQLError) in
            let start = parser.location
            let description = try parser.description()
            if parser.isKeyword("true") || parser.isKeyword("false") || parser.isKeyword("null") {
                throw parser.unexpected(expected: "an enum value other than “true”, “false” and “null”")
            }
            return EnumValueDefinitionSyntax(
                description: description, name: try parser.name(),
                directives: try parser.directives(isConstant: true), location: start)
        }
    }

    private mutating func directiveDefinition(
        _ description: String?, at start: SourceLocation
    ) throws(GraphQLError) -> DirectiveDefinitionSyntax {
        try advance()
        try expect(.at)
        let nameLocation = location
        let name = try name()
        let arguments = try inputValues(.parenthesisLeft, .parenthesisRight)
        let isRepeatable = try skipKeyword("repeatable")
        try expectKeyword("on")
        let locations = try delimited(by: .pipe) { (parser: inout Parser) throws(GraphQLError) in
            guard parser.token.kind == .name, let place = DirectiveLocation(rawValue: parser.text(parser.token)) else {
                throw parser.unexpected(expected: "a directive location")
            }
            try parser.advance()
            return place
        }
        return DirectiveDefinitionSyntax(
            description: description, name: name, arguments: arguments, isRepeatable: isRepeatable,
            locations: locations, location: start, nameLocation: nameLocation)
    }
}
