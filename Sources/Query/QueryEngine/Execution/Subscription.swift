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
    /// Changed rows, by the selection and the filter; shared with all who ask the same.
    let run: SharedRun
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
    private var pending: ArraySlice<(position: ChangePosition, answer: SharedRun.Answer)> = []
    private var isOver = false

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
        while !Task.isCancelled, !feed.isClosed, !isOver {
            guard await subscription.revalidate() else { return nil }
            do {
                if pending.isEmpty { try await refill() }
                // What did not pass the filter, or is gone, is no event.
                while let (position, answer) = pending.popFirst() {
                    self.position = position
                    if let event = event(answer, at: position) { return event }
                }
            } catch is ChangeReader.TooLate {
                isOver = true
                return event(.failed([Self.tooLate(subscription.root)]), id: nil)
            } catch {
                // The database comes back; the place is kept. Whatever else it is, is told, and ends the stream.
                if error.isLasting {
                    isOver = true
                    return event(.failed([reported(error)]), id: nil)
                }
            }
            if pending.isEmpty {
                await feed.wait(seat, atMost: subscription.engine.configuration.feedPollInterval)
            }
        }
        return nil
    }

    private func refill() async throws {
        let changes = try await subscription.reader.changes(after: position, notSeenIn: subscription.snapshot)
        guard !changes.isEmpty else { return }
        let answers = try await subscription.run.answers(to: changes)
        pending = zip(changes, answers).map { ($0.position, $1) }[...]
    }

    private func event(_ answer: SharedRun.Answer, at position: ChangePosition) -> SubscriptionEvent? {
        let id = position.eventID(of: subscription.coordinate, organization: subscription.organization)
        switch answer {
        case .success(nil): return nil
        case .success(let segment?): return event(.segments([segment]), id: id)
        // What cannot be read is told once, and passed over.
        case .failure(let error): return event(.failed([reported(error)]), id: id)
        }
    }

    private func event(_ answer: RootAnswer, id: String?) -> SubscriptionEvent {
        var assembly = ResponseAssembly()
        assembly.add(subscription.root, answer)
        return SubscriptionEvent(
            id: id,
            response: assembly.response(operationType: .subscription, isCached: subscription.prepared.isCached))
    }

    private func reported(_ error: any Error) -> GraphQLError {
        subscription.engine.report.graphQLError(
            error, path: [.key(subscription.root.key)], location: subscription.root.location,
            requestID: subscription.caller.requestID)
    }

    private static func tooLate(_ root: RootPlan) -> GraphQLError {
        GraphQLError(
            "What happened after the last event id is no longer kept in full. Query anew, then subscribe without it.",
            code: .eventIDTooOld, locations: [root.location], path: [.key(root.key)])
    }
}
