package import Audit
package import Foundation
package import QueryEngine

extension Caller {
    /// What this caller did, as the audit has it: by whom, from where, in which request.
    package func event(
        _ action: String, outcome: AuditEvent.Outcome = .done, on subjectKind: String, _ subject: UUID? = nil,
        purpose: String? = nil
    ) -> AuditEvent {
        AuditEvent(
            actor: auditActor, action: action, outcome: outcome, subjectKind: subjectKind, subjectID: subject,
            purpose: purpose, requestID: requestID, source: address)
    }

    private var auditActor: AuditEvent.Actor {
        switch kind {
        case .apiKey(let id): .apiKey(id)
        case .user(let id, _): .user(id)
        case .subject(let id, _): .subject(id)
        case .anonymous: .anonymous
        }
    }
}
