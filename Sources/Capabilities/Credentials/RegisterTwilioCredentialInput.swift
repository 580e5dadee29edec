import GraphQL
import OrderedCollections
import QueryEngine
import Twilio
import Vault

/// `RegisterTwilioCredentialInput`, checked for its form. The secrets move into locked memory here; what is left of
/// them in the request's own memory is beyond reach and goes with the request.
struct RegisterTwilioCredentialInput: Sendable {
    let label: String?
    let accountSID: AccountSid
    let authToken: SharedSecret
    let apiKeySID: KeySid?
    let apiKeySecret: SharedSecret?
    let makeDefault: Bool
    /// The last four characters of the auth token.
    let secretHint: String

    var authentication: TwilioAuthentication {
        if let apiKeySID, let apiKeySecret { .apiKey(apiKeySID, apiKeySecret) } else { .authToken(authToken) }
    }

    static func parse(
        _ input: OrderedDictionary<String, JSONValue>
    ) throws(VaultError) -> Result<RegisterTwilioCredentialInput, CredentialRefusal> {
        var errors: [UserError] = []
        func refuse(_ code: String, _ message: String, _ field: String) {
            errors.append(UserError(code: code, message: message, field: [field]))
        }
        let accountSID = input["accountSid"]?.stringValue.flatMap { AccountSid($0) }
        if accountSID == nil {
            refuse(
                "INVALID_ACCOUNT_SID",
                "Expected \"AC\" and 32 hexadecimal digits, as the Twilio console shows it under Account Info.",
                "accountSid")
        }
        let token = input["authToken"]?.stringValue ?? ""
        if !isTokenShaped(token) {
            refuse(
                "INVALID_AUTH_TOKEN",
                "Expected the 32 characters that the Twilio console shows under Account Info as the auth token.",
                "authToken")
        }
        let keySID = input["apiKeySid"]?.stringValue
        let keySecret = input["apiKeySecret"]?.stringValue
        let parsedKeySID = keySID.flatMap { KeySid($0) }
        if keySID != nil, parsedKeySID == nil {
            refuse("INVALID_API_KEY", "Expected \"SK\" and 32 hexadecimal digits.", "apiKeySid")
        }
        if (keySID == nil) != (keySecret == nil) {
            refuse(
                "INVALID_API_KEY", "Give apiKeySid and apiKeySecret together, or neither.",
                keySID == nil ? "apiKeySid" : "apiKeySecret")
        } else if let keySecret, !isTokenShaped(keySecret) {
            refuse(
                "INVALID_API_KEY", "Expected the 32 characters that Twilio showed when the key was made.",
                "apiKeySecret")
        }
        let label = input["label"]?.stringValue
        if let label, !(1...200).contains(label.unicodeScalars.count) || label.utf8.contains(0) {
            refuse("INVALID_LABEL", "Expected 1 to 200 characters, or no label at all.", "label")
        }
        guard let accountSID, errors.isEmpty else { return .failure(CredentialRefusal(errors: errors)) }
        return .success(
            RegisterTwilioCredentialInput(
                label: label, accountSID: accountSID, authToken: SharedSecret(try Secret(token)),
                apiKeySID: parsedKeySID,
                apiKeySecret: try keySecret.map { text throws(VaultError) in
                    SharedSecret(try Secret(text))
                },
                makeDefault: input["makeDefault"]?.boolValue ?? true, secretHint: String(token.suffix(4))))
    }

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
