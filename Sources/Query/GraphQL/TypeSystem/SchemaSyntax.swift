import OrderedCollections

/// The definitions of all sources, sorted by what they define, with each extension beside what it extends.
struct SchemaSyntax {
    private(set) var schema: SchemaDefinitionSyntax?
    private(set) var schemaExtensions: [SchemaDefinitionSyntax] = []
    private(set) var types: OrderedDictionary<String, TypeDefinitionSyntax> = [:]
    private(set) var typeExtensions: OrderedDictionary<String, [TypeDefinitionSyntax]> = [:]
    private(set) var directives: OrderedDictionary<String, DirectiveDefinitionSyntax> = [:]

    /// - Parameter areBuiltIn: the definitions are the specification's own.
    mutating func add(_ document: Document, areBuiltIn: Bool, _ report: inout SchemaReport) {
        for definition in document.definitions {
            switch definition {
            case .operation, .fragment:
                report.add("Operations and fragments do not belong into a schema.", at: definition.location)
            case .schema(let definition) where definition.isExtension: schemaExtensions.append(definition)
            case .schema(let definition):
                if schema != nil { report.add("There is a schema definition already.", at: definition.location) }
                schema = schema ?? definition
            case .type(let definition) where definition.isExtension:
                typeExtensions[definition.name, default: []].append(definition)
            case .type(let definition): add(definition, areBuiltIn: areBuiltIn, &report)
            case .directive(let definition): add(definition, areBuiltIn: areBuiltIn, &report)
            }
        }
    }

    private mutating func add(_ type: TypeDefinitionSyntax, areBuiltIn: Bool, _ report: inout SchemaReport) {
        if !areBuiltIn, BuiltInDefinitions.scalars.contains(type.name) {
            report.add("Type “\(type.name)” is built in; leave its definition out.", at: type.nameLocation)
        } else if types[type.name] != nil {
            report.add("Type “\(type.name)” is defined twice.", at: type.nameLocation)
        } else {
            types[type.name] = type
        }
    }

    private mutating func add(
        _ directive: DirectiveDefinitionSyntax, areBuiltIn: Bool, _ report: inout SchemaReport
    ) {
        if !areBuiltIn, BuiltInDefinitions.directives.contains(directive.name) {
            report.add(
                "Directive “@\(directive.name)” is built in; leave its definition out.", at: directive.nameLocation)
        } else if directives[directive.name] != nil {
            report.add("Directive “@\(directive.name)” is defined twice.", at: directive.nameLocation)
        } else {
            directives[directive.name] = directive
        }
    }

    /// Extensions must extend something of their own kind (the “Extensions” of sections 3.5 to 3.10).
    func checkExtensions(_ report: inout SchemaReport) {
        for (name, extensions) in typeExtensions {
            for addition in extensions {
                if let type = types[name] {
                    if addition.kind.keyword != type.kind.keyword {
                        report.add(
                            "“\(name)” is defined with “\(type.kind.keyword)”, so it cannot be extended with "
                                + "“\(addition.kind.keyword)”.", at: addition.nameLocation)
                    } else if BuiltInDefinitions.isBuiltIn(type: name) {
                        report.add("Type “\(name)” is built in and cannot be extended.", at: addition.nameLocation)
                    }
                    if let oneOf = addition.directives.first(named: "oneOf") {
                        report.add(
                            "“@oneOf” belongs to the definition of “\(name)”, not to an extension.", at: oneOf.location)
                    }
                } else {
                    report.add("Type “\(name)” is extended but not defined.", at: addition.nameLocation)
                }
            }
        }
    }

    /// The definition of a type, then its extensions of the same kind.
    func parts(of type: TypeDefinitionSyntax) -> [TypeDefinitionSyntax] {
        [type] + (typeExtensions[type.name] ?? []).filter { $0.kind.keyword == type.kind.keyword }
    }
}

extension TypeDefinitionSyntax.Kind {
    /// The word that begins such a definition.
    var keyword: String {
        switch self {
        case .scalar: "scalar"
        case .object: "type"
        case .interface: "interface"
        case .union: "union"
        case .enumeration: "enum"
        case .inputObject: "input"
        }
    }
}

/// What is wrong with a schema, gathered.
struct SchemaReport {
    /// By the index that locations carry.
    let sourceNames: [String]
    private(set) var errors: [SchemaError] = []
    /// Where a type names an interface or a member: by the two names.
    private var mentions: [[String]: SourceLocation] = [:]
    private var told: Set<SchemaError> = []

    init(sourceNames: [String]) {
        self.sourceNames = sourceNames
    }

    mutating func note(_ name: String, in type: String, at location: SourceLocation) {
        mentions[[type, name]] = location
    }

    func place(of name: String, in type: NamedType) -> SourceLocation {
        mentions[[type.name, name]] ?? type.location
    }

    mutating func add(_ message: String, at location: SourceLocation) {
        let isKnown = location != .none && sourceNames.indices.contains(location.source)
        let error = SchemaError(
            message: message, source: isKnown ? sourceNames[location.source] : nil,
            location: isKnown ? location : nil)
        if told.insert(error).inserted { errors.append(error) }
    }
}
