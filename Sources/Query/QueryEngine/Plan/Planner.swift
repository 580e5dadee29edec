import GraphQL
import OrderedCollections

/// Turns a validated operation into a plan: for one role, with the variables' values at hand only for what shapes the plan
/// (which are present, conditions, orders). Throws `Refusal`.
struct Planner {
    let schema: Schema
    let catalog: BindingCatalog
    let configuration: EngineConfiguration
    let operation: OperationDefinition
    let fragments: [String: FragmentDefinition]
    let variables: CoercedVariables
    let role: Role
    let hasOrganization: Bool

    private(set) var argumentSets: [ArgumentSet] = []
    /// Parameters that take a cursor which was given.
    var cursors: [Parameter] = []

    init(
        schema: Schema, catalog: BindingCatalog, configuration: EngineConfiguration, operation: OperationDefinition,
        fragments: [String: FragmentDefinition], variables: CoercedVariables, role: Role, hasOrganization: Bool
    ) {
        self.schema = schema
        self.catalog = catalog
        self.configuration = configuration
        self.operation = operation
        self.fragments = fragments
        self.variables = variables
        self.role = role
        self.hasOrganization = hasOrganization
    }

    mutating func plan() throws(Refusal) -> OperationPlan {
        guard let root = schema.rootType(of: operation.operationType) else {
            throw Refusal(
                GraphQLError("The schema has no \(operation.operationType.rawValue) type.", code: .validationFailed))
        }
        var roots: [RootPlan] = []
        var costs: [Cost] = []
        for (key, fields) in try collect([operation.selectionSet], on: root.name) {
            guard let field = fields.first, let definition = schema.field(named: field.name, of: .object(root)) else {
                continue
            }
            let (source, cost) = try rootSource(fields, field, definition, of: root.name)
            roots.append(
                RootPlan(
                    key: key, fieldName: field.name, type: definition.type, location: field.location, source: source))
            costs.append(cost)
        }
        return OperationPlan(
            operationType: operation.operationType, roots: try exported(roots), argumentSets: argumentSets,
            cursors: cursors,
            cost: .sum(costs))
    }

    // MARK: Roots

    private mutating func rootSource(
        _ fields: [Field], _ field: Field, _ definition: FieldDefinition, of root: String
    ) throws(Refusal) -> (RootSource, Cost) {
        switch field.name {
        case "__typename":
            // Whoever may ask for nothing of it is not told its name either.
            guard mayAskAnything(of: root) else { throw forbidden(field, of: root) }
            return (.typename(root), .fixed(0))
        case "__schema", "__type":
            if role == .anonymous { throw forbidden(field, of: root) }
            return (.introspection(fields), .fixed(1))
        default: break
        }
        let coordinate = "\(root).\(field.name)"
        guard let binding = catalog.binding(root, field.name) else {
            throw Refusal(GraphQLError("\(coordinate) has no binding.", code: .internal, locations: [field.location]))
        }
        // A command that is open to a role without an organization does without one.
        if binding.needsOrganization, !hasOrganization, !(binding.isCommand && !role.isOfOrganization) {
            throw Refusal(
                .forbidden,
                GraphQLError(
                    "“\(field.name)” belongs to an organization, and this key belongs to none.", code: .forbidden,
                    locations: [field.location]))
        }
        switch binding {
        case .many(let many):
            let (read, cost) = try manyRead(many, fields, field, definition, coordinate)
            return (.table(read), cost)
        case .byID(let argument):
            let (reads, cost) = try rowsByID(argument, fields, field, definition, coordinate)
            return (.table(.rows(reads)), cost)
        case .tenant:
            let (object, cost) = try rowObject(fields, type: definition.type.namedType)
            return (.table(.rows([RowRead(object: object, conditions: [])])), cost)
        case .aggregate(let aggregate):
            let (read, cost) = try aggregateRead(aggregate, fields, field, definition, coordinate)
            return (.table(.aggregate(read)), cost)
        case .namespace:
            var members: [Member] = []
            let costs = try self.members(fields, type: definition.type.namedType, into: &members)
            return (.namespace(members), .sum([.fixed(1)] + costs))
        case .resolver(let name):
            let set = try argumentSet(field, definition, coordinate)
            return (.resolver(name: name, arguments: set, fields), .fixed(1))
        case .command(let name):
            return try command(name, fields, field, definition, coordinate)
        case .feed(let kind):
            let set = try argumentSet(field, definition, coordinate)
            let (object, cost) = try rowObject(fields, type: definition.type.namedType)
            let filters = try conditions(definition, set: set, field, coordinate)
            return (.feed(kind: kind, RowRead(object: object, conditions: filters)), cost)
        case .column, .money, .embedded, .one, .measure, .group:
            throw Refusal(GraphQLError("\(coordinate) has no binding of a root field.", code: .internal))
        }
    }

    private func mayAskAnything(of root: String) -> Bool {
        schema.type(named: root)?.fields?.contains { name, field in
            catalog.allows(role, type: root, field: name, fieldType: field.type.namedType)
        } ?? false
    }

