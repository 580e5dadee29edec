package import Audit
import Foundation
package import Postgres
package import Vault

/// Wraps every key of the platform and of organizations under another root key, while servers run that hold both.
///
/// The audit's own key goes first: the root key that wraps it is the one in force, and whoever wraps a new key asks for
/// that. So nothing comes to lie under the old root key after the first commit. Each key is moved by compare-and-swap,
/// and whoever runs it again goes on where the last one stood.
package struct RootKeyRotation: Sendable {
    private let database: Database
    private let current: KeyVault
    private let next: KeyVault
    private let audit: AuditLog
    private let chunk: Int

    /// - Parameters:
    ///   - vault: holds the old root keys and the next one.
    ///   - id: the root key to move to.
    ///   - chunk: how many keys of the platform one transaction moves.
    package init(
        database: Database, vault: KeyVault, to id: String, audit: AuditLog, chunk: Int = 20
    ) throws(VaultError) {
        self.database = database
        self.current = vault
        self.next = try vault.wrapping(with: id)
        self.audit = audit
        self.chunk = chunk
    }

    package func run(observer: RotationObserver? = nil) async throws -> RotationReport {
        var report = RotationReport()
        try await begin(&report)
        try await observer?(.keyChanged)
        // Whoever was about to commit under the old root key when this began has held its lock; a second round finds what
        // was changed under our hands in the first.
        for _ in 0..<3 {
            let changed = report.changedMeanwhile
            report.refused = []
            try await movePlatformKeys(&report, observer)
            try await moveOrganizationKeys(&report, observer)
            if report.changedMeanwhile == changed { break }
        }
        report.left = try await VaultStatus(database: database).keysNotUnder(next.rootKeyID)
        return report
    }

    private func begin(_ report: inout RotationReport) async throws {
        let purpose = AuditLog.keyPurpose
        let isMoved = try await database.withTenant(.platform, as: .vault) { transaction in
            _ = try await transaction.execute(RotationQueries.takeRootKey)
            guard let row = try await transaction.execute(RotationQueries.platformKey, [.text(purpose)]).rows.first
            else { throw PostgresError(.protocolViolation, "there is no key of the audit log") }
            let key = try WrappedKey(row: row)
            if key.wrappingKeyID == next.rootKeyID {
                _ = try next.openPlatformKey(key, purpose: purpose)
                try await record("root_key.rotate_again", key, in: transaction)
                return false
            }
            guard try await replace(key, purpose, in: transaction) else { return false }
            try await record("root_key.rotate", key, in: transaction)
            return true
        }
        if isMoved { report.moved += 1 }
    }

    private func movePlatformKeys(_ report: inout RotationReport, _ observer: RotationObserver?) async throws {
        var place = ""
        while true {
            let (before, after) = (report, place)
            let (moved, last) = try await database.withTenant(.platform, as: .vault) {
                transaction -> (RotationReport, String?) in
                var report = before
                let found = try await transaction.execute(
                    RotationQueries.platformKeysUnderOthers, [.text(next.rootKeyID), .text(after), .int(chunk)])
                for row in found.rows {
                    let key = try WrappedKey(row: row)
                    let purpose = try row.requireString("purpose")
                    do {
                        if try await replace(key, purpose, in: transaction) {
                            report.moved += 1
                            try await record("platform_key.rewrap", key, in: transaction)
                        } else {
                            report.changedMeanwhile += 1
                        }
                    } catch let error as VaultError {
                        report.refused.append("the platform's key for \(purpose): \(error)")
                    }
                }
                return (report, found.rows.last?.string("purpose"))
            }
            report = moved
            guard let last else { return }
            place = last
            try await observer?(.moved(report.moved))
        }
    }

    private func replace(_ key: WrappedKey, _ purpose: String, in transaction: Transaction) async throws -> Bool {
        let moved = try current.rewrap(platformKey: key, purpose: purpose, to: next)
        return try await transaction.execute(
            RotationQueries.replacePlatformKey,
            [.text(purpose), .text(moved.wrappingKeyID), .bytes(moved.bytes), .bytes(key.bytes)]
        ).affectedRows == 1
    }

    private func moveOrganizationKeys(_ report: inout RotationReport, _ observer: RotationObserver?) async throws {
        try await VaultStatus(database: database).forEachOrganization { organization, _ in
            let keys = try await database.read(
                organization, as: .vault, RotationQueries.organizationKeysUnderOthers,
                [.organization(organization), .text(next.rootKeyID)])
            guard keys.count > 0 else { return }
            for row in keys.rows { try await move(row, of: organization, &report) }
            try await observer?(.organization(organization))
        }
    }

    private func move(
        _ row: PostgresRow, of organization: OrganizationID, _ report: inout RotationReport
    ) async throws {
        let key = try WrappedKey(row: row)
        let moved: WrappedKey
        do {
            moved = try current.rewrap(organizationKey: key, organization: organization.uuid, to: next)
        } catch {
            report.refused.append("key \(key.keyID.text) of organization \(organization): \(error)")
            return
        }
        let isReplaced = try await database.withTenant(organization, as: .vault) { transaction in
            let replaced = try await transaction.execute(
                RotationQueries.rewrapOrganizationKey,
                [
                    .organization(organization), .uuid(key.keyID), .text(moved.wrappingKeyID), .bytes(moved.bytes),
                    .bytes(key.bytes),
                ])
            guard replaced.affectedRows == 1 else { return false }
            try await audit.append(
                AuditEvent(
                    actor: .commandLine, action: "organization_key.rewrap", subjectKind: "ORGANIZATION_KEY",
                    subjectID: key.keyID, purpose: "root key \(key.wrappingKeyID) to \(moved.wrappingKeyID)"),
                in: transaction)
            return true
        }
        if isReplaced { report.moved += 1 } else { report.changedMeanwhile += 1 }
    }

    private func record(_ action: String, _ key: WrappedKey, in transaction: Transaction) async throws(PostgresError) {
        try await audit.append(
            AuditEvent(
                actor: .commandLine, action: action, subjectKind: "PLATFORM_KEY", subjectID: key.keyID,
                purpose: "root key \(key.wrappingKeyID) to \(next.rootKeyID)"),
            in: transaction)
    }
}
