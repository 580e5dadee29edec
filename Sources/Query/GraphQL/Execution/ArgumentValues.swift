package import OrderedCollections

/// `CoerceArgumentValues` of the specification, section 6.4.1, for a field or a directive.
///
/// - Parameter visibility: a hidden argument cannot be given; where it has a default, it has that.
/// - Returns: the values in the order of the definitions; an argument that was not given and has no default is absent.
/// - Throws: for the first argument that does not fit, with the place of its value.
package func coerceArguments(
    _ arguments: [Argument], definitions: OrderedDictionary<String, InputValueDefinition>,
    variables: CoercedVariables, schema: Schema, visibility: Visibility = .all, at location: SourceLocation = .none
) throws(GraphQLError) -> OrderedDictionary<String, JSONValue> {
    var values: OrderedDictionary<String, JSONValue> = [:]
    guard !definitions.isEmpty else { return values }
    let schema = VisibleSchema(schema, visibility)
    let coercion = InputCoercion(schema: schema)
    for (name, definition) in definitions {
        let argument = schema.shows(argument: definition) ? arguments.first { $0.name == name } : nil
        do throws(CoercionError) {
            if let argument, let value = try coercion.coerce(argument.value, to: definition.type, variables: variables)
            {
                values[name] = value
            } else if let literal = definition.defaultValue {
                values[name] = try InputCoercion(schema: schema.whole)
                    .coerce(literal, to: definition.type, variables: nil)
            } else if definition.type.isNonNull {
                throw CoercionError("A value of type “\(definition.type)” must be given.")
            }
        } catch {
            let inside = error.path.isEmpty ? "" : " at “\(name)\(pathDescription(error.path))”"
            let place = error.location == .none ? (argument?.location ?? location) : error.location
            throw GraphQLError(
                "Argument “\(name)” has an invalid value\(inside). \(error.message)", code: .badUserInput,
                locations: place == .none ? [] : [place], extensions: ["argument": .string(name)])
        }
    }
    return values
}

/// The same for a field, by its definition.
package func coerceArguments(
    _ field: Field, definition: FieldDefinition, variables: CoercedVariables, schema: Schema,
    visibility: Visibility = .all
) throws(GraphQLError) -> OrderedDictionary<String, JSONValue> {
    try coerceArguments(
        field.arguments, definitions: definition.arguments, variables: variables, schema: schema,
        visibility: visibility, at: field.location)
}

extension Schema {
    /// The arguments of a directive that the schema's own text applies, defaults filled in.
    ///
    /// A valid schema has only directives that fit their definitions, so this throws for other directives only.
    package func arguments(
        of directive: Directive
    ) throws(GraphQLError) -> OrderedDictionary<String, JSONValue> {
        guard let definition = directives[directive.name] else { return [:] }
        return try coerceArguments(
            directive.arguments, definitions: definition.arguments, variables: CoercedVariables(), schema: self,
            at: directive.location)
    }
}
