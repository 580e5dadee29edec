import OrderedCollections

extension Schema {
    /// Builds a schema from SDL, all texts taken together, and checks it by all rules of the specification's section 3.
    ///
    /// - Parameters:
    ///   - sources: definitions and extensions in any order.
    ///   - scalars: how custom scalars take values, by name; one that is not listed takes anything.
    /// - Throws: everything found wrong, each with file, line and column.
    package convenience init(
        sources: [Source], scalars: [String: ScalarCoercion] = [:]
    ) throws(SchemaErrors) {
        var report = SchemaReport(sourceNames: sources.map(\.name))
        var syntax = SchemaSyntax()
        for (index, source) in sources.enumerated() {
            do throws(GraphQLError) {
                syntax.add(
                    try parse(source.bytes, limits: .trusted, source: index), areBuiltIn: false, &report)
            } catch {
                report.add(error.message, at: error.locations.first ?? .none)
            }
        }
        do throws(GraphQLError) {
            syntax.add(
                try parse(BuiltInDefinitions.source.bytes, limits: .trusted, withLocations: false), areBuiltIn: true,
                &report)
        } catch {
            report.add(error.message, at: .none)
        }
        guard report.errors.isEmpty else { throw SchemaErrors(errors: report.errors) }

        syntax.checkExtensions(&report)
        var builder = TypeBuilder(syntax: syntax, scalars: scalars, report: report)
        var types = OrderedDictionary(
            uniqueKeysWithValues: syntax.types.values.map { ($0.name, builder.type($0)) })
        let directives = syntax.directives.mapValues { builder.directive($0) }
        report = builder.report
        let used = typesReferenced(by: types, directives)
        types.removeAll { BuiltInDefinitions.scalars.contains($0.key) && !used.contains($0.key) }
        let roots = RootTypes(syntax, types, &report)
        guard let query = roots.query else { throw SchemaErrors(errors: report.errors) }
        self.init(
            description: syntax.schema?.description,
            appliedDirectives: (syntax.schema?.directives ?? []) + syntax.schemaExtensions.flatMap(\.directives),
            queryType: query, mutationType: roots.mutation, subscriptionType: roots.subscription, types: types,
            directives: directives)
        checkTypeSystem(self, &report)
        guard report.errors.isEmpty else { throw SchemaErrors(errors: report.errors) }
    }
}

/// The names of the types of all fields, arguments and input fields. A built-in scalar that is not among them is not part
/// of the schema (section 3.5).
private func typesReferenced(
    by types: OrderedDictionary<String, NamedType>, _ directives: OrderedDictionary<String, DirectiveDefinition>
) -> Set<String> {
    var names: Set<String> = []
    func note(_ values: OrderedDictionary<String, InputValueDefinition>) {
        names.formUnion(values.values.map(\.type.namedType))
    }
    for type in types.values {
        for field in (type.fields ?? [:]).values {
            names.insert(field.type.namedType)
            note(field.arguments)
        }
        if case .inputObject(let input) = type { note(input.fields) }
    }
    for directive in directives.values { note(directive.arguments) }
    return names
}

/// Makes types out of their definitions and extensions; names that stand twice are told here, where they would
/// otherwise be lost.
private struct TypeBuilder {
    let syntax: SchemaSyntax
    let scalars: [String: ScalarCoercion]
    var report: SchemaReport

    mutating func type(_ definition: TypeDefinitionSyntax) -> NamedType {
        let name = definition.name
        let parts = syntax.parts(of: definition)
        let directives = parts.flatMap(\.directives)
        let (description, location) = (definition.description, definition.nameLocation)
        switch definition.kind {
        case .scalar:
            return .scalar(
                ScalarType(
                    name: name, description: description, directives: directives, location: location,
                    specifiedByURL: directives.first(named: "specifiedBy")?.argument("url")?.stringValue,
                    coercion: ScalarCoercion.builtIn[name] ?? scalars[name] ?? .any))
        case .object:
            return .object(
                ObjectType(
                    name: name, description: description, directives: directives, location: location,
                    interfaces: names(parts.flatMap(\.interfaces), of: name, "“\(name)” implements"),
                    fields: fields(parts.flatMap(\.fieldDefinitions), of: name)))
        case .interface:
            return .interface(
                InterfaceType(
                    name: name, description: description, directives: directives, location: location,
                    interfaces: names(parts.flatMap(\.interfaces), of: name, "“\(name)” implements"),
                    fields: fields(parts.flatMap(\.fieldDefinitions), of: name)))
        case .union:
            return .union(
                UnionType(
                    name: name, description: description, directives: directives, location: location,
                    members: names(parts.flatMap(\.members), of: name, "Union “\(name)” has the member")))
        case .enumeration:
            return .enumeration(
                EnumType(
                    name: name, description: description, directives: directives, location: location,
                    values: enumValues(parts.flatMap(\.enumValues), of: name)))
        case .inputObject:
            return .inputObject(
                InputObjectType(
                    name: name, description: description, directives: directives, location: location,
                    isOneOf: directives.first(named: "oneOf") != nil,
                    fields: inputValues(parts.flatMap(\.inputFields)) { "\(name).\($0)" }))
        }
    }

    mutating func directive(_ definition: DirectiveDefinitionSyntax) -> DirectiveDefinition {
        DirectiveDefinition(
            name: definition.name, description: definition.description,
            arguments: inputValues(definition.arguments) { "@\(definition.name)(\($0):)" },
            isRepeatable: definition.isRepeatable, locations: OrderedSet(definition.locations),
            location: definition.nameLocation)
    }

