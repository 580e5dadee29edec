import GraphQL
import OrderedCollections
import QueryEngine
import Vault

/// Why a credential is rotated. Mirrors the enum `RotationReason`.
enum RotationReason: String, Sendable {
    /// The former token stays good for the signatures of webhooks that are under way.
    case planned = "PLANNED"
    /// Whoever has the former token must be believed nothing any more.
    case leaked = "LEAKED"
}

/// `RotateTwilioCredentialInput` without its id, checked for its form.
struct RotateTwilioCredentialInput: Sendable {
    let given: CredentialSecrets
    let reason: RotationReason
    /// For how long the former auth token is good for signatures.
    let previousTokenMinutes: Int
    let promoteSecondaryToken: Bool

    /// A week.
    static let maximumMinutes = 10_080

    static func parse(
        _ input: OrderedDictionary<String, JSONValue>
    ) throws(VaultError) -> Result<RotateTwilioCredentialInput, CredentialRefusal> {
        var fields = CredentialSecretFields(input)
        let given = try fields.secrets()
        let minutes = input["previousTokenMinutes"]?.intValue.map { Int($0) } ?? 60
        if !(1...maximumMinutes).contains(minutes) {
            fields.refuse(
                "INVALID_MINUTES", "Expected 1 to \(maximumMinutes) minutes, which is a week.", "previousTokenMinutes")
        }
        let promotes = input["promoteSecondaryToken"]?.boolValue ?? false
        if fields.errors.isEmpty, !promotes, given.fields.isEmpty {
            fields.refuse(
                "NOTHING_TO_ROTATE",
                "Give the new authToken, a new API key, or a new shared key; or promoteSecondaryToken, which makes a new "
                    + "auth token at Twilio.", "authToken")
        }
        guard fields.errors.isEmpty else { return .failure(CredentialRefusal(errors: fields.errors)) }
        return .success(
            RotateTwilioCredentialInput(
                given: given,
                reason: input["reason"]?.stringValue.flatMap { RotationReason(rawValue: $0) } ?? .planned,
                previousTokenMinutes: minutes, promoteSecondaryToken: promotes))
    }
}
