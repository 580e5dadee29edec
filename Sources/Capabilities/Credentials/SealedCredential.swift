import Foundation
import Postgres
import Twilio
import Vault

/// A credential as it lies in the database: everything needed to open it, nothing opened.
struct SealedCredential: Sendable {
    private struct Field: Sendable {
        let version: Int
        let secret: SealedSecret
        let key: WrappedKey
    }

    private let id: UUID
    private let accountSID: String
    private let apiKeySID: String?
    private let hook: String
    private let fields: [String: Field]

    /// From the rows of ``CredentialQueries/lease``, newest version of each field first; `nil` when there are none.
    init?(rows: PostgresResult) throws(PostgresError) {
        guard let first = rows.rows.first else { return nil }
        id = try first.requireUUID("id")
        accountSID = try first.requireString("account_sid")
        apiKeySID = first.string("api_key_sid")
        hook = try first.requireString("hook")
        var fields: [String: Field] = [:]
        for row in rows.rows {
            let name = try row.requireString("field")
            guard fields[name] == nil else { continue }
            let keyID = try row.requireUUID("organization_key_id")
            fields[name] = Field(
                version: try row.requireInt("version"),
                secret: SealedSecret(organizationKeyID: keyID, bytes: try row.requireBytes("sealed")),
                key: WrappedKey(
                    keyID: keyID, wrappingKeyID: try row.requireString("wrapping_key_id"),
                    bytes: try row.requireBytes("wrapped")))
        }
        self.fields = fields
    }

    func open(
        for organization: OrganizationID, vault: KeyVault, factory: TwilioClientFactory,
        onRefused: @escaping @Sendable (TwilioError) async -> Void
    ) throws -> TwilioLease {
        guard let accountSID = AccountSid(accountSID),
            let authToken = try secret(SecretField.authToken, of: organization, vault)
        else { throw LeaseError.noCredential }
        let authentication: TwilioAuthentication
        if let sid = apiKeySID.flatMap({ KeySid($0) }),
            let keySecret = try secret(SecretField.apiKeySecret, of: organization, vault)
        {
            authentication = .apiKey(sid, keySecret)
        } else {
            authentication = .authToken(authToken)
        }
        return TwilioLease(
            organization: organization, credential: id, accountSID: accountSID, hook: hook,
            client: factory.client(
                account: accountSID, authentication: authentication, onCredentialRefused: onRefused),
            authentication: authentication, authToken: authToken)
    }

    private func secret(
        _ field: SecretField, of organization: OrganizationID, _ vault: KeyVault
    ) throws(VaultError) -> SharedSecret? {
        guard let sealed = fields[field.rawValue] else { return nil }
        let context = field.context(organization: organization, credential: id, version: sealed.version)
        return SharedSecret(try vault.open(sealed.secret, context: context, under: sealed.key))
    }
}

/// The secrets of a Twilio credential. Mirrors the CHECK on `sealed_secrets.field`.
enum SecretField: String {
    case authToken = "auth_token"
    case apiKeySecret = "api_key_secret"

    func context(organization: OrganizationID, credential: UUID, version: Int) -> SecretContext {
        SecretContext(
            organization: organization.uuid, kind: "TWILIO", credential: credential, field: rawValue, version: version)
    }
}
