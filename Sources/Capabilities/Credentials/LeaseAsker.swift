import Audit
import QueryEngine

/// For whom a credential is opened, as the audit has it.
struct LeaseAsker: Sendable {
    let actor: AuditEvent.Actor
    let requestID: String?
    let source: String?

    /// The server by itself: it sends, synchronizes, checks a webhook.
    static let worker = LeaseAsker(actor: .worker, requestID: nil, source: nil)
    /// An administrator at the command line.
    static let commandLine = LeaseAsker(actor: .commandLine, requestID: nil, source: nil)

    static func caller(_ caller: Caller) -> LeaseAsker {
        LeaseAsker(actor: caller.actor, requestID: caller.requestID, source: caller.address)
    }
}
