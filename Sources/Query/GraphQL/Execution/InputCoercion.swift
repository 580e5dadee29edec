import OrderedCollections

/// Why an input value does not fit its type, and where inside the value.
package struct CoercionError: Error, Sendable, Hashable {
    package let message: String
    /// From the value as a whole to the part that does not fit; empty for the whole.
    package var path: [PathElement]
    /// Of the literal that does not fit; none for JSON.
    package let location: SourceLocation

    init(_ message: String, path: [PathElement] = [], location: SourceLocation = .none) {
        self.message = message
        self.path = path
        self.location = location
    }

    func inside(_ element: PathElement) -> CoercionError {
        var error = self
        error.path.insert(element, at: 0)
        return error
    }
}

/// The input coercion of section 3 (“Input Coercion” of each kind of type).
///
/// It descends with the value, whose depth the parsers have bounded. Objects come out in the order of their type's
/// fields, so that equal values are equal. What is hidden cannot be given, and still has its default.
struct InputCoercion {
    let schema: VisibleSchema

    init(schema: VisibleSchema) {
        self.schema = schema
    }

    // MARK: From JSON

    /// - Parameter json: as it came in a variable.
    func coerce(_ json: JSONValue, to type: TypeReference) throws(CoercionError) -> JSONValue {
        switch type {
        case .nonNull(let nullable):
            if case .null = json { throw CoercionError("Expected a value of type “\(type)”, found null.") }
            return try coerce(json, to: nullable)
        case .list(let itemType):
            if case .null = json { return .null }
            guard case .array(let items) = json else { return .array([try coerce(json, to: itemType)]) }
            var coerced: [JSONValue] = []
            coerced.reserveCapacity(items.count)
            for (index, item) in items.enumerated() {
                do throws(CoercionError) {
                    coerced.append(try coerce(item, to: itemType))
                } catch {
                    throw error.inside(.index(index))
                }
            }
            return .array(coerced)
        case .named(let name):
            if case .null = json { return .null }
            return try coerce(json, toNamed: name)
        }
    }

    private func coerce(_ json: JSONValue, toNamed name: String) throws(CoercionError) -> JSONValue {
        switch schema.type(named: name) {
        case .scalar(let scalar):
            do throws(CoercionFailure) {
                return try scalar.coercion.parseValue(json)
            } catch {
                throw CoercionError(error.message + json.foundKind)
            }
        case .enumeration(let type):
            guard case .string(let value) = json else {
                throw CoercionError("Expected a string that is one of the values of enum “\(name)”." + json.foundKind)
            }
            guard schema.value(named: value, of: type) != nil else {
                throw CoercionError("Expected one of the values of enum “\(name)”. Found another string.")
            }
            return json
        case .inputObject(let type):
            guard case .object(let members) = json else {
                throw CoercionError("Expected an object of type “\(name)”." + json.foundKind)
            }
            return try coerce(members, to: type)
        default: throw CoercionError("“\(name)” is no input type.")
        }
    }

    private func coerce(
        _ members: OrderedDictionary<String, JSONValue>, to type: InputObjectType
    ) throws(CoercionError) -> JSONValue {
        var coerced: OrderedDictionary<String, JSONValue> = [:]
        for name in members.keys where schema.field(named: name, of: type) == nil {
            throw CoercionError("Field “\(name)” is not defined by type “\(type.name)”.")
        }
        for (name, field) in type.fields {
            guard let value = members[name] else {
                try useDefault(of: field, in: type, location: .none, for: &coerced)
                continue
            }
            do throws(CoercionError) {
                coerced[name] = try coerce(value, to: field.type)
            } catch {
                throw error.inside(.key(name))
            }
        }
        try checkOneOf(type, coerced, given: members.count, location: .none)
        return .object(coerced)
    }

    // MARK: From literals

    /// - Parameters:
    ///   - variables: `nil` for a constant.
    /// - Returns: `nil` where the literal is a variable that is absent.
    func coerce(
        _ literal: Value, to type: TypeReference, variables: CoercedVariables?
    ) throws(CoercionError) -> JSONValue? {
        if case .variable(let name) = literal.kind {
            // Validation has compared the variable's type with this one; only null can still be wrong.
            guard let value = variables?[name] else { return nil }
            if case .null = value, type.isNonNull {
                throw CoercionError(
                    "Variable “$\(name)” is null, where “\(type)” is expected.", location: literal.location)
            }
            return value
        }
        switch type {
        case .nonNull(let nullable):
            if literal.isNull {
                throw CoercionError("Expected a value of type “\(type)”, found null.", location: literal.location)
            }
            return try coerce(literal, to: nullable, variables: variables)
        case .list(let itemType):
            if literal.isNull { return .null }
            guard case .list(let items) = literal.kind else {
                return .array([try coerceItem(literal, to: itemType, variables: variables)])
            }
            var coerced: [JSONValue] = []
            coerced.reserveCapacity(items.count)
            for (index, item) in items.enumerated() {
                do throws(CoercionError) {
                    coerced.append(try coerceItem(item, to: itemType, variables: variables))
                } catch {
                    throw error.inside(.index(index))
                }
            }
            return .array(coerced)
        case .named(let name):
            if literal.isNull { return .null }
            return try coerce(literal, toNamed: name, variables: variables)
        }
    }

