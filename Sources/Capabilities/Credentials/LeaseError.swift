/// Why no client could be had.
package enum LeaseError: Error, CustomStringConvertible, Equatable {
    /// Revoked, or never there: the two are not told apart.
    case noCredential

    package var description: String {
        switch self {
        case .noCredential:
            "The credential was revoked. Register the Twilio account anew with registerTwilioCredential."
        }
    }
}

/// What a lease is taken for. It goes into the audit.
package enum LeasePurpose: String, Sendable, CaseIterable {
    case send = "message.send"
    case webhook = "webhook.verify"
    case sync = "sync.run"
    case verify = "credential.verify"
    case settleDoubt = "message.settle_doubt"
}
