package import GraphQL

/// What the schema's directives say about each field, as plain data.
package struct BindingCatalog: Sendable {
    /// By type name.
    package let tables: [String: TableBinding]
    /// By type name, then field name. Fields of connections, edges, `PageInfo`, payloads and of what a resolver answers
    /// have none: their place says it.
    package let fields: [String: [String: FieldBinding]]
    /// `@access` of fields, by type name, then field name.
    package let fieldAccess: [String: [String: Set<Role>]]
    /// `@access` of types.
    package let typeAccess: [String: Set<Role>]
    /// Connection types by name.
    package let connections: [String: ConnectionType]
    /// By input type name, in the order of its fields.
    package let filters: [String: [FilterField]]
    /// Arguments that are conditions themselves, by `Type.field`, in the order of the arguments.
    package let argumentConditions: [String: [WhereBinding]]
    /// By enum type name, then value.
    package let orders: [String: [String: OrderBinding]]
    /// By enum type name, then value: the buckets of time that an aggregate is cut into.
    package let buckets: [String: [String: TimeUnit]]
    /// By enum type name, then value: the columns by which an aggregate is grouped.
    package let groups: [String: [String: String]]

    /// Reads and checks all bindings.
    package init(schema: Schema) throws(BindingErrors) {
        var reader = BindingReader(schema: schema)
        reader.read()
        guard reader.errors.isEmpty else { throw BindingErrors(errors: reader.errors) }
        tables = reader.tables
        fields = reader.fields
        fieldAccess = reader.fieldAccess
        typeAccess = reader.typeAccess
        connections = reader.connections
        filters = reader.filters
        orders = reader.orders
        argumentConditions = reader.argumentConditions
        buckets = reader.buckets
        groups = reader.groups
    }

    package func binding(_ type: String, _ field: String) -> FieldBinding? {
        fields[type]?[field]
    }

    /// Whether the role may ask for the field, by its own `@access` and by that of its type.
    func allows(_ role: Role, type: String, field: String, fieldType: String) -> Bool {
        (fieldAccess[type]?[field]?.contains(role) ?? true) && allows(role, type: fieldType)
    }

    func allows(_ role: Role, type: String) -> Bool {
        typeAccess[type]?.contains(role) ?? true
    }

    /// Whether the value of an enum of this type decides how the SQL looks.
    func isShaping(enumeration type: String) -> Bool {
        orders[type] != nil || buckets[type] != nil || groups[type] != nil
    }

    /// The names of all commands and resolvers.
    var commandNames: Set<String> { names { if case .command(let name) = $0 { name } else { nil } } }
    var resolverNames: Set<String> { names { if case .resolver(let name) = $0 { name } else { nil } } }

    private func names(_ name: (FieldBinding) -> String?) -> Set<String> {
        Set(fields.values.flatMap { $0.values.compactMap(name) })
    }
}
