package import Foundation
package import Postgres
package import Twilio
package import Vault

/// A client of one organization's Twilio account, for some minutes.
package final class TwilioLease: Sendable {
    package let organization: OrganizationID
    package let credential: UUID
    package let accountSID: AccountSid
    /// The token in the URLs of this credential's webhooks.
    package let hook: String
    package let client: TwilioClient
    let authentication: TwilioAuthentication
    /// What Twilio signs this account's webhooks with.
    package let authToken: SharedSecret

    init(
        organization: OrganizationID, credential: UUID, accountSID: AccountSid, hook: String, client: TwilioClient,
        authentication: TwilioAuthentication, authToken: SharedSecret
    ) {
        self.organization = organization
        self.credential = credential
        self.accountSID = accountSID
        self.hook = hook
        self.client = client
        self.authentication = authentication
        self.authToken = authToken
    }
}
