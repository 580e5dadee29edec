/// Operations, fragments and selections (specification, sections 2.3 to 2.8).
extension Parser {
    /// `{ field }`, a query without name, variables and directives.
    mutating func shorthandQuery() throws(GraphQLError) -> OperationDefinition {
        let start = location
        return OperationDefinition(
            description: nil, operationType: .query, name: nil, variableDefinitions: [], directives: [],
            selectionSet: try selectionSet(), location: start, nameLocation: start)
    }

    mutating func operation(
        _ type: OperationType, _ description: String?, at start: SourceLocation
    ) throws(GraphQLError) -> OperationDefinition {
        try advance()
        let nameLocation = token.kind == .name ? location : start
        let name = token.kind == .name ? try name() : nil
        let variables = try optionalMany(.parenthesisLeft, .parenthesisRight) {
            (parser: inout Parser) throws(GraphQLError) in try parser.variableDefinition()
        }
        return OperationDefinition(
            description: description, operationType: type, name: name, variableDefinitions: variables,
            directives: try directives(isConstant: false), selectionSet: try selectionSet(), location: start,
            nameLocation: nameLocation)
    }

    private mutating func variableDefinition() throws(GraphQLError) -> VariableDefinition {
        let start = location
        let description = try description()
        let name = try variableName()
        try expect(.colon)
        let typeLocation = location
        let type = try typeReference()
        let defaultValue = try skip(.equals) ? try value(isConstant: true) : nil
        return VariableDefinition(
            description: description, name: name, type: type, defaultValue: defaultValue,
            directives: try directives(isConstant: true), location: start, typeLocation: typeLocation)
    }

    mutating func variableName() throws(GraphQLError) -> String {
        try expect(.dollar)
        return try name()
    }

    mutating func fragment(
        _ description: String?, at start: SourceLocation
    ) throws(GraphQLError) -> FragmentDefinition {
        try advance()
        let nameLocation = location
        if isKeyword("on") { throw unexpected(expected: "a name other than “on”") }
        let name = try name()
        try expectKeyword("on")
        let typeConditionLocation = location
        return FragmentDefinition(
            description: description, name: name, typeCondition: try self.name(),
            directives: try directives(isConstant: false), selectionSet: try selectionSet(), location: start,
            nameLocation: nameLocation, typeConditionLocation: typeConditionLocation)
    }

    mutating func selectionSet() throws(GraphQLError) -> SelectionSet {
        let start = location
        let selections = try nested { (parser: inout Parser) throws(GraphQLError) in
            try parser.expect(.braceLeft)
            var selections: [Selection] = []
            // What most sets hold: from one place on, a list would be moved three times to grow so far.
            selections.reserveCapacity(4)
            repeat { selections.append(try parser.selection()) } while try !parser.skip(.braceRight)
            return selections
        }
        return SelectionSet(selections: selections, location: start)
    }

    private mutating func selection() throws(GraphQLError) -> Selection {
        token.kind == .spread ? try spread() : .field(try field())
    }

    private mutating func field() throws(GraphQLError) -> Field {
        let start = location
        guard token.kind == .name else { throw unexpected(expected: "a field or “...”") }
        let first = try name()
        let hasAlias = try skip(.colon)
        let name = hasAlias ? try name() : first
        let arguments = try arguments(isConstant: false)
        let directives = try directives(isConstant: false)
        return Field(
            alias: hasAlias ? first : nil, name: name, arguments: arguments, directives: directives,
            selectionSet: token.kind == .braceLeft ? try selectionSet() : nil, location: start)
    }

    /// `...Name` or `... on Type { }` or `... { }`.
    private mutating func spread() throws(GraphQLError) -> Selection {
        let start = location
        try expect(.spread)
        let isConditioned = try skipKeyword("on")
        if !isConditioned, token.kind == .name {
            let name = try name()
            return .fragmentSpread(
                FragmentSpread(name: name, directives: try directives(isConstant: false), location: start))
        }
        let typeConditionLocation = location
        let typeCondition = isConditioned ? try name() : nil
        return .inlineFragment(
            InlineFragment(
                typeCondition: typeCondition, directives: try directives(isConstant: false),
                selectionSet: try selectionSet(), location: start, typeConditionLocation: typeConditionLocation))
    }
}