    /// An absent variable among a list's items is null.
    private func coerceItem(
        _ literal: Value, to type: TypeReference, variables: CoercedVariables?
    ) throws(CoercionError) -> JSONValue {
        if let value = try coerce(literal, to: type, variables: variables) { return value }
        guard !type.isNonNull else {
            throw CoercionError("A variable is absent, where “\(type)” is expected.", location: literal.location)
        }
        return .null
    }

    private func coerce(
        _ literal: Value, toNamed name: String, variables: CoercedVariables?
    ) throws(CoercionError) -> JSONValue {
        switch schema.type(named: name) {
        case .scalar(let scalar):
            do throws(CoercionFailure) {
                guard let variables, literal.containsVariable else { return try scalar.coercion.parseLiteral(literal) }
                return try scalar.coercion.parseLiteral(literal.replacingVariables(variables))
            } catch {
                throw CoercionError(error.message + literal.foundKind, location: literal.location)
            }
        case .enumeration(let type):
            guard case .enumeration(let value) = literal.kind, schema.value(named: value, of: type) != nil else {
                throw CoercionError(
                    "Expected one of the values of enum “\(name)”." + literal.foundKind, location: literal.location)
            }
            return .string(value)
        case .inputObject(let type):
            guard case .object(let fields) = literal.kind else {
                throw CoercionError(
                    "Expected an object of type “\(name)”." + literal.foundKind, location: literal.location)
            }
            return try coerce(fields, to: type, at: literal.location, variables: variables)
        default: throw CoercionError("“\(name)” is no input type.", location: literal.location)
        }
    }

    private func coerce(
        _ fields: [ObjectField], to type: InputObjectType, at location: SourceLocation, variables: CoercedVariables?
    ) throws(CoercionError) -> JSONValue {
        var given: [String: Value] = [:]
        for field in fields {
            guard schema.field(named: field.name, of: type) != nil else {
                throw CoercionError(
                    "Field “\(field.name)” is not defined by type “\(type.name)”.",
                    location: field.location)
            }
            given[field.name] = field.value
        }
        var coerced: OrderedDictionary<String, JSONValue> = [:]
        for (name, field) in type.fields {
            do throws(CoercionError) {
                if let literal = given[name],
                    let value = try coerce(literal, to: field.type, variables: variables)
                {
                    coerced[name] = value
                    continue
                }
            } catch {
                throw error.inside(.key(name))
            }
            try useDefault(of: field, in: type, location: location, for: &coerced)
        }
        try checkOneOf(type, coerced, given: fields.count, location: location)
        return .object(coerced)
    }

    // MARK: What both have

    private func useDefault(
        of field: InputValueDefinition, in type: InputObjectType, location: SourceLocation,
        for object: inout OrderedDictionary<String, JSONValue>
    ) throws(CoercionError) {
        if let literal = field.defaultValue {
            object[field.name] = try InputCoercion(schema: schema.whole).coerce(literal, to: field.type, variables: nil)
        } else if field.type.isNonNull {
            throw CoercionError(
                "Field “\(field.name)” of type “\(field.type)” must be given for “\(type.name)”.", location: location)
        }
    }

    /// - Parameter given: how many fields were written, those whose variables are absent included.
    private func checkOneOf(
        _ type: InputObjectType, _ object: OrderedDictionary<String, JSONValue>, given: Int, location: SourceLocation
    ) throws(CoercionError) {
        guard type.isOneOf else { return }
        guard given == 1, let value = object.values.first, value != .null else {
            throw CoercionError(oneOfProblem(type, given: given == 1 ? object.count : given), location: location)
        }
    }
}

/// What is wrong with an object of a oneOf input type.
func oneOfProblem(_ type: InputObjectType, given count: Int) -> String {
    let found = count == 1 ? "Found null." : count == 0 ? "Found none." : "Found \(count)."
    return "Exactly one field must be given for “\(type.name)”, and it must not be null. \(found)"
}
