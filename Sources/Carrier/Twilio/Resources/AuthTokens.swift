package import FoundationEssentials
package import Vault

/// A token of the account, with the time of its making. It passes ordinary memory on its way from the socket.
package struct NewAuthToken: AccountResource {
    package let accountSid: AccountSid
    package let token: SharedSecret
    package let dateCreated: Date?
    package let dateUpdated: Date?

    private enum CodingKeys: String, CodingKey {
        case accountSid, authToken, secondaryAuthToken, dateCreated, dateUpdated
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        accountSid = try fields.decode(AccountSid.self, forKey: .accountSid)
        token = try fields.secret(fields.contains(.secondaryAuthToken) ? .secondaryAuthToken : .authToken)
        dateCreated = try fields.decodeIfPresent(Date.self, forKey: .dateCreated)
        dateUpdated = try fields.decodeIfPresent(Date.self, forKey: .dateUpdated)
    }
}

/// The second auth token, by which a token is rotated without a gap. https://www.twilio.com/docs/iam/api/authtoken
package struct AuthTokens: Sendable {
    let place: ResourcePlace

    /// Makes the secondary token. The primary one stays valid beside it.
    package func createSecondary() async -> CreationOutcome<NewAuthToken> {
        await place.at("Secondary").create(NoParameters())
    }

    package func deleteSecondary() async throws(TwilioCallError) { try await place.at("Secondary").delete() }

    /// Makes the secondary token the primary one, and the old primary one invalid.
    package func promote() async -> CreationOutcome<NewAuthToken> { await place.at("Promote").create(NoParameters()) }
}

extension TwilioClient {
    package var authTokens: AuthTokens { AuthTokens(place: place(.accounts, "/v1/AuthTokens").closedToStandardKeys()) }
}
