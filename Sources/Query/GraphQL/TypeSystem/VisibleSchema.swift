import OrderedCollections

/// A schema as one caller may know it. What `Visibility` hides is not there, and neither is what cannot be without it:
/// - a field, argument or input field whose type is hidden;
/// - a field or directive that requires a hidden argument, since nobody could ask for it;
/// - an input type that requires a hidden field, since nobody could write it.
struct VisibleSchema: Sendable {
    let schema: Schema
    private let visibility: Visibility

    init(_ schema: Schema, _ visibility: Visibility = .all) {
        self.schema = schema
        self.visibility = visibility
    }

    /// The same schema with nothing hidden: for what the schema itself says, such as defaults.
    var whole: VisibleSchema { VisibleSchema(schema) }

    // MARK: Whether

    func shows(_ type: NamedType) -> Bool {
        if visibility.showsAll || BuiltInDefinitions.isBuiltIn(type: type.name) { return true }
        guard visibility.shows(.type(type)) else { return false }
        guard case .inputObject(let input) = type else { return true }
        return input.fields.values.allSatisfy { !$0.isRequired || shows(required: $0) }
    }

    /// A required field of a list type may lead back to its own type, so only what the function says of it counts. Other
    /// required fields lead nowhere back: such an input could never be written, and the schema would not be valid.
    private func shows(required field: InputValueDefinition) -> Bool {
        guard visibility.shows(.inputField(field)) else { return false }
        guard let type = schema.type(named: field.type.namedType) else { return true }
        return field.type.isList ? visibility.shows(.type(type)) : shows(type)
    }

    func shows(_ field: FieldDefinition, of parent: NamedType) -> Bool {
        if visibility.showsAll || field.location == .none { return true }
        return visibility.shows(.field(field, of: parent)) && showsType(field.type)
            && field.arguments.values.allSatisfy { !$0.isRequired || shows(argument: $0) }
    }

    func shows(argument: InputValueDefinition) -> Bool {
        if visibility.showsAll || argument.location == .none { return true }
        return visibility.shows(.argument(argument)) && showsType(argument.type)
    }

    func shows(inputField field: InputValueDefinition) -> Bool {
        if visibility.showsAll { return true }
        return visibility.shows(.inputField(field)) && showsType(field.type)
    }

    func shows(_ value: EnumValueDefinition) -> Bool {
        value.location == .none || visibility.shows(.enumValue(value))
    }

    func shows(_ directive: DirectiveDefinition) -> Bool {
        if visibility.showsAll || directive.location == .none { return true }
        return visibility.shows(.directive(directive))
            && directive.arguments.values.allSatisfy { !$0.isRequired || shows(argument: $0) }
    }

    private func showsType(_ reference: TypeReference) -> Bool {
        type(named: reference.namedType) != nil
    }

    // MARK: By name

    func type(named name: String) -> NamedType? {
        schema.type(named: name).flatMap { shows($0) ? $0 : nil }
    }

    /// The named type of a field of this schema.
    func type(of field: FieldDefinition) -> NamedType? {
        schema.type(of: field).flatMap { shows($0) ? $0 : nil }
    }

    /// The same of an argument or input field.
    func type(of definition: InputValueDefinition) -> NamedType? {
        schema.type(of: definition).flatMap { shows($0) ? $0 : nil }
    }

    func rootType(of operation: OperationType) -> ObjectType? {
        schema.rootType(of: operation).flatMap { operation == .query || shows(.object($0)) ? $0 : nil }
    }

    /// The field of a composite type, meta-fields included.
    func field(named name: String, of type: NamedType) -> FieldDefinition? {
        schema.field(named: name, of: type).flatMap { shows($0, of: type) ? $0 : nil }
    }

    /// The same by number.
    func field(named name: String, ofType type: Int) -> Int? {
        guard let field = schema.numbers.field(named: name, of: type) else { return nil }
        if visibility.showsAll { return field }
        return shows(schema.numbers.fields[field], of: schema.numbers.types[type]) ? field : nil
    }

    /// The number of a type.
    func typeNumber(named name: String) -> Int? {
        guard let number = schema.types.index(forKey: name) else { return nil }
        return visibility.showsAll || shows(schema.numbers.types[number]) ? number : nil
    }