    private mutating func rowsByID(
        _ argument: String, _ fields: [Field], _ field: Field, _ definition: FieldDefinition, _ coordinate: String
    ) throws(Refusal) -> ([RowRead], Cost) {
        let set = try argumentSet(field, definition, coordinate)
        var reads: [RowRead] = []
        var costs: [Cost] = []
        for type in schema.possibleTypes(of: definition.type.namedType) {
            // Behind an interface, what the role may not see is as if it did not exist.
            guard let table = catalog.tables[type], catalog.allows(role, type: type) else { continue }
            let (object, cost) = try rowObject(fields, type: type)
            let id = Parameter.argument(
                set: set, path: [.key(argument)], kind: .id(prefix: table.prefix), isList: false)
            let byID = Condition(column: "id", comparison: .equals, parameter: id)
            reads.append(RowRead(object: object, conditions: [.condition(byID)]))
            costs.append(cost)
        }
        return (reads, .largest(costs))
    }

    private mutating func command(
        _ name: String, _ fields: [Field], _ field: Field, _ definition: FieldDefinition, _ coordinate: String
    ) throws(Refusal) -> (RootSource, Cost) {
        let set = try argumentSet(field, definition, coordinate)
        let payloadType = definition.type.namedType
        var members: [PayloadMember] = []
        var costs: [Cost] = [.fixed(1)]
        for (key, parts) in try collect(fields.compactMap(\.selectionSet), on: payloadType) {
            guard let part = parts.first else { continue }
            guard part.name != "__typename" else {
                members.append(
                    PayloadMember(
                        key: key, fieldName: part.name, type: .nonNull(.named("String")), source: .typename(payloadType)
                    ))
                continue
            }
            guard let partDefinition = schema.type(named: payloadType)?.fields?[part.name] else { continue }
            let source: PayloadSource
            if part.name == "userErrors" {
                source = .userErrors(parts)
            } else if catalog.tables[partDefinition.type.namedType] != nil {
                let (object, cost) = try rowObject(parts, type: partDefinition.type.namedType)
                costs.append(cost)
                let byID = Condition(column: "id", comparison: .equals, parameter: .subject(part.name))
                source = .row(RowRead(object: object, conditions: [.condition(byID)]))
            } else {
                source = .value(parts)
            }
            members.append(PayloadMember(key: key, fieldName: part.name, type: partDefinition.type, source: source))
        }
        return (
            .command(CommandPlan(name: name, arguments: set, payloadType: payloadType, members: members)), .sum(costs)
        )
    }

    // MARK: Shared

    /// Fields of one object type, in the order of the response; conditions are decided by the variables at hand. Refuses
    /// the operation when the role may not ask for one of them, or for its type.
    func collect(
        _ selectionSets: [SelectionSet], on type: String
    ) throws(Refusal) -> OrderedDictionary<String, [Field]> {
        let collected = collectFields(selectionSets, on: type, schema: schema, fragments: fragments) { variable in
            variables[variable]?.boolValue ?? false
        }
        let definitions = schema.type(named: type)?.fields
        for fields in collected.values {
            guard let field = fields.first, let definition = definitions?[field.name] else { continue }
            guard catalog.allows(role, type: type, field: field.name, fieldType: definition.type.namedType) else {
                throw forbidden(field, of: type)
            }
        }
        return collected
    }

    func forbidden(_ field: Field, of type: String) -> Refusal {
        switch role {
        case .anonymous:
            Refusal(
                .unauthenticated,
                GraphQLError(
                    "Sign in to ask for “\(field.name)”: send the header “Authorization: Bearer” with an API key or an "
                        + "access token.", code: .unauthenticated, locations: [field.location]))
        case .user:
            Refusal(
                .forbidden,
                GraphQLError(
                    "“\(field.name)” of \(type) is asked for an organization: name one of yours in the header "
                        + "“X-Switchboard-Organization”.", code: .forbidden, locations: [field.location]))
        default:
            Refusal(
                .forbidden,
                GraphQLError(
                    "The role \(role.rawValue) may not ask for “\(field.name)” of \(type).", code: .forbidden,
                    locations: [field.location]))
        }
    }

    /// Notes the arguments of a field, and gives the number by which parameters refer to them.
    mutating func argumentSet(
        _ field: Field, _ definition: FieldDefinition, _ coordinate: String
    ) throws(Refusal) -> Int {
        let isConstant = !field.arguments.contains { $0.value.containsVariable }
        let values = try ArgumentSet.coerce(
            field.arguments, definitions: definition.arguments, variables: variables, schema: schema)
        argumentSets.append(
            ArgumentSet(
                coordinate: coordinate, arguments: field.arguments, definitions: definition.arguments,
                location: field.location, constant: isConstant ? values : nil))
        currentArguments.append(values)
        return argumentSets.count - 1
    }

    /// The values of the request at hand, which tell what is present.
    private(set) var currentArguments: [OrderedDictionary<String, JSONValue>] = []
}

extension FieldBinding {
    var isCommand: Bool {
        if case .command = self { true } else { false }
    }

    /// Whether it is answered in a tenant's scope.
    var needsOrganization: Bool {
        switch self {
        case .namespace, .resolver: false
        default: true
        }
    }
}

extension Value {
    var containsVariable: Bool {
        switch kind {
        case .variable: true
        case .list(let items): items.contains { $0.containsVariable }
        case .object(let fields): fields.contains { $0.value.containsVariable }
        default: false
        }
    }
}

extension ArgumentSet {
    static func coerce(
        _ arguments: [Argument], definitions: OrderedDictionary<String, InputValueDefinition>,
        variables: CoercedVariables, schema: Schema
    ) throws(Refusal) -> OrderedDictionary<String, JSONValue> {
        do {
            return try coerceArguments(arguments, definitions: definitions, variables: variables, schema: schema)
        } catch {
            throw Refusal(error)
        }
    }
}
