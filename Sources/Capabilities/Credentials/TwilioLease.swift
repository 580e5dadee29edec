package import Foundation
package import Postgres
package import Twilio
import Vault

/// A client of one organization's Twilio account, for some minutes. Only ``CredentialManager`` makes one.
package final class TwilioLease: Sendable {
    /// The auth token of before the last rotation.
    struct PreviousToken: Sendable {
        let token: SharedSecret
        let until: Date
    }

    package let organization: OrganizationID
    package let credential: UUID
    package let accountSID: AccountSid
    /// The token in the URLs of this credential's webhooks.
    package let hook: String
    /// Which version of its secrets this is.
    package let version: Int
    package let client: TwilioClient
    let secrets: CredentialSecrets
    private let previous: PreviousToken?

    init(
        organization: OrganizationID, credential: UUID, accountSID: AccountSid, hook: String, version: Int,
        client: TwilioClient, secrets: CredentialSecrets, previous: PreviousToken?
    ) {
        self.organization = organization
        self.credential = credential
        self.accountSID = accountSID
        self.hook = hook
        self.version = version
        self.client = client
        self.secrets = secrets
        self.previous = previous
    }

    /// What Twilio signs this account's webhooks with: the auth token, the one before it while a rotation lasts, and a
    /// shared key. Asked each time, since a lease may outlive the previous token.
    package func signingKeys(at moment: Date) -> WebhookSignature.Keys {
        var tokens = secrets.authToken.map { [$0] } ?? []
        if let previous, moment < previous.until { tokens.append(previous.token) }
        return WebhookSignature.Keys(
            authTokens: tokens, sharedKeys: secrets.sharedKey.map { [$0.id: $0.secret] } ?? [:])
    }
}
