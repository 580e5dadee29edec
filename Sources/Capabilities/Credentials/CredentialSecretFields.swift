import GraphQL
import OrderedCollections
import QueryEngine
import Twilio
import Vault

/// The secrets among a mutation's input, each checked for its form: what registration and rotation have in common.
struct CredentialSecretFields {
    private let input: OrderedDictionary<String, JSONValue>
    private(set) var errors: [UserError] = []

    init(_ input: OrderedDictionary<String, JSONValue>) {
        self.input = input
    }

    mutating func refuse(_ code: String, _ message: String, _ field: String) {
        errors.append(UserError(code: code, message: message, field: [field]))
    }

    /// Those that were given; what is wrong with others is in ``errors``.
    mutating func secrets() throws(VaultError) -> CredentialSecrets {
        var secrets = CredentialSecrets()
        if let token = text("authToken") {
            if Self.isTokenShaped(token) {
                secrets.authToken = SharedSecret(try Secret(token))
            } else {
                refuse(
                    "INVALID_AUTH_TOKEN",
                    "Expected the 32 characters that the Twilio console shows under Account Info as the auth token.",
                    "authToken")
            }
        }
        secrets.apiKey = try apiKey()
        secrets.sharedKey = try sharedKey()
        return secrets
    }

    private mutating func apiKey() throws(VaultError) -> CredentialSecrets.APIKey? {
        guard let (id, secret) = pair("apiKeySid", "apiKeySecret", "INVALID_API_KEY") else { return nil }
        let sid = KeySid(id)
        if sid == nil { refuse("INVALID_API_KEY", "Expected \"SK\" and 32 hexadecimal digits.", "apiKeySid") }
        if !Self.isTokenShaped(secret) {
            refuse(
                "INVALID_API_KEY", "Expected the 32 characters that Twilio showed when the key was made.",
                "apiKeySecret")
            return nil
        }
        guard let sid else { return nil }
        return CredentialSecrets.APIKey(sid: sid, secret: SharedSecret(try Secret(secret)))
    }

    private mutating func sharedKey() throws(VaultError) -> CredentialSecrets.SharedKey? {
        guard let (id, secret) = pair("sharedKeyId", "sharedKeySecret", "INVALID_SHARED_KEY") else { return nil }
        guard (1...64).contains(id.utf8.count), id.utf8.allSatisfy({ (33...126).contains($0) && $0 != 44 && $0 != 61 })
        else {
            refuse(
                "INVALID_SHARED_KEY", "Expected the key's id as Twilio shows it: 1 to 64 characters without spaces.",
                "sharedKeyId")
            return nil
        }
        guard (16...256).contains(secret.utf8.count) else {
            refuse("INVALID_SHARED_KEY", "Expected the key's secret: 16 to 256 characters.", "sharedKeySecret")
            return nil
        }
        return CredentialSecrets.SharedKey(id: id, secret: SharedSecret(try Secret(secret)))
    }

    /// Two fields that are given together or not at all.
    private mutating func pair(_ first: String, _ second: String, _ code: String) -> (String, String)? {
        switch (text(first), text(second)) {
        case (nil, nil): return nil
        case (let one?, let other?): return (one, other)
        case (let one, _):
            refuse(code, "Give \(first) and \(second) together, or neither.", one == nil ? first : second)
            return nil
        }
    }

    private func text(_ field: String) -> String? { input[field]?.stringValue }

    /// Twilio's tokens and key secrets are 32 letters and digits.
    private static func isTokenShaped(_ text: String) -> Bool {
        text.utf8.count == 32
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"):
                    true
                default: false
                }
            }
    }
}
