/// What a schema coordinate can name: an element that a schema defines. Meta-fields and the types of introspection are
/// none ([2.14](https://spec.graphql.org/September2025/#sec-Schema-Coordinates)).
package enum SchemaElement: Sendable {
    case type(NamedType)
    case field(FieldDefinition, of: NamedType)
    case inputField(InputValueDefinition, of: InputObjectType)
    case enumValue(EnumValueDefinition, of: EnumType)
    case fieldArgument(InputValueDefinition, of: FieldDefinition)
    case directive(DirectiveDefinition)
    case directiveArgument(InputValueDefinition, of: DirectiveDefinition)
}

extension Schema {
    /// The element that a coordinate names.
    ///
    /// - Parameter visibility: what is hidden is answered as if it did not exist.
    /// - Returns: `nil` where the schema has no such element, although what should contain it is there.
    /// - Throws: where the type, field or directive that should contain it does not exist, or cannot contain such a
    ///   thing: then the coordinate is wrong in itself.
    package func element(
        at coordinate: SchemaCoordinate, visibility: Visibility = .all
    ) throws(GraphQLError) -> SchemaElement? {
        try VisibleSchema(self, visibility).element(at: coordinate)
    }
}

extension VisibleSchema {
    fileprivate func element(at coordinate: SchemaCoordinate) throws(GraphQLError) -> SchemaElement? {
        switch coordinate {
        case .type(let name): return ownType(named: name).map { .type($0) }
        case .member(let type, let name): return try member(name, of: try container(type, coordinate), coordinate)
        case .argument(let type, let field, let name):
            let container = try container(type, coordinate)
            guard container.fields != nil else { throw cannotContain(container, "arguments", coordinate) }
            guard let definition = ownField(field, of: container) else {
                throw missing("field “\(type).\(field)”", coordinate)
            }
            return argument(named: name, among: definition.arguments).map { .fieldArgument($0, of: definition) }
        case .directive(let name): return directive(named: name).map { .directive($0) }
        case .directiveArgument(let name, let argument):
            guard let directive = directive(named: name) else { throw missing("directive “@\(name)”", coordinate) }
            return self.argument(named: argument, among: directive.arguments)
                .map { .directiveArgument($0, of: directive) }
        }
    }

    private func member(
        _ name: String, of type: NamedType, _ coordinate: SchemaCoordinate
    ) throws(GraphQLError) -> SchemaElement? {
        switch type {
        case .object, .interface: return ownField(name, of: type).map { .field($0, of: type) }
        case .inputObject(let input): return field(named: name, of: input).map { .inputField($0, of: input) }
        case .enumeration(let enumeration):
            return value(named: name, of: enumeration).map { .enumValue($0, of: enumeration) }
        case .scalar, .union: throw cannotContain(type, "members", coordinate)
        }
    }

    private func ownType(named name: String) -> NamedType? {
        BuiltInDefinitions.isReserved(name) ? nil : type(named: name)
    }

    private func ownField(_ name: String, of type: NamedType) -> FieldDefinition? {
        BuiltInDefinitions.isReserved(name) ? nil : field(named: name, of: type)
    }

    private func container(_ name: String, _ coordinate: SchemaCoordinate) throws(GraphQLError) -> NamedType {
        guard let type = ownType(named: name) else { throw missing("type “\(name)”", coordinate) }
        return type
    }

    private func missing(_ what: String, _ coordinate: SchemaCoordinate) -> GraphQLError {
        GraphQLError("“\(coordinate)” names nothing: there is no \(what).", code: .badUserInput)
    }

    private func cannotContain(
        _ type: NamedType, _ what: String, _ coordinate: SchemaCoordinate
    ) -> GraphQLError {
        GraphQLError(
            "“\(coordinate)” names nothing: “\(type.name)” is of a kind of type that has no \(what).",
            code: .badUserInput)
    }
}
