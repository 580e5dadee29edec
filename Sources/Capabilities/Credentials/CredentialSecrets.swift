import Foundation
import Postgres
import Twilio
import Vault

/// The secrets that a Twilio credential is made of, opened.
struct CredentialSecrets: Sendable {
    struct APIKey: Sendable {
        let sid: KeySid
        let secret: SharedSecret
    }

    /// A key that Twilio signs webhooks with instead of the auth token.
    struct SharedKey: Sendable {
        let id: String
        let secret: SharedSecret
    }

    var authToken: SharedSecret?
    var apiKey: APIKey?
    var sharedKey: SharedKey?

    /// The API key goes before the auth token; `nil` when there is neither.
    var authentication: TwilioAuthentication? {
        if let apiKey { .apiKey(apiKey.sid, apiKey.secret) } else { authToken.map { .authToken($0) } }
    }

    /// Each secret that there is.
    var fields: [(SecretField, SharedSecret)] {
        let all: [(SecretField, SharedSecret?)] = [
            (.authToken, authToken), (.apiKeySecret, apiKey?.secret), (.sharedKey, sharedKey?.secret),
        ]
        return all.compactMap { field, secret in secret.map { (field, $0) } }
    }

    /// These, with those in the place of which others were given.
    func replaced(by given: CredentialSecrets) -> CredentialSecrets {
        CredentialSecrets(
            authToken: given.authToken ?? authToken, apiKey: given.apiKey ?? apiKey,
            sharedKey: given.sharedKey ?? sharedKey)
    }

    /// The last four characters of what people know the credential by.
    var hint: String {
        (authToken ?? apiKey?.secret)?.withBytes { bytes in String(decoding: bytes.suffix(4), as: UTF8.self) } ?? ""
    }

    /// Seals all of them under the organization's key, as one version.
    func seal(
        version: Int, of credential: UUID, organization: OrganizationID, vault: KeyVault, in transaction: Transaction
    ) async throws {
        let key = try await OrganizationKeyStore.active(for: organization, vault: vault, in: transaction)
        for (field, secret) in fields {
            let context = field.context(organization: organization, credential: credential, version: version)
            let sealed = try await vault.work { vault throws(VaultError) in
                try secret.withSecret { plain throws(VaultError) in
                    try vault.seal(plain, context: context, under: key)
                }
            }
            _ = try await transaction.execute(
                CredentialQueries.insertSecret,
                [
                    .organization(organization), .uuid(credential), .text(field.rawValue), .int(version),
                    .uuid(sealed.organizationKeyID), .bytes(sealed.bytes),
                ])
        }
    }
}

/// The secrets of a Twilio credential. Mirrors the CHECK on `sealed_secrets.field`.
enum SecretField: String {
    case authToken = "auth_token"
    case apiKeySecret = "api_key_secret"
    case sharedKey = "shared_key"

    func context(organization: OrganizationID, credential: UUID, version: Int) -> SecretContext {
        SecretContext(
            organization: organization.uuid, kind: "TWILIO", credential: credential, field: rawValue, version: version)
    }
}
