import FoundationEssentials

/// An account with everything in it.
struct AccountState: Sendable {
    let sid: String
    var authToken: String
    var secondaryAuthToken: String?
    var friendlyName: String
    var type: SandboxAccount.AccountType
    var status: SandboxAccount.Status
    var balance: Money
    var apiKeys: [SandboxAPIKey]
    var verifiedCallerIds: Set<String>
    let dateCreated: Date
    var dateUpdated: Date
    /// In the order of purchase.
    var numbers: [NumberRecord] = []
    var messages = MessageStore()
    var optOuts: Set<OptOutPair> = []

    init(_ account: SandboxAccount, now: Date) {
        sid = account.sid
        authToken = account.authToken
        secondaryAuthToken = account.secondaryAuthToken
        friendlyName = account.friendlyName
        type = account.type
        status = account.status
        balance = Money(account.balance) ?? Money(units: 0)
        apiKeys = account.apiKeys
        verifiedCallerIds = Set(account.verifiedCallerIds)
        dateCreated = now
        dateUpdated = now
    }

    var uri: String { "/2010-04-01/Accounts/\(sid)" }

    func number(_ phoneNumber: String) -> NumberRecord? { numbers.first { $0.phoneNumber == phoneNumber } }

    /// The account as configuration would state it now, without its messages.
    var description: SandboxAccount {
        SandboxAccount(
            sid: sid, authToken: authToken, secondaryAuthToken: secondaryAuthToken, friendlyName: friendlyName,
            type: type, status: status, balance: balance.text, apiKeys: apiKeys,
            numbers: numbers.map { number in
                SandboxNumber(
                    phoneNumber: number.phoneNumber, smsURL: number.smsURL.isEmpty ? nil : number.smsURL,
                    voiceURL: number.voiceURL.isEmpty ? nil : number.voiceURL,
                    statusCallback: number.statusCallback.isEmpty ? nil : number.statusCallback,
                    smsEnabled: number.smsEnabled, mmsEnabled: number.mmsEnabled, voiceEnabled: number.voiceEnabled)
            },
            verifiedCallerIds: verifiedCallerIds.sorted())
    }
}

/// US dollars in steps of 0.00001, the finest that Twilio's prices use.
struct Money: Sendable, Equatable {
    var units: Int

    init(units: Int) { self.units = units }

    init?(_ text: String) {
        let negative = text.hasPrefix("-")
        let parts = text.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let whole = Int(parts[0]), whole >= 0 else { return nil }
        var fraction = 0
        if parts.count == 2 {
            guard (1...5).contains(parts[1].count), let digits = Int(parts[1]), digits >= 0 else { return nil }
            fraction = (0..<(5 - parts[1].count)).reduce(digits) { value, _ in value * 10 }
        }
        units = (negative ? -1 : 1) * (whole * 100_000 + fraction)
    }

    /// Five decimals, as prices have them: `-0.00790`.
    var price: String {
        let fraction = String(abs(units) % 100_000)
        let zeros = String(repeating: "0", count: 5 - fraction.utf8.count)
        return (units < 0 ? "-" : "") + "\(abs(units) / 100_000).\(zeros)\(fraction)"
    }

    /// Two to five decimals, as a balance has them: `99.9921`, `100.00`.
    var text: String {
        var text = price
        while text.hasSuffix("0"), text.split(separator: ".").last?.count ?? 0 > 2 { text.removeLast() }
        return text
    }
}
