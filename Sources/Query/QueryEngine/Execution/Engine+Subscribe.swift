import GraphQL
import Postgres

extension Engine {
    /// Carries out a subscription. When this returns, the stream's beginning is fixed: no later change is missed. Errors
    /// before the first event come as the only event of the stream.
    ///
    /// - Parameters:
    ///   - eventID: of the last event that was seen; the stream goes on after it.
    ///   - revalidate: whether the caller may still listen; asked before each event and at least once a second
    ///     (`feedPollInterval`), and the stream ends when it says no.
    package func subscribe(
        _ request: EngineRequest, caller: Caller, after eventID: String? = nil,
        revalidate: @escaping @Sendable () async -> Bool = { true }
    ) async -> EventStream {
        do {
            let prepared = try preparation.prepare(
                request, role: caller.role, organization: caller.organization, isStream: true)
            guard let root = prepared.compiled.plan.roots.first, case .feed(let kind, _) = root.source,
                let statement = prepared.compiled.feed, let organization = caller.organization
            else { throw Refusal.streamWithoutSubscription }
            let reader = ChangeReader(
                database: database, organization: organization, kind: kind, timeout: configuration.statementTimeout)
            let coordinate = "Subscription.\(root.fieldName)"
            var start: ChangeReader.Start?
            var position: ChangePosition
            if let eventID {
                guard let place = ChangePosition(eventID: eventID, of: coordinate, organization: organization) else {
                    throw Refusal(
                        GraphQLError(
                            "The last event id is none that this subscription gave out. Leave it out to begin anew.",
                            code: .badEventID, locations: [root.location]))
                }
                position = place
            } else {
                let beginning = try await reader.start()
                position = beginning.position
                start = beginning
            }
            let run = try sharedRun(statement, prepared.values, organization, caller.role)
            return EventStream(
                source: .live(
                    Subscription(
                        engine: self, prepared: prepared, caller: caller, organization: organization, root: root,
                        coordinate: coordinate, run: run, reader: reader, position: position,
                        snapshot: start?.snapshot, revalidate: revalidate)))
        } catch let refusal as Refusal {
            return EventStream(source: .refused(EngineResponse(refusal, operationType: .subscription)))
        } catch {
            let reported = report.graphQLError(error, path: nil, location: nil, requestID: caller.requestID)
            return EventStream(
                source: .refused(EngineResponse(Refusal(.request, reported), operationType: .subscription)))
        }
    }

    /// The run that this subscription shares with all of the same tenant, role, statement and values.
    private func sharedRun(
        _ statement: CompiledStatement, _ values: ParameterValues, _ organization: OrganizationID, _ role: Role
    ) throws(Refusal) -> SharedRun {
        let key = RunKey(
            organization: organization, role: role, statement: statement.statement,
            values: try values.values(statement.parameters))
        let (database, counters, timeout) = (database, preparation.counters, configuration.statementTimeout)
        return runs.run(key) { changed in
            var values = values
            values.changed = changed
            counters.countFeedRun()
            return try await database.read(
                organization, statement.statement, try values.values(statement.parameters), timeout: timeout)
        }
    }
}
