import OrderedCollections

/// Answers `__schema` and `__type` (specification, section 4).
package struct Introspection: Sendable {
    let schema: Schema
    let visibility: Visibility

    /// - Parameter visibility: what the caller may know of; hidden elements are left out everywhere.
    package init(schema: Schema, visibility: Visibility = .all) {
        self.schema = schema
        self.visibility = visibility
    }

    /// Whether a root field is for introspection to answer: `__schema` or `__type`.
    package static func answers(_ field: Field) -> Bool {
        field.name == "__schema" || field.name == "__type"
    }

    /// The value of one root field.
    ///
    /// How deep it may go was checked in validation (`Limits.introspectionDepth`).
    ///
    /// - Parameter fields: all fields of the document that answer under this response key.
    /// - Returns: the value, with the errors met on the way; the value is `nil` where a non-null field failed, so that
    ///   the data as a whole is null.
    package func answer(
        _ fields: [Field], fragments: [String: FragmentDefinition], variables: CoercedVariables
    ) -> (value: JSONValue?, errors: [GraphQLError]) {
        guard let key = fields.first?.responseKey else { return (.null, []) }
        var completion = FieldCompletion(schema: schema, fragments: fragments, variables: variables)
        let value = completion.complete(
            fields, of: QueryMetaFields(introspection: self, typeName: schema.queryType.name), path: [.key(key)])
        return (value, completion.errors)
    }

    func isVisible(_ type: TypeReference) -> Bool {
        schema.type(named: type.namedType).map { visibility.shows(.type($0)) } ?? false
    }

    func typeObject(_ type: TypeReference) -> ResolvedValue {
        .object(TypeObject(introspection: self, type: type))
    }

    func typeObject(named name: String) -> ResolvedValue {
        isVisible(.named(name)) ? typeObject(.named(name)) : .null
    }

    func typeObjects(_ names: some Sequence<String>) -> ResolvedValue {
        .list(names.filter { isVisible(.named($0)) }.map { typeObject(.named($0)) })
    }

    func inputValues(
        _ values: some Sequence<InputValueDefinition>, _ arguments: OrderedDictionary<String, JSONValue>,
        _ element: (InputValueDefinition) -> Visibility.Element
    ) -> ResolvedValue {
        let includeDeprecated = arguments["includeDeprecated"]?.boolValue ?? false
        return .list(
            values.filter {
                (includeDeprecated || $0.deprecationReason == nil) && visibility.shows(element($0))
                    && isVisible($0.type)
            }.map { .object(InputValueObject(introspection: self, value: $0)) })
    }
}

/// The query root, as far as introspection knows it.
private struct QueryMetaFields: ObjectValue {
    let introspection: Introspection
    let typeName: String

    func resolve(
        _ field: FieldDefinition, arguments: OrderedDictionary<String, JSONValue>
    ) throws(GraphQLError) -> ResolvedValue {
        switch field.name {
        case "__schema": .object(SchemaObject(introspection: introspection))
        case "__type": introspection.typeObject(named: arguments["name"]?.stringValue ?? "")
        default: .null
        }
    }
}
