package import Audit
package import Foundation
package import Postgres
package import Vault

/// Gives an organization a new key and moves every secret under it, while leases, registrations and rotations of
/// credentials go on.
///
/// The new key counts from the first commit on; what is sealed under the retired one stays readable until it has moved,
/// since a record names its key. Each secret is moved by compare-and-swap and opened under both keys before that. The
/// state is in the database alone: whoever runs it again, after a kill too, goes on where the last one stood.
package struct OrganizationKeyRotation: Sendable {
    private let database: Database
    private let vault: KeyVault
    private let audit: AuditLog
    private let chunk: Int
    private let asker: LeaseAsker

    /// For an administrator.
    ///
    /// - Parameter chunk: how many secrets one transaction moves.
    package init(database: Database, vault: KeyVault, audit: AuditLog, chunk: Int = 100) {
        self.init(database: database, vault: vault, audit: audit, chunk: chunk, for: .commandLine)
    }

    init(database: Database, vault: KeyVault, audit: AuditLog, chunk: Int = 100, for asker: LeaseAsker) {
        self.asker = asker
        self.database = database
        self.vault = vault
        self.audit = audit
        self.chunk = chunk
    }

    /// - Parameter unwanted: keys that must not go on being used. Without any, one rotation at a time is enough: what was
    ///   begun is taken up again.
    package func run(
        _ organization: OrganizationID, awayFrom unwanted: Set<UUID> = [], observer: RotationObserver? = nil
    ) async throws -> RotationReport {
        var report = RotationReport()
        guard let (target, isResumed) = try await begin(organization, awayFrom: unwanted) else { return report }
        try await moveAll(organization, to: target, &report, observer)
        // Nothing was left to finish but what does not open: that must not keep the organization from a new key for ever.
        if isResumed, report.moved == 0, report.changedMeanwhile == 0, !report.refused.isEmpty {
            report.refused = []
            guard let (next, _) = try await begin(organization, awayFrom: [target.keyID]) else { return report }
            try await moveAll(organization, to: next, &report, observer)
        }
        try await end(organization, &report)
        try await observer?(.destroyed)
        return report
    }

    private func moveAll(
        _ organization: OrganizationID, to target: WrappedKey, _ report: inout RotationReport,
        _ observer: RotationObserver?
    ) async throws {
        try await observer?(.keyChanged)
        var place = Place.beginning
        while let next = try await move(organization, to: target, after: place, &report) {
            place = next
            try await observer?(.moved(report.moved))
        }
    }

    /// Where in the order of the secrets' keys it is.
    private struct Place {
        var credential: UUID
        var field: String
        var version: Int

        static var beginning: Place {
            Place(
                credential: UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)), field: "", version: 0)
        }
    }

    /// The key to move to: a new one, or that of a rotation which did not come to its end, unless it is unwanted. `nil`
    /// when the organization has no key.
    private func begin(
        _ organization: OrganizationID, awayFrom unwanted: Set<UUID>
    ) async throws -> (target: WrappedKey, isResumed: Bool)? {
        try await database.withTenant(organization, as: .vault) { transaction in
            let tenant = PostgresValue.organization(organization)
            _ = try await transaction.execute(CredentialQueries.lockOrganization, [.text(organization.description)])
            let keys = try await transaction.execute(RotationQueries.organizationKeys, [tenant]).rows
            guard let row = keys.first(where: { $0.string("state") == "ACTIVE" }) else { return nil }
            let current = try WrappedKey(row: row)
            // Somebody else has moved away from them meanwhile, and finishes it, or this does.
            let isMoved = !unwanted.isEmpty && !unwanted.contains(current.keyID)
            let isBegun = unwanted.isEmpty && keys.contains { $0.string("state") == "RETIRED" }
            if isMoved || isBegun {
                try await record("organization_key.rotate_again", current.keyID, nil, in: transaction)
                return (current, true)
            }
            let next = try await OrganizationKeyStore.make(for: organization, vault: vault, in: transaction)
            _ = try await transaction.execute([
                (RotationQueries.retireOrganizationKey, [tenant, .uuid(current.keyID)]),
                (
                    CredentialQueries.insertOrganizationKey,
                    [tenant, .uuid(next.keyID), .text(next.wrappingKeyID), .bytes(next.bytes)]
                ),
            ])
            try await record("organization_key.rotate", next.keyID, nil, in: transaction)
            return (next, false)
        }
    }

    /// One transaction. The organization's lock keeps those who change several of its secrets from waiting for each other
    /// crosswise; a lease takes none and waits for none.
    private func move(
        _ organization: OrganizationID, to target: WrappedKey, after place: Place, _ report: inout RotationReport
    ) async throws -> Place? {
        let before = report
        let (next, after) = try await database.withTenant(organization, as: .vault) {
            transaction -> (Place?, RotationReport) in
            var report = before
            _ = try await transaction.execute(CredentialQueries.lockOrganization, [.text(organization.description)])
            // A rotation of the root key may have wrapped it anew.
            let keys = try await transaction.execute(
                RotationQueries.organizationKeys, [.organization(organization)]
            ).rows
            var wrapped = target
            for row in keys where row.uuid("id") == target.keyID { wrapped = try WrappedKey(row: row) }
            let found = try await transaction.execute(
                RotationQueries.secretsUnderRetired,
                [
                    .organization(organization), .uuid(place.credential), .text(place.field), .int(place.version),
                    .int(chunk),
                ])
            guard let last = found.rows.last else { return (nil, report) }
            for row in found.rows { try await move(row, of: organization, to: wrapped, in: transaction, &report) }
            try await record(
                "organization_key.move_secrets", target.keyID,
                "moved \(report.moved - before.moved), refused \(report.refused.count - before.refused.count)",
                in: transaction)
            return (
                Place(
                    credential: try last.requireUUID("credential_id"), field: try last.requireString("field"),
                    version: try last.requireInt("version")), report
            )
        }
        report = after
        return next
    }

    private func move(
        _ row: PostgresRow, of organization: OrganizationID, to target: WrappedKey, in transaction: Transaction,
        _ report: inout RotationReport
    ) async throws {
        let current = try WrappedKey(row: row)
        let sealed = SealedSecret(organizationKeyID: current.keyID, bytes: try row.requireBytes("sealed"))
        let credential = try row.requireUUID("credential_id")
        let field = try row.requireString("field")
        let version = try row.requireInt("version")
        let context = SecretContext(
            organization: organization.uuid, kind: try row.requireString("kind"), credential: credential, field: field,
            version: version)
        let moved: SealedSecret
        switch await vault.attempt({ vault throws(VaultError) in
            try vault.rewrap(sealed, context: context, from: current, to: target)
        }) {
        case .success(let secret): moved = secret
        case .failure(let error):
            guard error.isTampering else { throw error }
            report.refused.append("\(field), version \(version), of credential \(credential.text): \(error)")
            let event = AuditEvent(
                actor: asker.actor, action: "credential.open", outcome: .refused, subjectKind: "CREDENTIAL",
                subjectID: credential, purpose: "rotation: \(field) \(version) was tampered with",
                requestID: asker.requestID, source: asker.source)
            try await audit.append(event, in: transaction)
            return
        }
        let replaced = try await transaction.execute(
            RotationQueries.replaceSecret,
            [
                .organization(organization), .uuid(credential), .text(field), .int(version), .uuid(target.keyID),
                .bytes(moved.bytes), .bytes(sealed.bytes),
            ])
        if replaced.affectedRows == 1 { report.moved += 1 } else { report.changedMeanwhile += 1 }
    }

    private func end(_ organization: OrganizationID, _ report: inout RotationReport) async throws {
        let (destroyed, left) = try await database.withTenant(organization, as: .vault) { transaction in
            let tenant = PostgresValue.organization(organization)
            _ = try await transaction.execute(CredentialQueries.lockOrganization, [.text(organization.description)])
            let destroyed = try await transaction.execute(RotationQueries.destroyRetired, [tenant])
            for row in destroyed.rows {
                try await record("organization_key.destroy", try row.requireUUID("id"), nil, in: transaction)
            }
            let keys = try await transaction.execute(RotationQueries.organizationKeys, [tenant]).rows
            let left = keys.filter { $0.string("state") == "RETIRED" }.compactMap { $0.int("secrets") }
            return (destroyed.count, left.reduce(0, +))
        }
        report.destroyed += destroyed
        report.left = left
    }

    private func record(
        _ action: String, _ key: UUID, _ purpose: String?, in transaction: Transaction
    ) async throws(PostgresError) {
        try await audit.append(
            AuditEvent(
                actor: asker.actor, action: action, subjectKind: "ORGANIZATION_KEY", subjectID: key,
                purpose: purpose, requestID: asker.requestID, source: asker.source),
            in: transaction)
    }
}

extension VaultError {
    /// Whether the record is to blame, and not the key or the machine.
    var isTampering: Bool {
        switch self {
        case .refused, .malformedRecord, .unsupportedFormat, .wrongOrganizationKey: true
        default: false
        }
    }
}

extension UUID {
    /// As PostgreSQL and the audit print it.
    var text: String { uuidString.lowercased() }
}
