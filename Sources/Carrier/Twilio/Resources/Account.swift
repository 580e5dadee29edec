package import FoundationEssentials

/// An account or subaccount. Twilio's answer also holds the account's auth token, which is not read.
package struct Account: Sendable, Decodable {
    package let sid: AccountSid
    package let ownerAccountSid: AccountSid?
    package let friendlyName: String?
    package let status: AccountStatus?
    package let type: AccountType?
    package let dateCreated: Date?
    package let dateUpdated: Date?

    private enum CodingKeys: String, CodingKey {
        case sid, status, type
        case ownerAccountSid = "owner_account_sid"
        case friendlyName = "friendly_name"
        case dateCreated = "date_created"
        case dateUpdated = "date_updated"
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        sid = try fields.decode(AccountSid.self, forKey: .sid)
        ownerAccountSid = try fields.sid(.ownerAccountSid)
        friendlyName = try fields.text(.friendlyName)
        status = try fields.text(.status).map { AccountStatus(rawValue: $0) }
        type = try fields.text(.type).map { AccountType(rawValue: $0) }
        dateCreated = try fields.date(.dateCreated)
        dateUpdated = try fields.date(.dateUpdated)
    }
}

/// What is left on an account: an amount (negative when owed) and its ISO 4217 currency.
package struct Balance: Sendable, Decodable {
    package let accountSid: AccountSid
    package let balance: Decimal
    package let currency: String

    private enum CodingKeys: String, CodingKey {
        case balance, currency
        case accountSid = "account_sid"
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        accountSid = try fields.decode(AccountSid.self, forKey: .accountSid)
        guard let balance = try fields.decimal(.balance) else {
            throw DecodingError.dataCorruptedError(forKey: .balance, in: fields, debugDescription: "no balance")
        }
        self.balance = balance
        currency = try fields.decode(String.self, forKey: .currency)
    }
}

extension TwilioClient {
    /// The client's own account. A standard API key may not read it: 401, 20003.
    package func fetchAccount() async throws(TwilioCallError) -> Account {
        try await fetch(path: "\(accountPath).json")
    }

    package func fetchBalance() async throws(TwilioCallError) -> Balance {
        try await fetch(path: "\(accountPath)/Balance.json")
    }
}
