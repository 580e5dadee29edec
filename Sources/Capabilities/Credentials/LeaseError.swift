package import Foundation

/// Why no client could be had.
package enum LeaseError: Error, CustomStringConvertible, Equatable {
    /// Revoked, or never there: the two are not told apart.
    case noCredential
    /// What is sealed does not open: it was changed, or put in another's place.
    case damaged(UUID)

    package var description: String {
        switch self {
        case .noCredential:
            "The credential was revoked. Register the Twilio account anew with registerTwilioCredential."
        case .damaged(let credential):
            "The sealed secrets of credential \(credential.text) were refused: they were changed, removed, or belong to "
                + "another organization, credential, field or version. Restore them from a backup, or revoke the "
                + "credential and register the account anew."
        }
    }
}

/// What a lease is taken for. It goes into the audit.
package enum LeasePurpose: String, Sendable, CaseIterable {
    case send = "message.send"
    case webhook = "webhook.verify"
    case sync = "sync.run"
    case verify = "credential.verify"
    case account = "account.check"
    case rotate = "credential.rotate"
    case settleDoubt = "message.settle_doubt"
    case reconcile = "message.reconcile"
    case price = "message.price"
    case lookUp = "phone.look_up"
    case media = "media.fetch"
    case redact = "message.redact"
}
