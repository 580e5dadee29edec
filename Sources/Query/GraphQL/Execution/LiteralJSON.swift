import OrderedCollections

extension Value {
    /// The JSON that a literal looks like: a bare name becomes a string. A variable, where one is left, is null.
    package var constantJSON: JSONValue {
        switch kind {
        case .variable, .null: .null
        case .int(let digits): digits == "-0" ? .number(digits) : Int64(digits).map { .int($0) } ?? .number(digits)
        case .float(let text): .number(text)
        case .string(let text, _): .string(text)
        case .boolean(let value): .bool(value)
        case .enumeration(let name): .string(name)
        case .list(let items): .array(items.map(\.constantJSON))
        case .object(let fields):
            .object(OrderedDictionary(fields.map { ($0.name, $0.value.constantJSON) }) { first, _ in first })
        }
    }

    /// A literal that looks like the JSON given.
    init(_ json: JSONValue, location: SourceLocation) {
        let kind: Value.Kind =
            switch json {
            case .null: .null
            case .bool(let value): .boolean(value)
            case .int(let number): .int(String(number))
            case .number(let text): .float(text)
            case .string(let text): .string(text, block: false)
            case .array(let items): .list(items.map { Value($0, location: location) })
            case .object(let members):
                .object(
                    members.map { name, value in
                        ObjectField(name: name, value: Value(value, location: location), location: location)
                    })
            }
        self.init(kind, location: location)
    }

    /// Whether a variable stands anywhere in it.
    package var containsVariable: Bool {
        switch kind {
        case .variable: true
        case .list(let items): items.contains(where: \.containsVariable)
        case .object(let fields): fields.contains { $0.value.containsVariable }
        default: false
        }
    }

    /// The same literal with its variables replaced: in an object an absent one takes its field with it, in a list it
    /// becomes null.
    func replacingVariables(_ variables: CoercedVariables) -> Value {
        switch kind {
        case .variable(let name):
            return Value(variables[name] ?? .null, location: location)
        case .list(let items):
            return Value(.list(items.map { $0.replacingVariables(variables) }), location: location)
        case .object(let fields):
            let present = fields.filter { field in
                if case .variable(let name) = field.value.kind { variables[name] != nil } else { true }
            }
            return Value(
                .object(
                    present.map {
                        ObjectField(
                            name: $0.name, value: $0.value.replacingVariables(variables), location: $0.location)
                    }), location: location)
        default: return self
        }
    }
}
