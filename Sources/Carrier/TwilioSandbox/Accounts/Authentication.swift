import FoundationEssentials

/// Whom a request speaks for.
struct Principal: Sendable {
    /// Index of the account that the credentials belong to.
    let home: Int
    /// Index of the account that the request concerns: `home`, or a subaccount of it.
    var account: Int
    /// A standard API key may not read the account itself.
    let isStandardKey: Bool
    /// Test credentials: nothing is stored, billed or sent.
    var isTest = false

    init(account: Int, isStandardKey: Bool = false, isTest: Bool = false) {
        home = account
        self.account = account
        self.isStandardKey = isStandardKey
        self.isTest = isTest
    }
}

extension CarrierState {
    /// HTTP Basic with `AC…` and an auth token, or `SK…` and the key's secret. Anything else answers 401, code 20003.
    func authenticate(_ authorization: String?) throws(TwilioFault) -> Principal {
        guard let authorization, authorization.prefix(6).lowercased() == "basic ",
            let decoded = Data(base64Encoded: String(authorization.dropFirst(6)))
        else { throw .authenticate }
        let text = String(decoding: decoded, as: UTF8.self)
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { throw .authenticate }
        let user = String(text[..<colon])
        let password = text[text.index(after: colon)...]

        if let index = accountIndex[user] {
            guard
                password == accounts[index].authToken
                    || password == accounts[index].secondaryAuthToken.map({ $0[...] })
            else { throw .wrongCredentials }
            return Principal(account: index)
        }
        if let index = keyIndex[user], let key = accounts[index].keys[user], key.secret == password {
            return Principal(account: index, isStandardKey: !key.isMain)
        }
        if let index = testIndex[user], accounts[index].testAuthToken.map({ $0[...] }) == password {
            return Principal(account: index, isTest: true)
        }
        throw .wrongCredentials
    }
}