    func argument(
        named name: String, among definitions: OrderedDictionary<String, InputValueDefinition>
    ) -> InputValueDefinition? {
        definitions[name].flatMap { shows(argument: $0) ? $0 : nil }
    }

    func field(named name: String, of input: InputObjectType) -> InputValueDefinition? {
        input.fields[name].flatMap { shows(inputField: $0) ? $0 : nil }
    }

    func value(named name: String, of type: EnumType) -> EnumValueDefinition? {
        type.values[name].flatMap { shows($0) ? $0 : nil }
    }

    func directive(named name: String) -> DirectiveDefinition? {
        schema.directives[name].flatMap { shows($0) ? $0 : nil }
    }

    /// Whether some object type that is seen is possible for both.
    func overlaps(_ first: String, _ second: String) -> Bool {
        if visibility.showsAll || first == second { return schema.overlaps(first, second) }
        let other = schema.possibleTypes(of: second)
        return possibleTypes(of: first).contains { other.contains($0) }
    }

    // MARK: All of them

    /// All types in their order. A built-in scalar is among them only where something that is seen has its type
    /// (specification, section 3.5).
    var types: [NamedType] {
        if visibility.showsAll { return Array(schema.types.values) }
        let shown = schema.types.values.filter(shows)
        let scalars = referencedTypes(of: shown)
        return shown.filter { !BuiltInDefinitions.scalars.contains($0.name) || scalars.contains($0.name) }
    }

    private func referencedTypes(of types: [NamedType]) -> Set<String> {
        var names: Set<String> = []
        for type in types {
            for field in fields(of: type) {
                names.insert(field.type.namedType)
                names.formUnion(arguments(field.arguments).map(\.type.namedType))
            }
            if case .inputObject(let input) = type { names.formUnion(fields(of: input).map(\.type.namedType)) }
        }
        for directive in directives { names.formUnion(arguments(directive.arguments).map(\.type.namedType)) }
        return names
    }

    func fields(of type: NamedType) -> [FieldDefinition] {
        (type.fields ?? [:]).values.filter { shows($0, of: type) }
    }

    func arguments(_ definitions: OrderedDictionary<String, InputValueDefinition>) -> [InputValueDefinition] {
        definitions.values.filter(shows(argument:))
    }

    func fields(of input: InputObjectType) -> [InputValueDefinition] {
        input.fields.values.filter(shows(inputField:))
    }

    func values(of type: EnumType) -> [EnumValueDefinition] {
        type.values.values.filter(shows)
    }

    var directives: [DirectiveDefinition] {
        schema.directives.values.filter(shows)
    }

    func interfaces(of type: NamedType) -> [String] {
        type.interfaces.filter { self.type(named: $0) != nil }
    }

    func possibleTypes(of type: String) -> [String] {
        schema.possibleTypes(of: type).filter { self.type(named: $0) != nil }
    }

    // MARK: Defaults

    /// A default as it may be told: without hidden fields, and `nil` where it holds a hidden enum value.
    func defaultValue(of definition: InputValueDefinition) -> Value? {
        guard let literal = definition.defaultValue, !visibility.showsAll else { return definition.defaultValue }
        return told(literal, definition.type)
    }

    private func told(_ literal: Value, _ reference: TypeReference) -> Value? {
        switch (literal.kind, schema.type(named: reference.namedType)) {
        case (.list(let items), .inputObject?), (.list(let items), .enumeration?):
            let told = items.compactMap { self.told($0, reference.itemType ?? reference) }
            return told.count == items.count ? Value(.list(told), location: literal.location) : nil
        case (.enumeration(let name), .enumeration(let type)?):
            return value(named: name, of: type) == nil ? nil : literal
        case (.object(let fields), .inputObject(let input)?):
            var told: [ObjectField] = []
            for field in fields {
                guard let definition = self.field(named: field.name, of: input) else { continue }
                guard let value = self.told(field.value, definition.type) else { return nil }
                told.append(ObjectField(name: field.name, value: value, location: field.location))
            }
            return Value(.object(told), location: literal.location)
        default: return literal
        }
    }
}
