import GraphQL
import Postgres

/// From a request to a plan with its values, before anything is executed. What was done once for a document is remembered.
final class Preparation: Sendable {
    let schema: Schema
    let catalog: BindingCatalog
    let configuration: EngineConfiguration
    let visibility: SchemaVisibility
    let counters = EngineCounters()
    private let options: SQLOptions
    private let operations: GenerationalCache<OperationKey, PreparedOperation>

    init(schema: Schema, catalog: BindingCatalog, configuration: EngineConfiguration, options: SQLOptions) {
        self.schema = schema
        self.catalog = catalog
        self.configuration = configuration
        self.options = options
        visibility = SchemaVisibility(schema: schema)
        operations = GenerationalCache(
            count: configuration.cachedOperations, weight: configuration.cachedDocumentBytes)
    }

    var cachedOperations: Int { operations.entries }

    /// Everything that a request needs to be executed.
    final class Prepared: Sendable {
        let operation: PreparedOperation
        let variables: CoercedVariables
        let compiled: CompiledPlan
        let values: ParameterValues
        let isCached: Bool

        init(
            operation: PreparedOperation, variables: CoercedVariables, compiled: CompiledPlan, values: ParameterValues,
            isCached: Bool
        ) {
            self.operation = operation
            self.variables = variables
            self.compiled = compiled
            self.values = values
            self.isCached = isCached
        }
    }

    /// - Parameter isStream: whether a subscription is expected; else a query or mutation is.
    func prepare(
        _ request: EngineRequest, role: Role, organization: OrganizationID?, isStream: Bool
    ) throws(Refusal) -> Prepared {
        let operation = try self.operation(request)
        switch operation.operation.operationType {
        case .query: if isStream { throw .streamWithoutSubscription }
        case .mutation:
            if isStream { throw .streamWithoutSubscription }
            if !request.allowsMutation { throw .mutationNotAllowed }
        case .subscription: if !isStream { throw .subscriptionWithoutStream }
        }
        let variables = try self.variables(operation, request)
        try operation.checkConditions(variables)
        let key = planKey(operation, variables, role: role, organization: organization)
        if let known = operation.plans.value(for: key) {
            return try prepared(request, operation, variables, known, isCached: true, organization)
        }
        let compiled = try plan(operation, variables, key)
        return try prepared(request, operation, variables, compiled, isCached: false, organization)
    }

    /// Like `prepare`, of a query whose plan is remembered; `nil` for anything else, also for what `prepare` would refuse.
    func remembered(_ request: EngineRequest, role: Role, organization: OrganizationID?) -> Prepared? {
        guard let operation = operations.value(for: OperationKey(request), weight: request.document.count),
            operation.operation.operationType == .query
        else { return nil }
        do throws(Refusal) {
            let variables = try self.variables(operation, request)
            try operation.checkConditions(variables)
            let key = planKey(operation, variables, role: role, organization: organization)
            guard let compiled = operation.plans.value(for: key) else { return nil }
            return try prepared(request, operation, variables, compiled, isCached: true, organization)
        } catch {
            return nil
        }
    }

    private func prepared(
        _ request: EngineRequest, _ operation: PreparedOperation, _ variables: CoercedVariables,
        _ compiled: CompiledPlan, isCached: Bool, _ organization: OrganizationID?
    ) throws(Refusal) -> Prepared {
        let values = try ParameterValues(
            plan: compiled.plan, variables: variables, schema: schema, organization: organization,
            configuration: configuration, allowsExport: request.allowsExport)
        try values.check(compiled.plan.cost, fixed: compiled.fixedCost)
        try values.check(compiled.refusable)
        return Prepared(
            operation: operation, variables: variables, compiled: compiled, values: values, isCached: isCached)
    }

    /// Parses and validates, or remembers.
    func operation(_ request: EngineRequest) throws(Refusal) -> PreparedOperation {
        let key = OperationKey(request)
        if let known = operations.value(for: key, weight: request.document.count) { return known }
        let prepared = try parse(request)
        operations.insert(prepared, for: key, weight: request.document.count)
        return prepared
    }

    /// Parses and validates a document.
    func document(_ bytes: [UInt8]) throws(Refusal) -> Document {
        counters.countDocument()
        let document: Document
        do throws(GraphQLError) {
            document = try GraphQL.parse(bytes, limits: configuration.limits)
        } catch {
            throw Refusal(error)
        }
        let errors = validate(
            document, against: schema,
            options: ValidationOptions(
                limits: configuration.limits, suggestions: configuration.suggestions,
                introspection: configuration.allowsIntrospection, visibility: visibility.everyone))
        guard errors.isEmpty else { throw Refusal(.request, errors) }
        return document
    }

    private func parse(_ request: EngineRequest) throws(Refusal) -> PreparedOperation {
        let document = try document(request.document)
        let operation: OperationDefinition
        do throws(GraphQLError) {
            operation = try selectOperation(named: request.operationName, in: document)
        } catch {
            throw Refusal(error)
        }
        return PreparedOperation(
            operation: operation, document: document, schema: schema, catalog: catalog,
            cachedPlans: configuration.cachedPlansPerOperation)
    }

    private func variables(
        _ operation: PreparedOperation, _ request: EngineRequest
    ) throws(Refusal) -> CoercedVariables {
        do throws(GraphQLErrors) {
            return try coerceVariables(
                of: operation.operation, schema: schema, from: request.variables, visibility: visibility.everyone)
        } catch {
            throw Refusal(.request, error.errors)
        }
    }

    private func planKey(
        _ operation: PreparedOperation, _ variables: CoercedVariables, role: Role, organization: OrganizationID?
    ) -> PlanKey {
        operation.planKey(
            role: role, hasOrganization: organization != nil, variables: variables, schema: schema, catalog: catalog,
            maximumPageSize: configuration.maximumPageSize)
    }

    private func plan(
        _ operation: PreparedOperation, _ variables: CoercedVariables, _ key: PlanKey
    ) throws(Refusal) -> CompiledPlan {
        counters.countPlan()
        var planner = Planner(
            schema: schema, catalog: catalog, configuration: configuration, operation: operation.operation,
            fragments: operation.fragments, variables: variables, role: key.role, hasOrganization: key.hasOrganization)
        let compiled = CompiledPlan(try planner.plan(), options: options)
        operation.plans.insert(compiled, for: key)
        return compiled
    }
}
