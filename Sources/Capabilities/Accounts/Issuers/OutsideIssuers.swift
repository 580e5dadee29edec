package import Audit
package import Foundation
import GraphQL
import OrderedCollections
package import Postgres
package import QueryEngine

/// Tokens of identity providers that organizations bring.
///
/// A provider is registered by one organization, and what it signs opens that organization and no other. Whoever it
/// names is known by (issuer, subject): an e-mail in a token means nothing. Issuer, audience and algorithms are pinned,
/// and algorithms are asymmetric ones only.
package final class OutsideIssuers: Sendable {
    /// What may be pinned.
    package static let algorithms = [
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
    ]
    /// How far the other's clock may be ahead.
    private static let leeway = 60.0

    private let database: Database
    private let announcer: Announcer
    private let sets: PublicKeySets?
    private let audit: AuditLog

    /// - Parameter sets: fetches key sets; without it, those that were given stay.
    package init(database: Database, announcer: Announcer, sets: PublicKeySets?, audit: AuditLog) {
        self.database = database
        self.announcer = announcer
        self.sets = sets
        self.audit = audit
    }

    // MARK: Tokens

    func identity(of token: String, _ web: JSONWebToken) async throws -> Identity? {
        let now = Date().timeIntervalSince1970
        guard Self.algorithms.contains(web.algorithm), let issuer = web.issuer,
            let subject = web.claims["sub"]?.stringValue, (1...500).contains(subject.unicodeScalars.count),
            !subject.utf8.contains(0), let expiry = Self.seconds(web.claims["exp"]), expiry > now,
            Self.seconds(web.claims["nbf"]).map({ $0 <= now + Self.leeway }) ?? true
        else { return nil }
        let audiences = web.claims["aud"].map { $0.arrayValue?.compactMap(\.stringValue) ?? [$0.stringValue ?? ""] }
        let rows = try await database.query(
            as: .edge, IssuerQueries.candidates, [.text(issuer), .texts(audiences ?? [])]
        ).rows
        var found: [(Issuer, Role)] = []
        for row in rows {
            guard let issuer = try Issuer(row), issuer.algorithms.contains(web.algorithm),
                let keys = await keys(of: issuer, holding: web.keyID),
                await keys.hasSigned(token, keyID: web.keyID, algorithm: web.algorithm),
                let role = issuer.role(of: web.claims)
            else { continue }
            found.append((issuer, role))
        }
        // Two organizations that trust the same issuer for the same audience: nobody can say which is meant.
        guard found.count == 1, let (issuer, role) = found.first else { return nil }
        let id = try await self.subject(subject, of: issuer)
        return Identity(
            bearer: .subject(id, issuer: issuer.id), roles: [issuer.organization: role], platformRole: nil,
            expiresAt: Date(timeIntervalSince1970: expiry))
    }

    func isLive(_ issuer: UUID) async throws -> Bool {
        try await database.query(as: .edge, IssuerQueries.isLive, [.uuid(issuer)]).count == 1
    }

    private func subject(_ subject: String, of issuer: Issuer) async throws -> UUID {
        let key: [PostgresValue] = [.organization(issuer.organization), .uuid(issuer.id), .text(subject)]
        return try await database.withTenant(issuer.organization, as: .edge) { transaction in
            if let known = try await transaction.execute(IssuerQueries.findSubject, key).rows.first {
                return try known.requireUUID("id")
            }
            let id = UUID()
            let inserted = try await transaction.execute(IssuerQueries.insertSubject, key + [.uuid(id)])
            guard inserted.count == 1 else {
                let known = try await transaction.execute(IssuerQueries.findSubject, key).rows.first
                return try known?.requireUUID("id") ?? id
            }
            try await audit.append(
                AuditEvent(
                    actor: .user(id), action: "issuer.first_seen", subjectKind: "ISSUER", subjectID: issuer.id),
                in: transaction)
            return id
        }
    }

    /// Those behind the URL, since a key that its owner took away must be good no more; while none could be had from
    /// there, or without a URL, those that were given.
    private func keys(of issuer: Issuer, holding keyID: String?) async -> PublicKeySet? {
        if let url = issuer.keysURL, let set = await sets?.set(at: url, holding: keyID) { return set }
        return PublicKeySet(json: issuer.keys)
    }

    private static func seconds(_ value: JSONValue?) -> Double? {
        switch value {
        case .int(let seconds): Double(seconds)
        case .number(let text): Double(text)
        default: nil
        }
    }

    // MARK: Registration

    /// What an administrator says of an issuer.
    package struct Registration: Sendable {
        package var issuer: String
        package var audience: String
        package var algorithms: [String]
        /// A JSON Web Key Set; may be left out where there is a URL.
        package var keys: String?
        /// Where the set is published: https, or http on this machine.
        package var keysURL: String?
        package var roleClaim: String
        /// From values of the claim to roles of an organization.
        package var roleMap: [String: Role]
        package var defaultRole: Role?

        package init(
            issuer: String, audience: String, algorithms: [String], keys: String?, keysURL: String? = nil,
            roleClaim: String = "role", roleMap: [String: Role] = [:], defaultRole: Role? = nil
        ) {
            self.issuer = issuer
            self.audience = audience
            self.algorithms = algorithms
            self.keys = keys
            self.keysURL = keysURL
            self.roleClaim = roleClaim
            self.roleMap = roleMap
            self.defaultRole = defaultRole
        }
    }

    /// - Throws: ``AccountError/invalidIssuer(_:)``.
    package func register(_ given: Registration, for organization: OrganizationID) async throws -> UUID {
        guard given.issuer != AccessToken.issuer, (1...500).contains(given.issuer.unicodeScalars.count) else {
            throw AccountError.invalidIssuer("its name must be the value of `iss`, of 1 to 500 characters")
        }
        guard (1...500).contains(given.audience.unicodeScalars.count) else {
            throw AccountError.invalidIssuer("an audience of 1 to 500 characters was expected")
        }
        guard !given.algorithms.isEmpty, given.algorithms.allSatisfy(Self.algorithms.contains) else {
            throw AccountError.invalidIssuer("algorithms are one or more of \(Self.algorithms.joined(separator: ", "))")
        }
        guard given.keysURL.map(PublicKeySets.isAllowed) ?? true else {
            throw AccountError.invalidIssuer("the URL of its keys must begin with https://, or be http on this machine")
        }
        if let keys = given.keys {
            guard PublicKeySet(json: keys) != nil else {
                throw AccountError.invalidIssuer(
                    "a JSON Web Key Set with at least one public RSA, EC or OKP key was expected")
            }
        } else {
            guard let url = given.keysURL else {
                throw AccountError.invalidIssuer("either a JSON Web Key Set or the URL of one was expected")
            }
            guard let sets, await sets.set(at: url, holding: nil) != nil else {
                throw AccountError.invalidIssuer(
                    "\(url) gave no JSON Web Key Set with a public RSA, EC or OKP key, of at most "
                        + "\(PublicKeySets.sizeLimit >> 10) KiB and within a few seconds")
            }
        }
        guard given.defaultRole?.isOfOrganization ?? true, given.roleMap.values.allSatisfy(\.isOfOrganization) else {
            throw AccountError.invalidIssuer("roles are OWNER, ADMIN, AGENT and VIEWER")
        }
        let id = UUID()
        let map = JSONValue.object(
            .init(
                uniqueKeysWithValues: given.roleMap.sorted { $0.key < $1.key }.map {
                    ($0.key, .string($0.value.rawValue))
                }))
        try await database.withTenant(organization) { transaction in
            _ = try await transaction.execute(
                IssuerQueries.insert,
                [
                    .organization(organization), .uuid(id), .text(given.issuer), .text(given.audience),
                    .texts(given.algorithms), .text(given.keys ?? #"{"keys":[]}"#), PostgresValue(given.keysURL),
                    .text(given.roleClaim),
                    .text(String(decoding: map.bytes, as: UTF8.self)), PostgresValue(given.defaultRole?.rawValue),
                ])
            try await audit.append(
                AuditEvent(actor: .commandLine, action: "issuer.create", subjectKind: "ISSUER", subjectID: id),
                in: transaction)
        }
        return id
    }

    package func list(of organization: OrganizationID) async throws -> [(id: UUID, issuer: String, audience: String)] {
        try await database.read(organization, IssuerQueries.list, [.organization(organization)]).rows.map {
            (try $0.requireUUID("id"), try $0.requireString("issuer"), try $0.requireString("audience"))
        }
    }

    package func remove(_ id: UUID, of organization: OrganizationID) async throws {
        try await database.withTenant(organization) { transaction in
            let removed = try await transaction.execute(
                IssuerQueries.remove, [.organization(organization), .uuid(id)])
            guard removed.count == 1 else { throw AccountError.noSuchIssuer }
            try await audit.append(
                AuditEvent(actor: .commandLine, action: "issuer.remove", subjectKind: "ISSUER", subjectID: id),
                in: transaction)
            try await announcer.announce(channel: APIKeys.channel, payload: "issuer", in: transaction)
        }
    }
}

/// A registered issuer, as it is read.
private struct Issuer {
    let id: UUID
    let organization: OrganizationID
    let algorithms: Set<String>
    let keys: String
    let keysURL: String?
    let roleClaim: String
    let roleMap: JSONValue
    let defaultRole: Role?

    init?(_ row: PostgresRow) throws {
        id = try row.requireUUID("id")
        organization = OrganizationID(try row.requireUUID("org_id"))
        // `{RS256,ES256}`: names without anything that PostgreSQL would quote.
        algorithms = Set(
            try row.requireString("algorithms").trimmingCharacters(in: CharacterSet(charactersIn: "{}"))
                .split(separator: ",").map(String.init))
        keys = try row.requireString("jwks")
        keysURL = row.string("jwks_url")
        roleClaim = try row.requireString("role_claim")
        guard let map = try? JSONValue(parsing: Array(try row.requireString("role_map").utf8)) else { return nil }
        roleMap = map
        defaultRole = row.string("default_role").flatMap(Role.init(rawValue:))
    }

    /// The highest role that a value of the claim stands for.
    func role(of claims: JSONValue) -> Role? {
        let values = claims[roleClaim].map { $0.arrayValue?.compactMap(\.stringValue) ?? [$0.stringValue ?? ""] } ?? []
        let mapped = values.compactMap { roleMap[$0]?.stringValue.flatMap(Role.init(rawValue:)) }
        return mapped.max() ?? defaultRole
    }
}
