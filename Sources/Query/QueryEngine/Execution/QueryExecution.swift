import GraphQL
import OrderedCollections
import Postgres

/// A query: one statement for each scope, resolvers beside them, and the answers put together in the order of the fields.
struct QueryExecution: Sendable {
    let engine: Engine
    let prepared: Preparation.Prepared
    let caller: Caller

    private var plan: OperationPlan { prepared.compiled.plan }

    private enum Part: Sendable {
        case statement(Scope, Result<PostgresResult, any Error>)
        case root(Int, RootAnswer)
    }

    nonisolated(nonsending) func run() async -> EngineResponse {
        let compiled = prepared.compiled
        var (ofTenant, ofPlatform): (Result<PostgresResult, any Error>?, Result<PostgresResult, any Error>?)
        var beside: [Int: RootAnswer] = [:]
        let resolved = plan.roots.indices.filter { if case .resolver = plan.roots[$0].source { true } else { false } }
        if let tenant = compiled.tenant, compiled.platform == nil, resolved.isEmpty {
            // Nearly every request: no task besides this one.
            ofTenant = await read(tenant, .tenant)
        } else {
            await withTaskGroup(of: Part.self) { group in
                if let tenant = compiled.tenant {
                    group.addTask { .statement(.tenant, await read(tenant, .tenant)) }
                }
                if let platform = compiled.platform {
                    group.addTask { .statement(.platform, await read(platform, .platform)) }
                }
                for index in resolved {
                    group.addTask { .root(index, await resolve(plan.roots[index])) }
                }
                for await part in group {
                    switch part {
                    case .statement(.tenant, let result): ofTenant = result
                    case .statement(.platform, let result): ofPlatform = result
                    case .root(let index, let answer): beside[index] = answer
                    }
                }
            }
        }
        return response(ofTenant, ofPlatform, beside)
    }

    /// - Parameter beside: what Swift answered, by root.
    private func response(
        _ ofTenant: Result<PostgresResult, any Error>?, _ ofPlatform: Result<PostgresResult, any Error>? = nil,
        _ beside: [Int: RootAnswer] = [:]
    ) -> EngineResponse {
        var assembly = ResponseAssembly()
        for (index, root) in plan.roots.enumerated() {
            let answer: RootAnswer =
                switch root.source {
                case .table: column(index, root, ofTenant)
                case .namespace: column(index, root, ofPlatform)
                case .typename(let name): .segments([.bytes(Array("\"\(name)\"".utf8))])
                case .introspection(let fields): introspect(fields)
                case .resolver: beside[index] ?? .null
                case .command, .feed, .export: .null
                }
            assembly.add(root, answer)
        }
        return assembly.response(operationType: .query, isCached: prepared.isCached)
    }

    /// What one statement answers whole, without a task. `nil` is for what has to be run after all: the connection died,
    /// or a number did not fit.
    func begin(_ query: ReadyQuery, done: @escaping @Sendable (EngineResponse?) -> Void) -> PendingRead {
        query.read.begin { result in
            switch result {
            case .success(let result): done(query.envelope.response(result) ?? response(.success(result)))
            case .failure(let error) where error.code == .connectionLost || error.code == .server(sqlState: "22003"):
                done(nil)
            case .failure(let error): done(response(.failure(error)))
            }
        }
    }

    // MARK: Tables

    private nonisolated(nonsending) func read(
        _ compiled: CompiledStatement, _ scope: Scope
    ) async -> Result<PostgresResult, any Error> {
        let result = await ask(compiled, scope)
        guard case .failure(let error as PostgresError) = result, error.code == .server(sqlState: "22003"),
            let widened = prepared.compiled.widened(scope)
        else { return result }
        return await ask(widened, scope).flatMap { .failure(WideAnswer(result: $0, error: error)) }
    }

    /// What was read after a number did not fit: whole numbers are as wide as they are, and not an answer yet.
    private struct WideAnswer: Error {
        let result: PostgresResult
        let error: PostgresError
    }

