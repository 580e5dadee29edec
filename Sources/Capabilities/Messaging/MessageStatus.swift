/// Where a message stands. Mirrors the CHECK on `messages.status` and the enum `MessageStatus` of the API.
///
/// The exits of each state, whatever order the evidence comes in. States only advance:
///
///     SCHEDULED → QUEUED, CANCELED
///     QUEUED    → SENDING, FAILED, CANCELED
///     SENDING   → ACCEPTED, FAILED, IN_DOUBT, QUEUED (nothing was sent), and whatever a callback proves
///     IN_DOUBT  → ACCEPTED, FAILED, UNKNOWN, and whatever a callback proves
///     UNKNOWN   → whatever a callback proves, however late
///     ACCEPTED  → SENT, DELIVERED, UNDELIVERED, FAILED, QUEUED (Twilio gave it up before anything went out)
///     SENT      → DELIVERED, UNDELIVERED, FAILED
///     DELIVERED, UNDELIVERED, FAILED, CANCELED, RECEIVED are final.
package enum MessageStatus: String, Sendable, CaseIterable {
    case scheduled = "SCHEDULED"
    case queued = "QUEUED"
    case sending = "SENDING"
    case inDoubt = "IN_DOUBT"
    case accepted = "ACCEPTED"
    case sent = "SENT"
    case delivered = "DELIVERED"
    case undelivered = "UNDELIVERED"
    case failed = "FAILED"
    case canceled = "CANCELED"
    case unknown = "UNKNOWN"
    case received = "RECEIVED"

    /// The status that a carrier's report stands for, by Twilio's word; `nil` for one that says nothing new to us
    /// (`queued`, `sending`) or that is not known.
    package init?(carrierReport word: String) {
        switch word.lowercased() {
        case "accepted": self = .accepted
        case "sent": self = .sent
        case "delivered", "read": self = .delivered
        case "undelivered": self = .undelivered
        case "failed": self = .failed
        case "canceled": self = .canceled
        default: return nil
        }
    }

    /// Whether nothing more is to be expected.
    package var isFinal: Bool {
        switch self {
        case .delivered, .undelivered, .failed, .canceled, .received: true
        case .scheduled, .queued, .sending, .inDoubt, .accepted, .sent, .unknown: false
        }
    }

    /// Whether evidence from the carrier moves a message on from here to `next`.
    package func advances(to next: MessageStatus) -> Bool {
        switch self {
        case .sending, .inDoubt, .unknown:
            [.accepted, .sent, .delivered, .undelivered, .failed, .canceled].contains(next)
        case .accepted:
            [.sent, .delivered, .undelivered, .failed, .canceled].contains(next)
        case .sent:
            [.delivered, .undelivered, .failed].contains(next)
        case .scheduled, .queued, .delivered, .undelivered, .failed, .canceled, .received:
            false
        }
    }

    /// The states from which evidence moves on to `next`; for the compare-and-swap.
    package static func predecessors(of next: MessageStatus) -> [String] {
        allCases.filter { $0.advances(to: next) }.map(\.rawValue)
    }
}
