package import Audit
package import Foundation
package import Logging
package import Postgres
import Synchronization
package import Vault

/// The keys that sign access tokens. The newest signs; an older one is still believed about what it signed while it was
/// the newest, so that a rotation signs nobody out.
///
/// They are platform keys, `access-token-1` and so on, wrapped by the root key like every other.
package final class SigningKeys: Sendable {
    private struct Known {
        let key: SigningKey
        /// When the next one came: what is signed later by this one is not believed. Seconds since 1970.
        let replacedAt: Double?
    }

    private struct State {
        var keys: [UUID: Known] = [:]
        var newest: SigningKey?
        var number = 0
        var loadedAt: ContinuousClock.Instant?
    }

    /// How long a node may go on with the key that it knows.
    private static let patience: Duration = .seconds(60)

    private let database: Database
    private let vault: KeyVault
    private let logger: Logger
    private let state = Mutex(State())

    package init(database: Database, vault: KeyVault, logger: Logger) {
        self.database = database
        self.vault = vault
        self.logger = logger
    }

    /// The one that signs; made at the first start.
    package func current() async throws -> SigningKey {
        if let fresh = state.withLock({ state in
            state.loadedAt.map { .now - $0 < Self.patience } == true ? state.newest : nil
        }) {
            return fresh
        }
        try await load()
        if let newest = state.withLock({ $0.newest }) { return newest }
        try await add(1)
        try await load()
        guard let newest = state.withLock({ $0.newest }) else {
            throw PostgresError(.protocolViolation, "a signing key that was just made is not there")
        }
        return newest
    }

    /// The public key of this id, if a token that was issued then may be signed by it.
    func publicKey(_ id: UUID, issuedAt: Int) async throws -> [UInt8]? {
        var known = state.withLock { $0.keys[id] }
        if known == nil {
            // Another node may have made one since; forged ids ask once a second at most.
            let isDue = state.withLock { $0.loadedAt.map { .now - $0 > .seconds(1) } ?? true }
            if isDue { try await load() }
            known = state.withLock { $0.keys[id] }
        }
        guard let known else { return nil }
        if let replacedAt = known.replacedAt {
            let patience = Double(Self.patience.components.seconds)
            guard Double(issuedAt) <= replacedAt + 2 * patience else { return nil }
        }
        return known.key.publicKey
    }

    /// Makes the next key. Nobody is signed out: what the last one signed is believed until it ends.
    package func rotate(audit: AuditLog, actor: AuditEvent.Actor) async throws -> UUID {
        _ = try await current()
        try await load()
        let number = state.withLock { $0.number } + 1
        try await database.withTenant(.platform, as: .vault) { transaction in
            try await audit.append(
                AuditEvent(actor: actor, action: "signing_key.rotate", subjectKind: "SIGNING_KEY"), in: transaction)
            try await PlatformKeyStore.make(purpose: Self.purpose(number), vault: vault, in: transaction)
        }
        try await load()
        return try await current().id
    }

    private func add(_ number: Int) async throws {
        try await database.withTenant(.platform, as: .vault) { transaction in
            try await PlatformKeyStore.make(purpose: Self.purpose(number), vault: vault, in: transaction)
        }
    }

    /// A key of before that does not open costs what it has signed, and nothing else; the newest must open.
    private func load() async throws {
        let found = try await database.query(as: .vault, SessionQueries.signingKeys)
        var keys: [UUID: Known] = [:]
        var newest: (number: Int, key: SigningKey)?
        var replacedAt: Double?
        // Newest first.
        for row in found.rows {
            let number = try row.requireInt("number")
            let wrapped = WrappedKey(
                keyID: try row.requireUUID("id"), wrappingKeyID: try row.requireString("wrapping_key_id"),
                bytes: try row.requireBytes("wrapped"))
            let createdAt = try row.requireTimestamp("created_at").timeIntervalSince1970
            defer { replacedAt = createdAt }
            do {
                let seed = try vault.openPlatformKey(wrapped, purpose: Self.purpose(number))
                let key = try SigningKey(seed: seed)
                keys[wrapped.keyID] = Known(key: key, replacedAt: replacedAt)
                if newest == nil { newest = (number, key) }
            } catch {
                guard newest != nil else { throw error }
                logger.error(
                    "A former signing key does not open; what it has signed is refused.",
                    metadata: ["purpose": "\(Self.purpose(number))", "reason": "\(error)"])
            }
        }
        state.withLock { state in
            state.keys = keys
            state.newest = newest?.key
            state.number = newest?.number ?? 0
            state.loadedAt = .now
        }
    }

    private static func purpose(_ number: Int) -> String { "access-token-\(number)" }
}
