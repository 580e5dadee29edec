package import Audit
package import QueryEngine

extension Caller {
    /// The caller as the audit names it.
    package var actor: AuditEvent.Actor {
        switch kind {
        case .apiKey(let id): .apiKey(id)
        case .user(let id, _), .subject(let id, _): .user(id)
        case .anonymous: .anonymous
        }
    }
}
