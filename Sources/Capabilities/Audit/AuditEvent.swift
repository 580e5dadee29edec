package import Foundation

/// One thing that was done or refused: who, what, to what, why. Never a secret, never a message's body.
package struct AuditEvent: Sendable {
    package enum Actor: Sendable {
        case apiKey(UUID)
        case user(UUID)
        /// Of an outside issuer.
        case subject(UUID)
        case worker
        case commandLine
        /// Nobody had signed in.
        case anonymous
    }

    /// Mirrors the CHECK on `audit_events.outcome`.
    package enum Outcome: String, Sendable {
        case done = "DONE"
        case refused = "REFUSED"
    }

    package var actor: Actor
    /// Lower-case words with dots between, the thing first: `credential.register`.
    package var action: String
    package var outcome: Outcome
    package var subjectKind: String
    /// `nil` where the subject never came to exist.
    package var subjectID: UUID?
    /// Why a secret was asked for.
    package var purpose: String?
    /// The request's id, as the log has it.
    package var requestID: String?
    /// From where it was asked: the caller's address.
    package var source: String?

    package init(
        actor: Actor, action: String, outcome: Outcome = .done, subjectKind: String, subjectID: UUID? = nil,
        purpose: String? = nil, requestID: String? = nil, source: String? = nil
    ) {
        self.actor = actor
        self.action = action
        self.outcome = outcome
        self.subjectKind = subjectKind
        self.subjectID = subjectID
        self.purpose = purpose
        self.requestID = requestID
        self.source = source
    }
}
