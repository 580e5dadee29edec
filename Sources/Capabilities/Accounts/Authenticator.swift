package import Foundation
package import Logging
package import Postgres
package import QueryEngine
import ServiceLifecycle
import Synchronization
package import Vault

/// From a bearer token to who asks.
///
/// What was found is remembered for a minute, so that a request does not wait for the database to learn who sends it.
/// A revocation is announced, and then everything remembered is forgotten; while the announcements cannot be heard,
/// nothing is remembered at all.
package final class Authenticator: Service, Sendable {
    /// What a live key stands for.
    package struct Identity: Sendable, Equatable {
        package let apiKey: UUID
        package let role: Role
        /// `nil` for a key of the platform.
        package let organization: OrganizationID?
    }

    private let database: Database
    private let listener: NotificationListener
    private let hash: KeyedHash
    private let liveness: KeyLiveness
    private let memory = Mutex(Memory())
    private let logger: Logger

    package init(database: Database, listener: NotificationListener, hash: KeyedHash, logger: Logger) {
        self.database = database
        self.listener = listener
        self.hash = hash
        liveness = KeyLiveness(database: database)
        self.logger = logger
    }

    /// The identity behind a token; `nil` for one that is malformed, unknown or revoked.
    package func identity(of token: String) async throws -> Identity? {
        guard Token.isWellFormed(token, prefix: APIKeys.prefix) else { return nil }
        let digest = hash.digest(of: token)
        let (remembered, generation) = memory.withLock { ($0.identity(for: digest), $0.generation) }
        if let remembered { return remembered }
        let found = try await database.query(as: .edge, AccountQueries.findKey, [.bytes(digest)])
        guard let row = found.rows.first, let role = row.string("role").flatMap(Role.init(rawValue:)) else {
            return nil
        }
        let identity = Identity(
            apiKey: try row.requireUUID("api_key_id"), role: role,
            organization: row.uuid("org_id").map { OrganizationID($0) })
        memory.withLock { $0.remember(identity, for: digest, asOf: generation) }
        return identity
    }

    /// Whether a key that was found earlier is still live; for what goes on for long, such as a stream. The answer is at
    /// most `liveLifetime` old, also when no revocation is announced.
    /// - Throws: when the database cannot say.
    package func isLive(_ apiKey: UUID) async throws -> Bool {
        let (remembered, generation) = memory.withLock { ($0.isKnownLive(apiKey), $0.generation) }
        if remembered { return true }
        guard try await liveness.isLive(apiKey) else { return false }
        memory.withLock { $0.rememberLive(apiKey, asOf: generation) }
        return true
    }

    package func run() async throws {
        for await event in listener.subscribe(to: APIKeys.channel).cancelOnGracefulShutdown() {
            switch event {
            case .listening: memory.withLock { $0.trust(true) }
            case .lost:
                memory.withLock { $0.trust(false) }
                logger.warning("Revocations cannot be heard; every request looks its key up until they can.")
            case .notification: memory.withLock { $0.forget() }
            }
        }
    }

    /// What is remembered, as plain state. `generation` moves on whenever something is forgotten, so that a look-up
    /// that began before a revocation cannot bring the revoked key back after it.
    private struct Memory {
        private(set) var generation = 0
        private var entries: [[UInt8]: (identity: Identity, until: ContinuousClock.Instant)] = [:]
        private var live: [UUID: ContinuousClock.Instant] = [:]
        private var isTrusted = false

        private static let capacity = 10_000
        private static let lifetime: Duration = .seconds(60)
        /// A connection may be dead without a word, and then no announcement comes. What a stream may go on by is
        /// therefore never older than this, so that it ends within a second all the same.
        private static let liveLifetime: Duration = .milliseconds(300)

        func identity(for digest: [UInt8]) -> Identity? {
            guard let entry = entries[digest], entry.until > .now else { return nil }
            return entry.identity
        }

        mutating func remember(_ identity: Identity, for digest: [UInt8], asOf generation: Int) {
            guard isTrusted, generation == self.generation else { return }
            if entries.count >= Self.capacity { entries.removeAll(keepingCapacity: true) }
            entries[digest] = (identity, .now + Self.lifetime)
        }

        func isKnownLive(_ apiKey: UUID) -> Bool {
            live[apiKey].map { $0 > .now } ?? false
        }

        mutating func rememberLive(_ apiKey: UUID, asOf generation: Int) {
            guard isTrusted, generation == self.generation else { return }
            if live.count >= Self.capacity { live.removeAll(keepingCapacity: true) }
            live[apiKey] = .now + Self.liveLifetime
        }

        mutating func forget() {
            entries.removeAll(keepingCapacity: true)
            live.removeAll(keepingCapacity: true)
            generation += 1
        }

        mutating func trust(_ trusted: Bool) {
            isTrusted = trusted
            forget()
        }
    }
}
