import GraphQL

/// An operation that has been parsed and validated, and the plans made of it so far.
final class PreparedOperation: Sendable {
    let operation: OperationDefinition
    let fragments: [String: FragmentDefinition]
    let plans: GenerationalCache<PlanKey, CompiledPlan>
    private let conditions: Set<String>
    /// In the order of their definitions: those whose presence, or value of an order, shapes the SQL.
    private let shaping: [VariableDefinition]

    init(
        operation: OperationDefinition, document: Document, schema: Schema, catalog: BindingCatalog, cachedPlans: Int
    ) {
        self.operation = operation
        fragments = document.fragments
        plans = GenerationalCache(count: cachedPlans)
        conditions = Set(document.conditionVariables(of: operation))
        let uses = VariableUses(operation: operation, fragments: fragments, schema: schema, catalog: catalog)
        let conditions = self.conditions
        shaping = operation.variableDefinitions.filter {
            uses.shaping.contains($0.name) || conditions.contains($0.name)
        }
    }

    /// Refuses null where the `if` of `@skip` or `@include` stands: a variable with a default may be nullable, and null all
    /// the same.
    func checkConditions(_ variables: CoercedVariables) throws(Refusal) {
        for definition in operation.variableDefinitions
        where conditions.contains(definition.name) && variables[definition.name]?.boolValue == nil {
            throw Refusal(
                GraphQLError(
                    "Variable “$\(definition.name)” is null, where “Boolean!” is expected.", code: .badUserInput,
                    locations: [definition.location]))
        }
    }

    /// What of the variables decides how the plan looks. Two requests with the same key share a plan.
    func planKey(
        role: Role, hasOrganization: Bool, variables: CoercedVariables, schema: Schema, catalog: BindingCatalog,
        maximumPageSize: Int
    ) -> PlanKey {
        var shape: [UInt8] = []
        for definition in shaping {
            if conditions.contains(definition.name) {
                shape.append(UInt8(ascii: variables[definition.name]?.boolValue == true ? "t" : "f"))
            }
            VariableShape.write(
                variables[definition.name], definition.type, schema: schema, catalog: catalog,
                maximumPageSize: maximumPageSize, to: &shape)
        }
        return PlanKey(role: role, hasOrganization: hasOrganization, shape: shape)
    }
}

struct PlanKey: Hashable, Sendable {
    let role: Role
    let hasOrganization: Bool
    let shape: [UInt8]
}

/// What a document is remembered by: its bytes, not their hash alone, so that no two documents are ever taken for one.
struct OperationKey: Hashable, Sendable {
    let document: [UInt8]
    let operationName: String?

    init(_ request: EngineRequest) {
        document = request.document
        operationName = request.operationName
    }

    /// In one piece: an array goes byte by byte.
    func hash(into hasher: inout Hasher) {
        hasher.combine(document.count)
        document.withUnsafeBytes { hasher.combine(bytes: $0) }
        hasher.combine(operationName)
    }
}
