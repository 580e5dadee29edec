import GraphQL
import Postgres
import QueryEngine
import Synchronization

/// The live streams of this node: how many there are, whose, and how to end all of them.
final class LiveStreams: Sendable {
    private struct State {
        var mailboxes: [UInt64: StreamMailbox] = [:]
        var byOrganization: [OrganizationID: Int] = [:]
        var nextNumber: UInt64 = 0
        var isDraining = false
    }

    private let limit: Int
    private let limitPerOrganization: Int
    private let state = Mutex(State())

    init(limits: ServerLimits) {
        limit = limits.streams
        limitPerOrganization = limits.streamsPerOrganization
    }

    var count: Int { state.withLock { $0.mailboxes.count } }

    /// A place among the streams, until it is let go.
    func open(for organization: OrganizationID?) throws(Refusal) -> StreamPlace {
        let opened: Result<StreamPlace, Refusal> = state.withLock { state in
            guard !state.isDraining, state.mailboxes.count < limit else {
                return .failure(
                    Refusal(
                        .serviceUnavailable, .unavailable, "No more live streams can be opened here; try again in 5 s.",
                        headers: [.retryAfter: "5"]))
            }
            if let organization {
                guard state.byOrganization[organization, default: 0] < limitPerOrganization else {
                    return .failure(
                        Refusal(
                            .tooManyRequests, .tooManyRequests,
                            "Your organization has \(limitPerOrganization) live streams open; close one first.",
                            headers: [.retryAfter: "5"], details: [("limit", .int(Int64(limitPerOrganization)))]))
                }
                state.byOrganization[organization, default: 0] += 1
            }
            state.nextNumber += 1
            let mailbox = StreamMailbox()
            state.mailboxes[state.nextNumber] = mailbox
            return .success(
                StreamPlace(streams: self, number: state.nextNumber, organization: organization, mailbox: mailbox))
        }
        return try opened.get()
    }

    /// Ends every stream, and lets no other begin.
    func drain() {
        let mailboxes = state.withLock { state in
            state.isDraining = true
            return Array(state.mailboxes.values)
        }
        for mailbox in mailboxes { mailbox.finish(.shutdown) }
    }

    fileprivate func close(_ number: UInt64, of organization: OrganizationID?) {
        state.withLock { state in
            state.mailboxes[number] = nil
            guard let organization, let count = state.byOrganization[organization] else { return }
            state.byOrganization[organization] = count > 1 ? count - 1 : nil
        }
    }
}

/// One stream's place. It is given back when nobody holds it any longer, however the request ended.
final class StreamPlace: Sendable {
    let mailbox: StreamMailbox
    private let streams: LiveStreams
    private let number: UInt64
    private let organization: OrganizationID?

    fileprivate init(streams: LiveStreams, number: UInt64, organization: OrganizationID?, mailbox: StreamMailbox) {
        self.streams = streams
        self.number = number
        self.organization = organization
        self.mailbox = mailbox
    }

    deinit {
        streams.close(number, of: organization)
    }
}
