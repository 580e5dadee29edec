import GraphQL
import Postgres

/// What a subscription needs, from where it begins.
struct Subscription: Sendable {
    let engine: Engine
    let prepared: Preparation.Prepared
    let caller: Caller
    let organization: OrganizationID
    let root: RootPlan
    let coordinate: String
    /// One changed row, by the selection and the filter.
    let statement: CompiledStatement
    let reader: ChangeReader
    let position: ChangePosition
    /// Changes that it saw came before the subscription.
    let snapshot: String?
    let revalidate: @Sendable () async -> Bool
}

/// Works out the next event when asked, and holds nothing but its place and a bounded batch of changes.
actor SubscriptionReader {
    private let subscription: Subscription
    private let seat: ChangeFeed.Seat
    private var position: ChangePosition
    private var pending: ArraySlice<ChangeReader.Change> = []

    init(_ subscription: Subscription) {
        self.subscription = subscription
        position = subscription.position
        seat = subscription.engine.feed.takeSeat(subscription.organization)
    }

    deinit {
        subscription.engine.feed.leave(seat)
    }

    /// `nil` at the end.
    func next() async -> SubscriptionEvent? {
        let feed = subscription.engine.feed
        while !Task.isCancelled, !feed.isClosed {
            guard await subscription.revalidate() else { return nil }
            do {
                if pending.isEmpty {
                    pending = try await subscription.reader.changes(
                        after: position, notSeenIn: subscription.snapshot)[...]
                }
                if let change = pending.first {
                    let event = try await event(for: change)
                    pending.removeFirst()
                    position = change.position
                    if let event { return event }
                    continue
                }
            } catch {
                guard let failure = lasting(error) else {
                    // The database comes back; the place is kept.
                    await feed.wait(seat, atMost: subscription.engine.configuration.feedPollInterval)
                    continue
                }
                // What cannot be read is told once, and passed over.
                if let change = pending.popFirst() { position = change.position }
                return failure
            }
            await feed.wait(seat, atMost: subscription.engine.configuration.feedPollInterval)
        }
        return nil
    }

    /// `nil` when the row is gone or does not pass the filter.
    private func event(for change: ChangeReader.Change) async throws -> SubscriptionEvent? {
        var values = subscription.prepared.values
        values.subjects[""] = change.subject
        let result = try await subscription.engine.database.read(
            subscription.organization, subscription.statement.statement,
            try values.values(subscription.statement.parameters),
            timeout: subscription.engine.configuration.statementTimeout)
        guard result.count == 1, !result.withBytes(row: 0, column: 0, { $0 == nil }) else { return nil }
        return event(.segments([.column(result, column: 0)]), at: change.position)
    }

    private func event(_ answer: RootAnswer, at position: ChangePosition) -> SubscriptionEvent {
        var assembly = ResponseAssembly()
        assembly.add(subscription.root, answer)
        return SubscriptionEvent(
            id: position.eventID(of: subscription.coordinate, organization: subscription.organization),
            response: assembly.response(operationType: .subscription, isCached: subscription.prepared.isCached))
    }

    /// The event for an error that waiting does not mend; `nil` for one that it does.
    private func lasting(_ error: any Error) -> SubscriptionEvent? {
        if let error = error as? PostgresError {
            switch error.code {
            case .connectionLost, .cannotConnect, .poolExhausted, .timedOut, .cancelled, .closed: return nil
            case .server, .protocolViolation: break
            }
        }
        let reported = subscription.engine.report.graphQLError(
            error, path: [.key(subscription.root.key)], location: subscription.root.location,
            requestID: subscription.caller.requestID)
        return event(.failed([reported]), at: pending.first?.position ?? position)
    }
}
