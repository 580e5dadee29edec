package import Foundation
package import Postgres
package import Vault

/// Reads a whole log again and says what is not as it was written. It needs the audit key, which whoever can change the
/// database does not have.
///
/// A log whose end was cut off, chain and rows alike, or a database that was put back whole, shows only against a
/// checkpoint that was kept elsewhere.
package struct AuditVerifier: Sendable {
    private let database: Database
    private let key: AuditKey

    package init(database: Database, key: PlatformKey) {
        self.database = database
        self.key = AuditKey(key)
    }

    /// The platform's own log first, then every organization that there is, or was when a checkpoint was made: one that
    /// vanished with its whole log shows only there.
    package func organizations(and checkpoints: [AuditCheckpoint] = []) async throws -> [OrganizationID] {
        let found = try await database.query(as: .platform, AuditQueries.organizations)
        let known: [OrganizationID] = [.platform] + (try found.rows.map { OrganizationID(try $0.requireUUID("id")) })
        let named = Set(checkpoints.compactMap { UUID(uuidString: $0.organization).map { OrganizationID($0) } })
        return known + named.subtracting(known).sorted { $0.uuid.text < $1.uuid.text }
    }

    /// - Parameters:
    ///   - checkpoints: of any organization; those of others are passed over.
    ///   - signer: the public key that signs this installation's checkpoints.
    ///   - moment: what has waited since a minute before it should have been sealed.
    package func verify(
        _ organization: OrganizationID, against checkpoints: [AuditCheckpoint] = [], signer: [UInt8],
        at moment: Date = Date()
    ) async throws -> AuditReport {
        // One snapshot, so that the sealer does not move rows while they are read.
        try await database.withTenant(organization, as: .vault, isolation: .repeatableRead) { transaction in
            var report = AuditReport(organization: organization)
            try await readChain(organization, in: transaction, &report)
            try await readRest(organization, at: moment, in: transaction, &report)
            for checkpoint in checkpoints where checkpoint.organization == organization.uuid.text {
                try await compare(checkpoint, signer, in: transaction, &report)
            }
            return report
        }
    }

    private func readChain(
        _ organization: OrganizationID, in transaction: Transaction, _ report: inout AuditReport
    ) async throws {
        var expected: Int64 = 1
        var previous = AuditKey.beginning
        while true {
            let page = try await transaction.execute(
                AuditQueries.chain, [.organization(organization), .int(expected - 1)])
            for row in page.rows {
                let position = Int64(try row.requireInt("position"))
                let event = try row.requireUUID("event_id")
                let stored = try row.requireBytes("link")
                for missing in expected..<position { report.findings.append(.gap(position: missing)) }
                let follows = position == expected
                expected = position + 1
                report.sealed += 1
                // The stored link is what the next is compared with, so that one wrong link is one finding.
                defer { previous = stored }
                guard !row.isNull("id") else {
                    report.findings.append(.removed(event: event, position: position))
                    continue
                }
                let mac = row.bytes("mac") ?? []
                if try key.mac(of: AuditRecord(row, of: organization)) != mac {
                    report.findings.append(.changed(event: event))
                }
                let link = key.link(
                    after: previous, position: position, organization: organization.uuid, event: event, mac: mac)
                if follows, link != stored { report.findings.append(.broken(event: event, position: position)) }
            }
            if page.count < 1000 { return }
        }
    }

    private func readRest(
        _ organization: OrganizationID, at moment: Date, in transaction: Transaction, _ report: inout AuditReport
    ) async throws {
        var last = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
        while true {
            let page = try await transaction.execute(
                AuditQueries.unchained, [.organization(organization), .uuid(last)])
            for row in page.rows {
                last = try row.requireUUID("id")
                let record = try AuditRecord(row, of: organization)
                if row.isNull("mac") {
                    report.findings.append(.unauthenticated(event: last))
                } else if try key.mac(of: record) != row.requireBytes("mac") {
                    report.findings.append(.inserted(event: last))
                } else if row.bool("is_waiting") == true {
                    report.unsealed += 1
                    if record.occurredAt < moment - 60 { report.findings.append(.unsealed(event: last)) }
                } else {
                    report.findings.append(.unchained(event: last))
                }
            }
            if page.count < 1000 { return }
        }
    }

    private func compare(
        _ checkpoint: AuditCheckpoint, _ signer: [UInt8], in transaction: Transaction, _ report: inout AuditReport
    ) async throws {
        guard checkpoint.isSigned(by: signer) else {
            report.findings.append(.forgedCheckpoint(position: checkpoint.position))
            return
        }
        let tenant = PostgresValue.organization(report.organization)
        let found = try await transaction.execute(AuditQueries.sealAt, [tenant, .int(checkpoint.position)])
        guard let row = found.rows.first else {
            let head = try await transaction.execute(AuditQueries.head, [tenant]).rows.first
            report.findings.append(
                .truncated(at: Int64(try head?.requireInt("position") ?? 0), checkpoint: checkpoint.position))
            return
        }
        if try row.requireBytes("link").hexadecimal != checkpoint.link {
            report.findings.append(.rewritten(position: checkpoint.position))
        }
    }
}