    private mutating func names(
        _ syntax: [NamedTypeSyntax], of type: String, _ relation: String
    ) -> OrderedSet<String> {
        var names: OrderedSet<String> = []
        for item in syntax {
            guard names.append(item.name).inserted else {
                report.add("\(relation) “\(item.name)” twice.", at: item.location)
                continue
            }
            report.note(item.name, in: type, at: item.location)
        }
        return names
    }

    private mutating func fields(
        _ syntax: [FieldDefinitionSyntax], of type: String
    ) -> OrderedDictionary<String, FieldDefinition> {
        var fields: OrderedDictionary<String, FieldDefinition> = [:]
        for field in syntax {
            guard fields[field.name] == nil else {
                report.add("Field “\(type).\(field.name)” is defined twice.", at: field.location)
                continue
            }
            fields[field.name] = FieldDefinition(
                name: field.name, description: field.description, type: field.type,
                arguments: inputValues(field.arguments) { "\(type).\(field.name)(\($0):)" },
                directives: field.directives,
                deprecationReason: deprecationReason(field.directives), location: field.location)
        }
        return fields
    }

    private mutating func inputValues(
        _ syntax: [InputValueDefinitionSyntax], _ coordinate: (String) -> String
    ) -> OrderedDictionary<String, InputValueDefinition> {
        var values: OrderedDictionary<String, InputValueDefinition> = [:]
        for value in syntax {
            guard values[value.name] == nil else {
                report.add("“\(coordinate(value.name))” is defined twice.", at: value.location)
                continue
            }
            values[value.name] = InputValueDefinition(
                name: value.name, description: value.description, type: value.type, defaultValue: value.defaultValue,
                directives: value.directives, deprecationReason: deprecationReason(value.directives),
                location: value.location)
        }
        return values
    }

    private mutating func enumValues(
        _ syntax: [EnumValueDefinitionSyntax], of type: String
    ) -> OrderedDictionary<String, EnumValueDefinition> {
        var values: OrderedDictionary<String, EnumValueDefinition> = [:]
        for value in syntax {
            guard values[value.name] == nil else {
                report.add("Enum value “\(type).\(value.name)” is defined twice.", at: value.location)
                continue
            }
            values[value.name] = EnumValueDefinition(
                name: value.name, description: value.description, directives: value.directives,
                deprecationReason: deprecationReason(value.directives), location: value.location)
        }
        return values
    }

    private func deprecationReason(_ directives: [Directive]) -> String? {
        guard let directive = directives.first(named: "deprecated") else { return nil }
        return directive.argument("reason")?.stringValue ?? "No longer supported"
    }
}

extension TypeDefinitionSyntax {
    fileprivate var interfaces: [NamedTypeSyntax] {
        switch kind {
        case .object(let interfaces, _), .interface(let interfaces, _): interfaces
        default: []
        }
    }

    fileprivate var fieldDefinitions: [FieldDefinitionSyntax] {
        switch kind {
        case .object(_, let fields), .interface(_, let fields): fields
        default: []
        }
    }

    fileprivate var members: [NamedTypeSyntax] { if case .union(let members) = kind { members } else { [] } }

    fileprivate var enumValues: [EnumValueDefinitionSyntax] {
        if case .enumeration(let values) = kind { values } else { [] }
    }

    fileprivate var inputFields: [InputValueDefinitionSyntax] {
        if case .inputObject(let fields) = kind { fields } else { [] }
    }
}

/// Where operations begin (specification, section 3.3.1): as the schema definition says, or by the names `Query`,
/// `Mutation` and `Subscription` where there is none.
private struct RootTypes {
    private(set) var query: ObjectType?
    private(set) var mutation: ObjectType?
    private(set) var subscription: ObjectType?

    init(_ syntax: SchemaSyntax, _ types: OrderedDictionary<String, NamedType>, _ report: inout SchemaReport) {
        var roots: OrderedDictionary<OperationType, ObjectType> = [:]
        let before = report.errors.count
        let written = (syntax.schema?.operationTypes ?? []) + syntax.schemaExtensions.flatMap(\.operationTypes)
        for definition in written {
            let operation = definition.operationType
            if roots[operation] != nil {
                report.add("The \(operation.rawValue) root type is given twice.", at: definition.location)
            } else if case .object(let type)? = types[definition.typeName] {
                if roots.values.contains(where: { $0 === type }) {
                    report.add("“\(type.name)” is the root type of two kinds of operation.", at: definition.location)
                }
                roots[operation] = type
            } else {
                report.add(
                    "The \(operation.rawValue) root type “\(definition.typeName)” must be an object type that is defined.",
                    at: definition.location)
            }
        }
        if syntax.schema == nil {
            for (operation, name) in [
                (OperationType.query, "Query"), (.mutation, "Mutation"), (.subscription, "Subscription"),
            ]
            where roots[operation] == nil {
                if case .object(let type)? = types[name] {
                    roots[operation] = type
                } else if let type = types[name] {
                    report.add(
                        "“\(name)” is the usual name of the \(operation.rawValue) root type, which must be an object type; "
                            + "a schema definition must name another, or say that there is none.", at: type.location)
                }
            }
        }
        query = roots[.query]
        mutation = roots[.mutation]
        subscription = roots[.subscription]
        if query == nil, report.errors.count == before {
            report.add(
                "A schema needs a query root type: a type “Query”, or one that “schema { query: … }” names.",
                at: syntax.schema?.location ?? .none)
        }
    }
}
