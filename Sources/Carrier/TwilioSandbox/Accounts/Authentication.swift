import FoundationEssentials

/// Whom a request speaks for.
struct Principal: Sendable {
    /// Index into the carrier's accounts.
    let account: Int
    /// A standard API key may not read the account itself.
    let isStandardKey: Bool
}

extension CarrierState {
    /// HTTP Basic with `AC…` and an auth token, or `SK…` and the key's secret. Anything else answers 401, code 20003.
    func authenticate(_ authorization: String?) throws(TwilioFault) -> Principal {
        guard let authorization, authorization.lowercased().hasPrefix("basic "),
            let decoded = Data(base64Encoded: String(authorization.dropFirst(6)))
        else { throw .authenticate }
        let text = String(decoding: decoded, as: UTF8.self)
        guard let colon = text.firstIndex(of: ":") else { throw .authenticate }
        let user = String(text[..<colon])
        let password = text[text.index(after: colon)...]

        if let index = accountIndex[user] {
            let account = accounts[index]
            guard password == account.authToken || password == account.secondaryAuthToken.map({ $0[...] }) else {
                throw .wrongCredentials
            }
            return Principal(account: index, isStandardKey: false)
        }
        if let key = keyIndex[user], accounts[key.account].apiKeys[key.position].secret == password {
            return Principal(account: key.account, isStandardKey: !accounts[key.account].apiKeys[key.position].isMain)
        }
        throw .wrongCredentials
    }
}