    private nonisolated(nonsending) func ask(
        _ compiled: CompiledStatement, _ scope: Scope
    ) async -> Result<PostgresResult, any Error> {
        do {
            let values = try prepared.values.values(compiled.parameters)
            let timeout = engine.configuration.statementTimeout
            switch (scope, caller.organization) {
            case (.tenant, let organization?):
                return .success(
                    try await engine.database.read(organization, compiled.statement, values, timeout: timeout))
            case (.platform, _):
                return .success(
                    try await engine.database.query(as: .platform, compiled.statement, values, timeout: timeout))
            case (.tenant, nil): return .failure(PostgresError(.protocolViolation, "a tenant's read without a tenant"))
            }
        } catch {
            return .failure(error)
        }
    }

    private func column(_ index: Int, _ root: RootPlan, _ result: Result<PostgresResult, any Error>?) -> RootAnswer {
        guard let column = prepared.compiled.columns[index], let result else { return .null }
        switch result {
        case .success(let result):
            guard result.count == 1, column < result.columnCount else { return .null }
            let isNull = result.withBytes(row: 0, column: column) { $0 == nil }
            return isNull ? .null : .segments([.value(result, row: 0, column: column)])
        case .failure(let refusal as Refusal): return .failed(refusal.errors)
        case .failure(let wide as WideAnswer): return looked(at: wide, column, root)
        case .failure(let error): return failed(root, error)
        }
    }

    private func failed(_ root: RootPlan, _ error: any Error) -> RootAnswer {
        .failed([
            engine.report.graphQLError(
                error, path: [.key(root.key)], location: root.location, requestID: caller.requestID)
        ])
    }

    private func looked(at wide: WideAnswer, _ column: Int, _ root: RootPlan) -> RootAnswer {
        guard wide.result.count == 1, column < wide.result.columnCount else { return .null }
        let bytes = wide.result.withBytes(row: 0, column: column) { value in
            value.map { Array($0) }
        }
        guard let bytes else { return .null }
        var numbers = WholeNumbers(
            schema: engine.preparation.schema, operation: prepared.operation, variables: prepared.variables)
        do throws(JSONError) {
            return RootAnswer(try numbers.complete(bytes, root), numbers.errors)
        } catch {
            return failed(root, wide.error)
        }
    }

    // MARK: Swift

    private nonisolated(nonsending) func resolve(_ root: RootPlan) async -> RootAnswer {
        guard case .resolver(let name, let set, let fields) = root.source, let resolver = engine.resolvers[name] else {
            return .null
        }
        do {
            let value = try await resolver(
                ResolverRequest(arguments: prepared.values.arguments[set], caller: caller))
            let (completed, errors) = prepared.complete(
                value, root.fieldName, of: engine.preparation.schema.queryType.name, fields, path: [.key(root.key)],
                schema: engine.preparation.schema)
            return RootAnswer(completed, errors)
        } catch {
            return .failed([
                engine.report.graphQLError(
                    error, path: [.key(root.key)], location: root.location, requestID: caller.requestID)
            ])
        }
    }

    private func introspect(_ fields: [Field]) -> RootAnswer {
        let preparation = engine.preparation
        let introspection = Introspection(
            schema: preparation.schema,
            visibility: preparation.visibility.role(caller.role, catalog: preparation.catalog))
        let (value, errors) = introspection.answer(
            fields, fragments: prepared.operation.fragments, variables: prepared.variables)
        return RootAnswer(value, errors)
    }
}

extension Preparation.Prepared {
    /// Picks the selection of a field from a value that Swift gave.
    ///
    /// - Returns: the value, `nil` where a null must go on to the parent; and why there are nulls in it.
    func complete(
        _ value: JSONValue, _ fieldName: String, of parentType: String, _ fields: [Field], path: [PathElement],
        schema: Schema
    ) -> (JSONValue?, [GraphQLError]) {
        var completion = FieldCompletion(schema: schema, fragments: operation.fragments, variables: variables)
        let parent = ObjectFromJSON(typeName: parentType, members: [fieldName: value], schema: schema)
        let completed = completion.complete(fields, of: parent, path: path)
        let errors = completion.errors.map { error in
            var error = error
            if error.code == .internalError { error.code = .internal }
            return error
        }
        return (completed, errors)
    }
}

extension RootAnswer {
    init(_ value: JSONValue?, _ errors: [GraphQLError]) {
        switch value {
        case nil: self = .failed(errors)
        case .some(let value):
            self = errors.isEmpty ? .segments([.bytes(value.bytes)]) : .partial([.bytes(value.bytes)], errors)
        }
    }
}
