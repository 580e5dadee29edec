package import Foundation
package import Postgres

/// What ``AuditVerifier`` found wrong with a log, and where.
package enum AuditFinding: Sendable, Equatable, CustomStringConvertible {
    /// The row's content is not what was written.
    case changed(event: UUID)
    /// The chain has the event, the log has not.
    case removed(event: UUID, position: Int64)
    /// A link of the chain is missing.
    case gap(position: Int64)
    /// The link does not follow from the one before: rows were exchanged, or one was put in.
    case broken(event: UUID, position: Int64)
    /// The row was not written by Switchboard.
    case inserted(event: UUID)
    /// The row carries no MAC: it was inserted, or its MAC was taken away, or it stems from before rows carried one.
    case unauthenticated(event: UUID)
    /// The row is genuine, and neither chained nor waiting to be: its link was taken away.
    case unchained(event: UUID)
    /// The row is genuine, and the sealer has not taken it for longer than a minute.
    case unsealed(event: UUID)
    /// A checkpoint saw more than the chain has now.
    case truncated(at: Int64, checkpoint: Int64)
    /// The chain has another link where a checkpoint saw one.
    case rewritten(position: Int64)
    /// A checkpoint that this installation has not signed.
    case forgedCheckpoint(position: Int64)

    package var description: String {
        switch self {
        case .changed(let event): "event \(event.text) was changed"
        case .removed(let event, let position): "event \(event.text), sealed at position \(position), was removed"
        case .gap(let position): "the seal at position \(position) was removed"
        case .broken(let event, let position):
            "event \(event.text) at position \(position) does not follow from the one before: it was inserted or moved"
        case .inserted(let event): "event \(event.text) was not written by Switchboard"
        case .unauthenticated(let event):
            "event \(event.text) carries no MAC: nothing shows that Switchboard wrote it"
        case .unchained(let event): "the seal of event \(event.text) was removed"
        case .unsealed(let event):
            "event \(event.text) has waited to be sealed for more than a minute: no server runs, or its sealing is prevented"
        case .truncated(let head, let checkpoint):
            "the log ends at position \(head); a checkpoint saw position \(checkpoint)"
        case .rewritten(let position): "position \(position) is not what a checkpoint saw"
        case .forgedCheckpoint(let position):
            "the checkpoint of position \(position) is not signed by this installation"
        }
    }
}

/// What was found of one organization's log.
package struct AuditReport: Sendable, Equatable {
    package let organization: OrganizationID
    /// How many events are in the chain.
    package internal(set) var sealed: Int64 = 0
    /// Genuine events that wait for the sealer: those of the last second, or of longer when no server runs. What was
    /// removed of these leaves no trace.
    package internal(set) var unsealed = 0
    package internal(set) var findings: [AuditFinding] = []
}

extension UUID {
    var text: String { uuidString.lowercased() }
}
