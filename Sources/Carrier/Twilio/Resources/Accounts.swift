package import FoundationEssentials
package import Vault

/// An account or subaccount. Twilio's answer also holds the account's auth token, which is not read.
/// https://www.twilio.com/docs/iam/api/account
package struct Account: Decodable, Sendable {
    package let sid: AccountSid
    package let dateCreated: Date?
    package let dateUpdated: Date?
    package let friendlyName: String?
    package let ownerAccountSid: AccountSid?
    package let status: Account.Status?
    package let type: Account.Kind?
}

/// A subaccount just made, with its auth token. The token passes ordinary memory on its way from the socket.
package struct NewAccount: Decodable, Sendable {
    package let account: Account
    package let authToken: SharedSecret

    private enum CodingKeys: String, CodingKey { case authToken }

    package init(from decoder: any Decoder) throws {
        account = try Account(from: decoder)
        authToken = try decoder.container(keyedBy: CodingKeys.self).secret(.authToken)
    }
}

extension Account {
    package struct Status: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let active = Self(rawValue: "active")
        package static let suspended = Self(rawValue: "suspended")
        package static let closed = Self(rawValue: "closed")
    }

    package struct Kind: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let trial = Self(rawValue: "Trial")
        package static let full = Self(rawValue: "Full")
    }

    package struct Creation: Parameters {
        package var friendlyName: String?

        package init() {}
    }

    /// `closed` is for good after 30 days.
    package struct Update: Parameters {
        package var friendlyName: String?
        package var status: Account.Status?

        package init() {}
    }

    package struct Filter: Parameters {
        package var friendlyName: String?
        package var status: Account.Status?

        package init() {}
    }
}

/// The account and its subaccounts. A standard API key may not see them: 401, 20003.
package struct Accounts: Sendable {
    let place: ResourcePlace

    /// Makes a subaccount. 21480: as many as may be.
    package func create(_ account: Account.Creation = .init()) async -> CreationOutcome<NewAccount> {
        await place.create(account)
    }

    /// The client's own account.
    package func fetch() async throws(TwilioCallError) -> Account { try await fetch(place.client.account) }

    package func fetch(_ sid: AccountSid) async throws(TwilioCallError) -> Account { try await place.at(sid).fetch() }

    package func list(_ filter: Account.Filter = .init(), pageSize: Int = 50) -> ResourceList<Account> {
        place.list("accounts", filter, pageSize: pageSize)
    }

    package func update(_ sid: AccountSid, _ update: Account.Update) async throws(TwilioCallError) -> Account {
        try await place.at(sid).update(update)
    }
}

extension TwilioClient {
    package var accounts: Accounts {
        Accounts(
            place: ResourcePlace(
                client: self, product: .api, path: "/2010-04-01/Accounts", ending: ".json", isClosedToStandardKeys: true
            ))
    }
}
