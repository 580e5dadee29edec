package import Audit
package import QueryEngine

extension Caller {
    /// The caller as the audit names it.
    package var actor: AuditEvent.Actor {
        switch kind {
        case .apiKey(let id): .apiKey(id)
        case .user(let id, _): .user(id)
        case .subject(let id, _): .subject(id)
        case .anonymous: .anonymous
        }
    }
}
