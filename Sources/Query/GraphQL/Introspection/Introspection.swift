import OrderedCollections

/// Answers `__schema` and `__type` (specification, section 4).
package struct Introspection: Sendable {
    let schema: VisibleSchema

    /// - Parameter visibility: what the caller may know of; hidden elements are left out everywhere.
    package init(schema: Schema, visibility: Visibility = .all) {
        self.schema = VisibleSchema(schema, visibility)
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
        var completion = FieldCompletion(schema: schema.schema, fragments: fragments, variables: variables)
        let root = QueryMetaFields(introspection: self, typeName: schema.schema.queryType.name)
        let value = completion.complete(fields, of: root, path: [.key(key)])
        return (value, completion.errors)
    }

    func typeObject(_ type: TypeReference) -> ResolvedValue {
        .object(TypeObject(introspection: self, type: type))
    }

    func typeObjects(_ names: some Sequence<String>) -> ResolvedValue {
        .list(names.map { typeObject(.named($0)) })
    }

    func inputValues(
        _ values: [InputValueDefinition], _ arguments: OrderedDictionary<String, JSONValue>
    ) -> ResolvedValue {
        .list(
            values.filter { $0.deprecationReason == nil || includesDeprecated(arguments) }
                .map { .object(InputValueObject(introspection: self, value: $0)) })
    }

    func includesDeprecated(_ arguments: OrderedDictionary<String, JSONValue>) -> Bool {
        arguments["includeDeprecated"]?.boolValue ?? false
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
        case "__type":
            if let name = arguments["name"]?.stringValue,
                introspection.schema.types.contains(where: { $0.name == name })
            {
                introspection.typeObject(.named(name))
            } else {
                .null
            }
        default: .null
        }
    }
}
