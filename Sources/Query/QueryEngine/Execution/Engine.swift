package import GraphQL
package import Logging
package import Postgres
import ServiceLifecycle

/// The query engine: operations in, JSON bytes out.
///
/// It is a `Service`: `run()` passes the announcements of changes on to subscriptions until graceful shutdown, which ends
/// all of them.
package final class Engine: Service, Sendable {
    let preparation: Preparation
    let database: Database
    let commands: [String: CommandBody]
    let resolvers: [String: Resolver]
    let configuration: EngineConfiguration
    let report: ErrorReport
    let feed: ChangeFeed
    let runs = SharedRuns()

    /// - Parameters:
    ///   - catalog: read from `schema`, and checked against the database by `BindingCatalog.check`.
    ///   - listener: hears of changes; without one, subscriptions only look at `feedPollInterval`.
    ///   - commands: by the names of `@command`. Each must be named by the schema, and the other way round.
    ///   - resolvers: by the names of `@resolver`, likewise.
    package init(
        schema: Schema, catalog: BindingCatalog, database: Database, listener: NotificationListener? = nil,
        commands: [String: CommandBody], resolvers: [String: Resolver],
        configuration: EngineConfiguration = EngineConfiguration(), sql options: SQLOptions = SQLOptions(),
        logger: Logger
    ) throws(BindingErrors) {
        let errors =
            Self.differences(of: "command", bound: catalog.commandNames, given: Set(commands.keys))
            + Self.differences(of: "resolver", bound: catalog.resolverNames, given: Set(resolvers.keys))
        guard errors.isEmpty else { throw BindingErrors(errors: errors) }
        preparation = Preparation(schema: schema, catalog: catalog, configuration: configuration, options: options)
        self.database = database
        self.commands = commands
        self.resolvers = resolvers
        self.configuration = configuration
        report = ErrorReport(logger: logger)
        feed = ChangeFeed(listener: listener)
    }

    private static func differences(of what: String, bound: Set<String>, given: Set<String>) -> [String] {
        bound.subtracting(given).sorted().map { "The schema binds a field to the \(what) “\($0)”, which is not given." }
            + given.subtracting(bound).sorted().map {
                "The \(what) “\($0)” is given, but no field of the schema is bound to it."
            }
    }

    package func run() async throws {
        await feed.run()
    }

    /// What is wrong with a document, whichever of its operations is asked for, and whoever asks; empty for one that can
    /// be run.
    package func problems(in document: [UInt8]) -> [GraphQLError] {
        do throws(Refusal) {
            _ = try preparation.document(document)
            return []
        } catch {
            return error.errors
        }
    }

    /// Operations that are remembered at present, for metrics.
    package var cachedOperations: Int { preparation.cachedOperations }

    /// What was done since the start.
    package var counts: EngineCounts { preparation.counters.counts }

    /// Begins a query for which everything is remembered, and which one statement answers whole. No task waits for it.
    ///
    /// - Parameters:
    ///   - memo: for what is made of this request, and what was made of the very same before: of its document, operation
    ///     name, variables and permissions.
    ///   - ifAllowed: asked once, when nothing else can keep it from being begun.
    ///   - done: called once if it was begun, in the reactor's turn, maybe before this returns; with `nil` when it has to
    ///     be carried out by `execute` after all.
    /// - Returns: `nil` where nothing was begun, since it is for `execute` to carry out, or to refuse.
    package func begin(
        _ request: EngineRequest, caller: Caller, memo: QueryMemo? = nil, ifAllowed: () -> Bool = { true },
        done: @escaping @Sendable (EngineResponse?) -> Void
    ) -> PendingRead? {
        guard let query = memo?.query(for: request, caller) ?? readyQuery(request, caller, memo), ifAllowed()
        else { return nil }
        return QueryExecution(engine: self, prepared: query.prepared, caller: caller).begin(query, done: done)
    }

    private func readyQuery(_ request: EngineRequest, _ caller: Caller, _ memo: QueryMemo?) -> ReadyQuery? {
        guard
            let prepared = preparation.remembered(request, role: caller.role, organization: caller.organization),
            let query = ReadyQuery(prepared, of: caller.organization, in: self)
        else { return nil }
        memo?.keep(query, for: request, caller)
        return query
    }

    /// Carries out a query or mutation. It never throws: whatever goes wrong is an error in the response.
    nonisolated(nonsending) package func execute(_ request: EngineRequest, caller: Caller) async -> EngineResponse {
        let prepared: Preparation.Prepared
        do throws(Refusal) {
            prepared = try preparation.prepare(
                request, role: caller.role, organization: caller.organization, isStream: false)
        } catch {
            return EngineResponse(error, operationType: nil)
        }
        if prepared.compiled.export != nil {
            return await ExportExecution(engine: self, prepared: prepared, caller: caller).run()
        }
        guard prepared.compiled.plan.operationType == .mutation else {
            return await QueryExecution(engine: self, prepared: prepared, caller: caller).run()
        }
        // A query is given up with its task. A mutation that has begun is carried out whoever still waits for it: it may
        // have bought a number, and what it did must be written down. A task of its own hears of no cancellation.
        return await Task { await MutationExecution(engine: self, prepared: prepared, caller: caller).run() }.value
    }
}

extension Refusal {
    static let subscriptionWithoutStream = Refusal(
        .wrongOperationType,
        GraphQLError(
            "A subscription is answered by a stream: ask with “Accept: text/event-stream”.", code: .wrongOperationType))
    static let streamWithoutSubscription = Refusal(
        .wrongOperationType,
        GraphQLError("Only a subscription is answered by a stream of events.", code: .wrongOperationType))
    static let mutationNotAllowed = Refusal(
        .mutationNotAllowed,
        GraphQLError("A mutation cannot be asked for by GET. Use POST.", code: .mutationNotAllowed))
}
