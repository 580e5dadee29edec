import GraphQL
import Postgres
import QueryEngine
import Synchronization

/// How many requests are carried out at this moment, and how many may be. One more is turned away at once: a client that
/// hears so can try elsewhere, and one that waits in a line which grows helps nobody.
final class RequestPlaces: Sendable {
    private struct State {
        var all = 0
        var byOrganization: [OrganizationID: Int] = [:]
    }

    private let limit: Int
    private let limitPerOrganization: Int
    private let state = Mutex(State())

    init(limits: ServerLimits) {
        limit = limits.requests
        limitPerOrganization = limits.requestsPerOrganization
    }

    /// Takes a place; it must be given back by `leave`.
    func enter(_ organization: OrganizationID?) throws(Refusal) {
        let refusal: Refusal? = state.withLock { state in
            guard state.all < limit else {
                return Refusal(
                    .serviceUnavailable, .unavailable, "Too many requests are under way here; try again in 1 s.",
                    headers: [.retryAfter: "1"])
            }
            if let organization {
                let count = state.byOrganization[organization, default: 0]
                guard count < limitPerOrganization else {
                    return Refusal(
                        .tooManyRequests, .tooManyRequests,
                        "Your organization has \(limitPerOrganization) requests under way; wait for one of them.",
                        headers: [.retryAfter: "1"], details: [("limit", .int(Int64(limitPerOrganization)))])
                }
                state.byOrganization[organization] = count + 1
            }
            state.all += 1
            return nil
        }
        if let refusal { throw refusal }
    }

    func leave(_ organization: OrganizationID?) {
        state.withLock { state in
            state.all -= 1
            guard let organization, let count = state.byOrganization[organization] else { return }
            state.byOrganization[organization] = count > 1 ? count - 1 : nil
        }
    }
}
