package import Audit
package import QueryEngine

extension Caller {
    /// The caller as the audit names it.
    package var actor: AuditEvent.Actor {
        switch kind {
        case .apiKey(let id): .apiKey(id)
        }
    }
}
