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
    let secrets: CredentialSecrets
    let makeDefault: Bool

    static func parse(
        _ input: OrderedDictionary<String, JSONValue>
    ) throws(VaultError) -> Result<RegisterTwilioCredentialInput, CredentialRefusal> {
        var fields = CredentialSecretFields(input)
        let accountSID = input["accountSid"]?.stringValue.flatMap { AccountSid($0) }
        if accountSID == nil {
            fields.refuse(
                "INVALID_ACCOUNT_SID",
                "Expected \"AC\" and 32 hexadecimal digits, as the Twilio console shows it under Account Info.",
                "accountSid")
        }
        let secrets = try fields.secrets()
        if fields.errors.isEmpty, secrets.authentication == nil {
            fields.refuse(
                "INVALID_AUTH_TOKEN",
                "Give the auth token that the Twilio console shows under Account Info, or apiKeySid and apiKeySecret "
                    + "with a shared key for webhooks.",
                "authToken")
        } else if fields.errors.isEmpty, secrets.authToken == nil, secrets.sharedKey == nil {
            fields.refuse(
                "WEBHOOK_SECRET_REQUIRED",
                "An API key alone cannot tell Twilio's webhooks from forged ones: Twilio signs them with the auth token, "
                    + "or with a shared key. Give authToken, or sharedKeyId and sharedKeySecret, beside the API key.",
                "authToken")
        }
        let label = input["label"]?.stringValue
        if let label, !(1...200).contains(label.unicodeScalars.count) || label.utf8.contains(0) {
            fields.refuse("INVALID_LABEL", "Expected 1 to 200 characters, or no label at all.", "label")
        }
        guard let accountSID, fields.errors.isEmpty else { return .failure(CredentialRefusal(errors: fields.errors)) }
        return .success(
            RegisterTwilioCredentialInput(
                label: label, accountSID: accountSID, secrets: secrets,
                makeDefault: input["makeDefault"]?.boolValue ?? true))
    }
}
