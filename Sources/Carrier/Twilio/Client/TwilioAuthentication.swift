import Curl
package import Vault

/// What a client proves itself with, by HTTP Basic on every call. The secret stays in locked memory until libcurl
/// copies it.
package enum TwilioAuthentication: Sendable {
    /// User name: the account's SID.
    case authToken(SharedSecret)
    /// User name: the key's SID; paths still carry the account's. A standard key may not fetch `/Accounts/{Sid}.json`
    /// (401): list one incoming number to probe it.
    case apiKey(KeySid, SharedSecret)

    func basic(for account: AccountSid) -> BasicAuthentication {
        switch self {
        case .authToken(let secret): BasicAuthentication(username: account.text) { lend in secret.withBytes(lend) }
        case .apiKey(let key, let secret): BasicAuthentication(username: key.text) { lend in secret.withBytes(lend) }
        }
    }
}
