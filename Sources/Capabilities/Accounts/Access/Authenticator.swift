import Foundation
package import Logging
package import Postgres
package import QueryEngine
import ServiceLifecycle
import Synchronization
package import Vault

/// From a bearer token to who asks: an API key, an access token of a session, or a token of an outside issuer.
///
/// What was found is remembered for a minute, so that a request does not wait for the database to learn who sends it.
/// A revocation is announced, and then everything remembered is forgotten; while the announcements cannot be heard,
/// nothing is remembered at all.
package final class Authenticator: Service, Sendable {
    private let database: Database
    private let listener: NotificationListener
    private let hash: KeyedHash
    private let signingKeys: SigningKeys
    private let issuers: OutsideIssuers
    private let liveness: KeyLiveness
    private let memory: Mutex<AccessMemory>
    private let used = Mutex<[OrganizationID: Set<UUID>]>([:])
    /// How often `used` was emptied.
    private let usedRound = Atomic(0)
    private let logger: Logger

    package init(
        database: Database, listener: NotificationListener, hash: KeyedHash, signingKeys: SigningKeys,
        issuers: OutsideIssuers, tokenMemory: Duration, logger: Logger
    ) {
        self.database = database
        self.listener = listener
        self.hash = hash
        self.signingKeys = signingKeys
        self.issuers = issuers
        liveness = KeyLiveness(database: database)
        memory = Mutex(AccessMemory(lifetime: tokenMemory))
        self.logger = logger
    }

    /// The identity behind a token; `nil` for one that is malformed, unknown, expired or revoked.
    nonisolated(nonsending) package func identity(of token: String) async throws -> Identity? {
        let digest = hash.digest(of: token)
        let (remembered, generation) = memory.withLock { ($0.entry(for: digest)?.identity, $0.generation) }
        let identity: Identity?
        if let remembered {
            identity = remembered
        } else {
            identity =
                if Token.isWellFormed(token, prefix: APIKeys.prefix) {
                    try await key(digest)
                } else if let web = JSONWebToken(token) {
                    web.issuer == AccessToken.issuer
                        ? try await session(web) : try await issuers.identity(of: token, web)
                } else { nil }
            if let identity { memory.withLock { $0.remember(identity, for: digest, asOf: generation) } }
        }
        return identity.flatMap(noted)
    }

    /// What is remembered of a token, if anything is.
    func rememberedBearer(of token: String) -> RememberedBearer? {
        let digest = hash.digest(of: token)
        let round = usedRound.load(ordering: .relaxed)
        let (entry, generation) = memory.withLock { ($0.entry(for: digest), $0.generation) }
        guard let entry, let identity = noted(entry.identity) else { return nil }
        return RememberedBearer(identity, until: entry.until, generation, notedIn: round)
    }

    /// Whether the same would be found now.
    func stillHolds(_ bearer: RememberedBearer) -> Bool {
        guard bearer.until > .now, memory.withLock({ $0.generation }) == bearer.generation else { return false }
        let round = usedRound.load(ordering: .relaxed)
        if bearer.notedIn.load(ordering: .relaxed) == round { return Self.isLive(bearer.identity) }
        guard noted(bearer.identity) != nil else { return false }
        bearer.notedIn.store(round, ordering: .relaxed)
        return true
    }

    private static func isLive(_ identity: Identity) -> Bool {
        identity.expiresAt.map { $0 > Date() } ?? true
    }

    /// `nil` for one that has expired.
    private func noted(_ identity: Identity) -> Identity? {
        guard Self.isLive(identity) else { return nil }
        if case .apiKey(let id) = identity.bearer, let organization = identity.organization {
            used.withLock { _ = $0[organization, default: []].insert(id) }
        }
        return identity
    }

    /// Whether a caller who was found earlier would be found now; for what goes on for long, such as a stream. The
    /// answer is at most `AccessMemory.liveLifetime` old, also when no revocation is announced.
    /// - Throws: when the database cannot say.
    package func isLive(_ caller: Caller) async throws -> Bool {
        guard caller.expiresAt.map({ $0 > Date() }) ?? true else { return false }
        let place = AccessMemory.Place(kind: caller.kind, role: caller.role, organization: caller.organization)
        let (remembered, generation) = memory.withLock { ($0.isKnownLive(place), $0.generation) }
        if remembered { return true }
        guard try await find(caller) else { return false }
        memory.withLock { $0.rememberLive(place, asOf: generation) }
        return true
    }

    private func find(_ caller: Caller) async throws -> Bool {
        switch caller.kind {
        case .anonymous: return true
        case .apiKey(let id):
            return try await liveness.isLive(id)
        case .user(let id, let session):
            guard let identity = try await self.session(session, of: id, expiresAt: nil) else { return false }
            guard let organization = caller.organization else { return true }
            return identity.roles[organization] == caller.role
        case .subject(_, let issuer): return try await issuers.isLive(issuer)
        }
    }

    private func key(_ digest: [UInt8]) async throws -> Identity? {
        let found = try await database.query(as: .edge, AccountQueries.findKey, [.bytes(digest)])
        guard let row = found.rows.first, let role = row.string("role").flatMap(Role.init(rawValue:)) else {
            return nil
        }
        let organization = row.uuid("org_id").map { OrganizationID($0) }
        return Identity(
            bearer: .apiKey(try row.requireUUID("api_key_id")), roles: organization.map { [$0: role] } ?? [:],
            platformRole: organization == nil ? role : nil, expiresAt: row.timestamp("expires_at"))
    }

    private func session(_ web: JSONWebToken) async throws -> Identity? {
        guard let token = AccessToken(web), let keyID = web.keyID.flatMap(UUID.init(uuidString:)),
            let publicKey = try await signingKeys.publicKey(keyID, issuedAt: token.issuedAt),
            web.isSigned(by: publicKey)
        else { return nil }
        return try await session(
            token.session, of: token.user, expiresAt: Date(timeIntervalSince1970: Double(token.expiresAt)))
    }

    private func session(_ session: UUID, of user: UUID, expiresAt: Date?) async throws -> Identity? {
        let rows = try await database.query(
            as: .edge, AccountQueries.findSession, [.uuid(session), .uuid(user)]
        ).rows
        guard let first = rows.first else { return nil }
        var roles: [OrganizationID: Role] = [:]
        for row in rows {
            guard let organization = row.uuid("org_id"), let role = row.string("role").flatMap(Role.init(rawValue:))
            else { continue }
            roles[OrganizationID(organization)] = role
        }
        return Identity(
            bearer: .user(user, session: session), roles: roles,
            platformRole: first.string("platform_role").flatMap(Role.init(rawValue:)), expiresAt: expiresAt)
    }

    /// Writes down which keys were used since the last time, so that not every request has to.
    package func noteUses() async {
        let taken = used.withLock { used in
            defer { used = [:] }
            return used
        }
        usedRound.wrappingAdd(1, ordering: .relaxed)
        for (organization, keys) in taken {
            do {
                _ = try await database.withTenant(organization) { transaction in
                    try await transaction.execute(
                        AccountQueries.noteUse, [.organization(organization), .uuids(Array(keys))])
                }
            } catch {
                logger.warning("the last use of API keys could not be noted", metadata: ["reason": "\(error)"])
            }
        }
    }

    /// What this node has just changed holds here before it is answered; other nodes hear of it.
    func forget() {
        memory.withLock { $0.forget() }
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
}

/// What is remembered, as plain state. `generation` moves on whenever something is forgotten, so that a look-up that
/// began before a revocation cannot bring the revoked key back after it.
package struct AccessMemory {
    /// Who was found live, and as what.
    struct Place: Hashable {
        let kind: Caller.Kind
        let role: Role
        let organization: OrganizationID?
    }

    /// A digest is as good as random: a few of its bytes tell it from others.
    private struct Digest: Hashable {
        let bytes: [UInt8]

        func hash(into hasher: inout Hasher) {
            bytes.withUnsafeBytes { hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: $0.prefix(8))) }
        }
    }

    private(set) var generation = 0
    private var entries: [Digest: (identity: Identity, until: ContinuousClock.Instant)] = [:]
    private var live: [Place: ContinuousClock.Instant] = [:]
    private var isTrusted = false
    private let lifetime: Duration

    private static let capacity = 10_000
    /// A connection may be dead without a word, and then no announcement comes. What a stream may go on by is
    /// therefore never older than this, so that it ends within a second all the same.
    package static let liveLifetime: Duration = .milliseconds(300)

    /// - Parameter lifetime: of what a token stands for.
    init(lifetime: Duration) {
        self.lifetime = lifetime
    }

    func entry(for digest: [UInt8]) -> (identity: Identity, until: ContinuousClock.Instant)? {
        entries[Digest(bytes: digest)].flatMap { $0.until > .now ? $0 : nil }
    }

    mutating func remember(_ identity: Identity, for digest: [UInt8], asOf generation: Int) {
        guard isTrusted, generation == self.generation else { return }
        if entries.count >= Self.capacity { entries.removeAll(keepingCapacity: true) }
        entries[Digest(bytes: digest)] = (identity, .now + lifetime)
    }

    func isKnownLive(_ place: Place) -> Bool {
        live[place].map { $0 > .now } ?? false
    }

    mutating func rememberLive(_ place: Place, asOf generation: Int) {
        guard isTrusted, generation == self.generation else { return }
        if live.count >= Self.capacity { live.removeAll(keepingCapacity: true) }
        live[place] = .now + Self.liveLifetime
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

/// What was remembered of a token when it was looked for; it holds until then, if nothing was forgotten meanwhile.
final class RememberedBearer: Sendable {
    let identity: Identity
    let until: ContinuousClock.Instant
    let generation: Int
    /// The round in which its use was noted last.
    let notedIn: Atomic<Int>

    init(_ identity: Identity, until: ContinuousClock.Instant, _ generation: Int, notedIn round: Int) {
        self.identity = identity
        self.until = until
        self.generation = generation
        notedIn = Atomic(round)
    }
}
