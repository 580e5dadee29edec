package import OrderedCollections

/// The values of an operation's variables after coercion. A variable that was not given and has no default is absent,
/// which is not the same as null.
package struct CoercedVariables: Sendable, Hashable {
    package let values: OrderedDictionary<String, JSONValue>

    package init(_ values: OrderedDictionary<String, JSONValue> = [:]) {
        self.values = values
    }

    package subscript(name: String) -> JSONValue? { values[name] }
}

/// `CoerceVariableValues` of the specification, section 6.1.2.
///
/// - Parameters:
///   - input: the request's `variables`. Those that the operation does not define are ignored, as the specification
///     says.
///   - visibility: what is hidden is refused as if it did not exist.
/// - Throws: an error for each variable that does not fit, each naming the variable and the path inside it.
package func coerceVariables(
    of operation: OperationDefinition, schema: Schema, from input: OrderedDictionary<String, JSONValue>,
    visibility: Visibility = .all
) throws(GraphQLErrors) -> CoercedVariables {
    var values: OrderedDictionary<String, JSONValue> = [:]
    var errors: [GraphQLError] = []
    let coercion = InputCoercion(schema: VisibleSchema(schema, visibility))
    for definition in operation.variableDefinitions {
        do throws(GraphQLError) {
            if let value = try coerceVariable(definition, coercion, from: input) {
                values[definition.name] = value
            }
        } catch {
            errors.append(error)
        }
    }
    guard errors.isEmpty else { throw GraphQLErrors(errors) }
    return CoercedVariables(values)
}

/// Several errors at once; at least one.
package struct GraphQLErrors: Error, Sendable, Hashable {
    package let errors: [GraphQLError]

    package init(_ errors: [GraphQLError]) {
        self.errors = errors
    }
}

private func coerceVariable(
    _ definition: VariableDefinition, _ coercion: InputCoercion, from input: OrderedDictionary<String, JSONValue>
) throws(GraphQLError) -> JSONValue? {
    guard let given = input[definition.name] else {
        if let literal = definition.defaultValue {
            do throws(CoercionError) {
                return try coercion.coerce(literal, to: definition.type, variables: nil)
            } catch {
                throw refusal(of: definition, "Its default value does not fit.", error)
            }
        }
        guard definition.type.isNonNull else { return nil }
        throw GraphQLError(
            "Variable “$\(definition.name)” of type “\(definition.type)” must be given.", code: .badUserInput,
            locations: [definition.location])
    }
    do throws(CoercionError) {
        return try coercion.coerce(given, to: definition.type)
    } catch {
        throw refusal(of: definition, "", error)
    }
}

private func refusal(of definition: VariableDefinition, _ prefix: String, _ error: CoercionError) -> GraphQLError {
    let place = error.path.isEmpty ? "" : " at “\(definition.name)\(pathDescription(error.path))”"
    return GraphQLError(
        "Variable “$\(definition.name)” of type “\(definition.type)” has an invalid value\(place). "
            + (prefix.isEmpty ? "" : prefix + " ") + error.message,
        code: .badUserInput, locations: [definition.location],
        extensions: ["variable": .string(definition.name.excerpt), "path": .array(error.path.map(\.jsonValue))])
}

/// A path inside a value, such as `.to[0].name`.
func pathDescription(_ path: [PathElement]) -> String {
    path.map { element in
        switch element {
        case .key(let key): ".\(key)"
        case .index(let index): "[\(index)]"
        }
    }.joined()
}
