import OrderedCollections

/// Completes resolved values by their types and selections (specification, section 6.4.3), with null propagation and
/// exact paths. Errors gather here.
///
/// Recursion is as deep as the fields of the document are nested.
package struct FieldCompletion {
    package let schema: Schema
    package let fragments: [String: FragmentDefinition]
    package let variables: CoercedVariables
    package private(set) var errors: [GraphQLError] = []

    private enum Outcome {
        case value(JSONValue)
        /// Null, and nothing is wrong with that so far.
        case null
        /// Null because of an error that has been noted already.
        case failed
    }

    package init(schema: Schema, fragments: [String: FragmentDefinition], variables: CoercedVariables) {
        self.schema = schema
        self.fragments = fragments
        self.variables = variables
    }

    /// Completes one field's value.
    ///
    /// - Parameters:
    ///   - fields: all fields of the document that answer under this response key; at least one.
    ///   - definition: of the field; `parentType` is the type that has it, for messages.
    ///   - path: down to the response key.
    /// - Returns: `nil` where the field is non-null but its value is null: then its parent must become null.
    package mutating func complete(
        _ value: ResolvedValue, fields: [Field], definition: FieldDefinition, parentType: String, path: [PathElement]
    ) -> JSONValue? {
        let place = Place(fields: fields, coordinate: "\(parentType).\(definition.name)")
        return settle(complete(value, definition.type, place, path), definition.type)
    }

    /// Resolves and completes one field of an object.
    package mutating func complete(
        _ fields: [Field], of object: any ObjectValue, path: [PathElement]
    ) -> JSONValue? {
        guard let field = fields.first, case .object(let type)? = schema.type(named: object.typeName),
            let definition = schema.field(named: field.name, of: .object(type))
        else { return .null }
        let place = Place(fields: fields, coordinate: "\(type.name).\(field.name)")
        if definition === MetaFields.typename { return .string(type.name) }
        do throws(GraphQLError) {
            let arguments = try coerceArguments(field, definition: definition, variables: variables, schema: schema)
            let value = try object.resolve(definition, arguments: arguments)
            return settle(complete(value, definition.type, place, path), definition.type)
        } catch {
            note(error, place, path)
            return settle(.failed, definition.type)
        }
    }

    /// Resolves and completes all fields of an object.
    ///
    /// - Returns: `nil` where a non-null field is null: then the object must become null.
    package mutating func complete(
        _ selectionSets: [SelectionSet], of object: any ObjectValue, path: [PathElement]
    ) -> JSONValue? {
        let variables = variables
        let groups = collectFields(selectionSets, on: object.typeName, schema: schema, fragments: fragments) {
            variables[$0]?.boolValue ?? false
        }
        var members: OrderedDictionary<String, JSONValue> = [:]
        members.reserveCapacity(groups.count)
        for (key, fields) in groups {
            guard let value = complete(fields, of: object, path: path + [.key(key)]) else { return nil }
            members[key] = value
        }
        return .object(members)
    }

    // MARK: By type

    private struct Place {
        let fields: [Field]
        /// As messages call the field.
        let coordinate: String
    }

    private func settle(_ outcome: Outcome, _ type: TypeReference) -> JSONValue? {
        if case .value(let value) = outcome { return value }
        return type.isNonNull ? nil : .null
    }

    private mutating func complete(
        _ value: ResolvedValue, _ type: TypeReference, _ place: Place, _ path: [PathElement]
    ) -> Outcome {
        if case .nonNull(let nullable) = type {
            let outcome = complete(value, nullable, place, path)
            guard case .null = outcome else { return outcome }
            return fail("“\(place.coordinate)” is non-null, but there is no value.", place, path)
        }
        switch (type, value) {
        case (_, .null): return .null
        case (.list(let itemType), .list(let items)):
            var completed: [JSONValue] = []
            completed.reserveCapacity(items.count)
            for (index, item) in items.enumerated() {
                let outcome = complete(item, itemType, place, path + [.index(index)])
                guard let value = settle(outcome, itemType) else { return .failed }
                completed.append(value)
            }
            return .value(.array(completed))
        case (.named(let name), .leaf(let json)): return completeLeaf(json, name, place, path)
        case (.named(let name), .object(let object)): return completeObject(object, name, place, path)
        default: return fail("“\(place.coordinate)” has a value that does not fit its type.", place, path)
        }
    }

    private mutating func completeLeaf(
        _ json: JSONValue, _ name: String, _ place: Place, _ path: [PathElement]
    ) -> Outcome {
        guard let type = schema.type(named: name), type.isLeaf, let value = type.serialize(json) else {
            return fail("“\(place.coordinate)” has a value that does not fit its type.", place, path)
        }
        return value == .null ? .null : .value(value)
    }

    private mutating func completeObject(
        _ object: any ObjectValue, _ name: String, _ place: Place, _ path: [PathElement]
    ) -> Outcome {
        guard schema.possibleTypes(of: name).contains(object.typeName) else {
            return fail("“\(place.coordinate)” has a value that does not fit its type.", place, path)
        }
        let selectionSets = place.fields.compactMap(\.selectionSet)
        return complete(selectionSets, of: object, path: path).map { .value($0) } ?? .failed
    }

    private mutating func fail(_ message: String, _ place: Place, _ path: [PathElement]) -> Outcome {
        note(GraphQLError(message, code: .internalError), place, path)
        return .failed
    }

    private mutating func note(_ error: GraphQLError, _ place: Place, _ path: [PathElement]) {
        var error = error
        if error.locations.isEmpty { error.locations = place.fields.map(\.location) }
        if error.path == nil { error.path = path }
        errors.append(error)
    }
}

extension NamedType {
    /// Result coercion of scalars and enums (sections 3.5 and 3.9); `nil` where the value does not fit.
    func serialize(_ json: JSONValue) -> JSONValue? {
        switch self {
        case .enumeration(let type):
            guard case .string(let name) = json, type.values[name] != nil else { return nil }
            return json
        case .scalar(let type):
            switch (type.name, json) {
            case (_, .null): return .null
            case ("Int", .int(let number)): return Int32(exactly: number) == nil ? nil : json
            case ("Float", .int), ("Float", .number), ("String", .string), ("Boolean", .bool), ("ID", .string):
                return json
            case ("ID", .int(let number)): return .string(String(number))
            case ("ID", .number(let digits)) where !digits.contains { !$0.isNumber && $0 != "-" }:
                return .string(digits)
            default: return ScalarCoercion.builtIn[type.name] == nil ? json : nil
            }
        default: return nil
        }
    }
}
