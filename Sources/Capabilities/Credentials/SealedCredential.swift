import Foundation
import Postgres
import Twilio
import Vault

/// A credential as it lies in the database: everything needed to open it, nothing opened.
struct SealedCredential: Sendable {
    private struct Field: Sendable {
        let secret: SealedSecret
        /// `nil` when the organization's key that it names is there no more.
        let key: WrappedKey?
    }

    private struct Place: Hashable {
        let field: String
        let version: Int
    }

    private let id: UUID
    private let accountSID: String
    private let apiKeySID: String?
    private let sharedKeyID: String?
    private let hook: String
    let version: Int
    private let previousTokenUntil: Date?
    private let fields: [Place: Field]

    /// From the rows of ``CredentialQueries/lease``; `nil` when there are none.
    init?(rows: PostgresResult) throws(PostgresError) {
        guard let first = rows.rows.first else { return nil }
        id = try first.requireUUID("id")
        accountSID = try first.requireString("account_sid")
        apiKeySID = first.string("api_key_sid")
        sharedKeyID = first.string("shared_key_id")
        hook = try first.requireString("hook")
        version = try first.requireInt("secret_version")
        previousTokenUntil = first.timestamp("previous_token_until")
        var fields: [Place: Field] = [:]
        for row in rows.rows {
            // A credential whose secrets are gone still has its row.
            guard let name = row.string("field") else { continue }
            let keyID = try row.requireUUID("organization_key_id")
            fields[Place(field: name, version: try row.requireInt("version"))] = Field(
                secret: SealedSecret(organizationKeyID: keyID, bytes: try row.requireBytes("sealed")),
                key: row.isNull("wrapped")
                    ? nil
                    : WrappedKey(
                        keyID: keyID, wrappingKeyID: try row.requireString("wrapping_key_id"),
                        bytes: try row.requireBytes("wrapped")))
        }
        self.fields = fields
    }

    /// - Throws: ``VaultError`` for what does not open; ``VaultError/malformedRecord`` also for a secret that is missing.
    func open(
        for organization: OrganizationID, vault: KeyVault, factory: TwilioClientFactory,
        onRefused: @escaping @Sendable (TwilioError) async -> Void
    ) throws(VaultError) -> TwilioLease {
        var secrets = CredentialSecrets()
        secrets.authToken = try secret(.authToken, version, of: organization, vault)
        if let sid = apiKeySID.flatMap({ KeySid($0) }) {
            guard let secret = try secret(.apiKeySecret, version, of: organization, vault) else {
                throw .malformedRecord
            }
            secrets.apiKey = CredentialSecrets.APIKey(sid: sid, secret: secret)
        }
        if let sharedKeyID {
            guard let secret = try secret(.sharedKey, version, of: organization, vault) else { throw .malformedRecord }
            secrets.sharedKey = CredentialSecrets.SharedKey(id: sharedKeyID, secret: secret)
        }
        guard let accountSID = AccountSid(accountSID), let authentication = secrets.authentication else {
            throw .malformedRecord
        }
        var previous: TwilioLease.PreviousToken?
        if let previousTokenUntil, let token = try secret(.authToken, version - 1, of: organization, vault) {
            previous = TwilioLease.PreviousToken(token: token, until: previousTokenUntil)
        }
        return TwilioLease(
            organization: organization, credential: id, accountSID: accountSID, hook: hook, version: version,
            client: factory.client(
                account: accountSID, authentication: authentication, onCredentialRefused: onRefused),
            secrets: secrets, previous: previous)
    }

    private func secret(
        _ field: SecretField, _ version: Int, of organization: OrganizationID, _ vault: KeyVault
    ) throws(VaultError) -> SharedSecret? {
        guard let sealed = fields[Place(field: field.rawValue, version: version)] else { return nil }
        guard let key = sealed.key else { throw .malformedRecord }
        let context = field.context(organization: organization, credential: id, version: version)
        return SharedSecret(try vault.open(sealed.secret, context: context, under: key))
    }
}
