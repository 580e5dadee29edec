package import Audit
package import Foundation
package import Logging
package import Postgres
import ServiceLifecycle
import Synchronization
import Twilio
package import Vault

/// The only way to a Twilio client. A lease is bound to one organization and one credential by what it holds; there is
/// no call that takes a lease and an organization.
///
/// A lease is opened once and then shared for some minutes, so the audit has one row for each lease, not for each
/// message; those who ask for it while it is opened wait for it. Revoking announces itself, and every node then forgets its
/// leases; while the announcements cannot be heard, every lease is opened anew.
package final class CredentialManager: Service, Sendable {
    /// Announces a changed or revoked credential; the payload is its id.
    package static let channel = "switchboard_credentials"

    let database: Database
    private let listener: NotificationListener
    let vault: KeyVault
    let factory: TwilioClientFactory
    let audit: AuditLog
    let logger: Logger
    private let leases = Mutex(LeaseMemory())
    /// Those who ask for one lease while it is being opened come together, and open it once more for all of them where there
    /// is none to share then: none is given out whose opening began before it was asked for.
    private let openings: Batcher<LeaseMemory.Key, Opening, Result<TwilioLease, any Error>>
    private typealias Opening = @Sendable () async throws -> TwilioLease

    /// By the token's shard, as many as there are connections: one that hangs holds up only a part of the organizations.
    private let hooks: Batcher<Int, String, Hook?>

    /// Whose webhooks come to a hook token.
    package struct Hook: Sendable {
        package let organization: OrganizationID
        package let credential: UUID
    }

    package init(
        database: Database, listener: NotificationListener, vault: KeyVault, factory: TwilioClientFactory,
        audit: AuditLog, logger: Logger
    ) {
        self.database = database
        self.listener = listener
        self.vault = vault
        self.factory = factory
        self.audit = audit
        self.logger = logger
        openings = Batcher(limit: .max) { _, openings in
            let lease: Result<TwilioLease, any Error>
            do { lease = .success(try await openings[0]()) } catch { lease = .failure(error) }
            return openings.map { _ in lease }
        }
        hooks = Batcher(limit: 256) { _, tokens in
            let found = try await database.query(
                as: .edge, CredentialQueries.findHooks, [.texts(tokens)], isRetried: true)
            var hooks: [String: Hook] = [:]
            for row in found.rows {
                hooks[try row.requireString("token")] = Hook(
                    organization: OrganizationID(try row.requireUUID("org_id")),
                    credential: try row.requireUUID("credential_id"))
            }
            return tokens.map { hooks[$0] }
        }
    }

    /// A client for one organization's credential. Throws ``LeaseError/noCredential`` when there is none that is not
    /// revoked. The audit row is committed before the secret is opened: without it there is no lease.
    package func lease(
        _ organization: OrganizationID, credential: UUID, purpose: LeasePurpose
    ) async throws -> TwilioLease {
        let key = LeaseMemory.Key(organization: organization, credential: credential, purpose: purpose)
        if let remembered = leases.withLock({ $0.lease(for: key) }) { return remembered }
        return try await openings.submit({ try await self.share(key) }, for: key).get()
    }

    /// The lease that is remembered by now; otherwise it is opened, and remembered.
    private func share(_ key: LeaseMemory.Key) async throws -> TwilioLease {
        let (remembered, generation) = leases.withLock { ($0.lease(for: key), $0.generation) }
        if let remembered { return remembered }
        let lease = try await open(key.organization, credential: key.credential, purpose: key.purpose)
        leases.withLock { $0.remember(lease, for: key, asOf: generation) }
        return lease
    }

    /// Opens a lease anew, whatever is remembered, and remembers nothing.
    func open(
        _ organization: OrganizationID, credential: UUID, purpose: LeasePurpose, for asker: LeaseAsker = .worker
    ) async throws -> TwilioLease {
        let sealed = try await database.withTenant(organization, as: .vault) { transaction in
            let found = try await transaction.execute(
                CredentialQueries.lease, [.organization(organization), .uuid(credential)])
            guard let sealed = try SealedCredential(rows: found) else { throw LeaseError.noCredential }
            try await audit.append(
                AuditEvent(
                    actor: asker.actor, action: "credential.lease", subjectKind: "CREDENTIAL", subjectID: credential,
                    purpose: purpose.rawValue, requestID: asker.requestID, source: asker.source),
                in: transaction)
            return sealed
        }
        // Weak, since the manager remembers the lease.
        let onRefused: @Sendable (TwilioError) async -> Void = { [weak self, version = sealed.version] refusal in
            await self?.noteRefusal(refusal, of: credential, version: version, organization)
        }
        switch await vault.attempt({ [factory] vault throws(VaultError) in
            try sealed.open(for: organization, vault: vault, factory: factory, onRefused: onRefused)
        }) {
        case .success(let lease): return lease
        case .failure(let error):
            guard error.isTampering else { throw error }
            try await report(error, credential, of: organization, purpose: purpose, for: asker)
            throw LeaseError.damaged(credential)
        }
    }

    /// Whether the organization has, or had, this credential.
    func isKnown(_ credential: UUID, of organization: OrganizationID) async throws -> Bool {
        try await database.read(
            organization, as: .vault, CredentialQueries.isKnown, [.organization(organization), .uuid(credential)]
        ).count == 1
    }

    /// A record that was tampered with is audited and logged, each time somebody meets it.
    private func report(
        _ error: VaultError, _ credential: UUID, of organization: OrganizationID, purpose: LeasePurpose,
        for asker: LeaseAsker
    ) async throws {
        logger.error(
            "A sealed secret was refused: it was tampered with, or damaged.",
            metadata: [
                "organization": "\(organization)", "credential": "\(credential.text)", "reason": "\(error)",
            ])
        try await database.withTenant(organization, as: .vault) { transaction in
            try await audit.append(
                AuditEvent(
                    actor: asker.actor, action: "credential.open", outcome: .refused, subjectKind: "CREDENTIAL",
                    subjectID: credential, purpose: "\(purpose.rawValue): the sealed secret was tampered with",
                    requestID: asker.requestID, source: asker.source),
                in: transaction)
        }
    }

    /// What a hook token names; `nil` for one that is unknown or revoked.
    package func hook(_ token: String) async throws -> Hook? {
        // What no text of PostgreSQL can hold is no token, and would fail those that are asked for beside it.
        guard !token.utf8.contains(0) else { return nil }
        let shard = UInt(bitPattern: token.hashValue) % UInt(database.connectionLimit(.edge))
        return try await hooks.submit(token, for: Int(shard))
    }

    /// Whether the secrets of this lease were replaced by a rotation since: then a refusal of them is late, and a new
    /// lease is worth another try. The next one that is asked for is opened anew.
    package func isReplaced(_ lease: TwilioLease) async throws -> Bool {
        let found = try await database.read(
            lease.organization, as: .vault, CredentialQueries.isReplaced,
            [.organization(lease.organization), .uuid(lease.credential), .int(lease.version)])
        guard found.count == 1 else { return false }
        forget()
        return true
    }

    /// Twilio refused this version of the credential's secrets: nothing goes out by it until it is verified again.
    /// Nothing changes when another version counts by now.
    ///
    /// - Parameter account: where it is the account that Twilio does nothing for.
    package func markInvalid(
        _ credential: UUID, of organization: OrganizationID, version: Int, reason: String,
        account: AccountStatus? = nil
    ) async throws {
        let changed = try await database.withTenant(organization, as: .vault) { transaction in
            let marked = try await transaction.execute(
                CredentialQueries.markInvalid,
                [
                    .organization(organization), .uuid(credential), .text(reason), .int(version),
                    PostgresValue(account?.rawValue),
                ])
            guard marked.count == 1 else { return false }
            try await audit.append(
                AuditEvent(
                    actor: .worker, action: "credential.invalidate", subjectKind: "CREDENTIAL", subjectID: credential),
                in: transaction)
            return true
        }
        if changed { forget() }
    }

    /// The client of a lease was refused several times in a row, and makes no more calls.
    private func noteRefusal(
        _ refusal: TwilioError, of credential: UUID, version: Int, _ organization: OrganizationID
    ) async {
        do {
            try await markInvalid(credential, of: organization, version: version, reason: refusal.remedy)
        } catch {
            logger.error(
                "A credential that Twilio refuses could not be marked invalid",
                metadata: ["credential": "\(credential)", "error": "\(error)"])
        }
    }

    /// Forgets every lease of this node. Other nodes hear of it by the announcement that goes with a change.
    package func forget() {
        leases.withLock { $0.forget() }
    }

    package func run() async throws {
        for await event in listener.subscribe(to: Self.channel).cancelOnGracefulShutdown() {
            switch event {
            case .listening: leases.withLock { $0.trust(true) }
            case .lost:
                leases.withLock { $0.trust(false) }
                logger.warning("Changes of credentials cannot be heard; every lease is opened anew until they can.")
            case .notification: forget()
            }
        }
    }
}
