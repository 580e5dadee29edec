import GraphQL
import OrderedCollections

/// Reads the directives of a schema, type by type, and collects everything that is wrong.
struct BindingReader {
    let schema: Schema
    var errors: [String] = []
    var tables: [String: TableBinding] = [:]
    var fields: [String: [String: FieldBinding]] = [:]
    var fieldAccess: [String: [String: Set<Role>]] = [:]
    var typeAccess: [String: Set<Role>] = [:]
    var connections: [String: ConnectionType] = [:]
    var filters: [String: [FilterField]] = [:]
    var argumentConditions: [String: [WhereBinding]] = [:]
    var orders: [String: [String: OrderBinding]] = [:]
    var buckets: [String: [String: TimeUnit]] = [:]
    var groups: [String: [String: String]] = [:]

    init(schema: Schema) {
        self.schema = schema
    }

    mutating func read() {
        for (name, type) in schema.types where !name.hasPrefix("__") {
            readAccess(of: type)
            if case .object(let object) = type {
                readTable(of: object)
                readConnection(object)
            }
        }
        refuseSharedPrefixes()
        for (name, type) in schema.types where !name.hasPrefix("__") {
            switch type {
            case .object(let object): readFields(of: object)
            case .inputObject(let input): readFilter(input)
            case .enumeration(let enumeration): readValues(of: enumeration)
            default: break
            }
        }
        guard errors.isEmpty else { return }
        checkPlaces()
    }

    // MARK: Types

    private mutating func readAccess(of type: NamedType) {
        if let directive = type.directives.first(named: "access") {
            typeAccess[type.name] = roles(of: directive, at: type.name)
        }
    }

    private mutating func readTable(of object: ObjectType) {
        guard let directive = object.directives.first(named: "table") else { return }
        let arguments = DirectiveArguments(directive, in: schema)
        guard let name = arguments.string("name"), let prefix = arguments.string("prefix"),
            let scope = arguments.name("scope").flatMap(Scope.init(rawValue:)),
            let tenantColumn = arguments.string("tenantColumn")
        else {
            errors.append("\(object.name): @table needs a name, a prefix, a scope and a tenantColumn.")
            return
        }
        for identifier in [name, tenantColumn] where !SQLName.isValid(identifier) {
            errors.append("\(object.name): “\(identifier)” in @table is no plain SQL name ([a-z_][a-z0-9_]*).")
        }
        if !SQLName.isValidPrefix(prefix) {
            errors.append("\(object.name): the prefix “\(prefix)” may hold lower-case letters and digits only.")
        }
        tables[object.name] = TableBinding(
            typeName: object.name, name: name, prefix: prefix, scope: scope, tenantColumn: tenantColumn)
    }

    /// An opaque ID must tell its type, so within the tenants' scope no two types share a prefix.
    private mutating func refuseSharedPrefixes() {
        var owners: [String: String] = [:]
        for table in tables.values.sorted(by: { $0.typeName < $1.typeName }) where table.scope == .tenant {
            if let other = owners.updateValue(table.typeName, forKey: table.prefix) {
                errors.append("\(table.typeName): the prefix “\(table.prefix)” is that of \(other) already.")
            }
        }
    }

    private mutating func readConnection(_ object: ObjectType) {
        guard object.name.hasSuffix("Connection"), let nodes = object.fields["nodes"],
            let edges = object.fields["edges"], nodes.type.isList, edges.type.isList,
            case .object(let edge)? = schema.type(named: edges.type.namedType)
        else { return }
        let nodeType = nodes.type.namedType
        guard edge.fields["node"]?.type.namedType == nodeType else {
            errors.append("\(edge.name).node: must be of type \(nodeType), as \(object.name).nodes is.")
            return
        }
        let known: Set = ["edges", "nodes", "pageInfo", "totalCount"]
        for field in object.fields.keys where !known.contains(field) {
            errors.append("\(object.name).\(field): a connection has edges, nodes, pageInfo and totalCount only.")
        }
        for field in edge.fields.keys where field != "cursor" && field != "node" {
            errors.append("\(edge.name).\(field): an edge has cursor and node only.")
        }
        connections[object.name] = ConnectionType(name: object.name, edgeType: edge.name, nodeType: nodeType)
    }

    mutating func roles(of directive: Directive, at coordinate: String) -> Set<Role> {
        var roles: Set<Role> = []
        for value in directive.argument("roles")?.listValue ?? [] {
            if let role = value.enumValue.flatMap(Role.init(rawValue:)) {
                roles.insert(role)
            } else {
                errors.append("\(coordinate): @access names a role that the engine does not know.")
            }
        }
        return roles
    }
}

/// The arguments of an applied directive, with the defaults that its definition declares.
struct DirectiveArguments {
    private let directive: Directive
    private let definition: DirectiveDefinition?

    init(_ directive: Directive, in schema: Schema) {
        self.directive = directive
        definition = schema.directives[directive.name]
    }

    func string(_ argument: String) -> String? { value(argument)?.stringValue }
    /// Of an enum.
    func name(_ argument: String) -> String? { value(argument)?.enumValue }
    func strings(_ argument: String) -> [String]? { value(argument)?.listValue?.compactMap(\.stringValue) }

    private func value(_ argument: String) -> Value? {
        directive.argument(argument) ?? definition?.arguments[argument]?.defaultValue
    }
}
