package import Postgres
package import Vault

/// The append-only log of an organization. An event is written in the transaction of what it records, so that one is
/// never there without the other; when it cannot be written, the thing does not happen.
///
/// Each row carries a MAC of its content. It waits in `audit_unsealed` until the ``AuditSealer`` has chained it.
package struct AuditLog: Sendable {
    /// The purpose of the platform key that authenticates rows and links. It outlives the keys of organizations.
    package static let keyPurpose = "audit"

    private let key: AuditKey

    package init(key: PlatformKey) {
        self.key = AuditKey(key)
    }

    /// - Parameter transaction: one of the organization that the event belongs to, or of ``OrganizationID/platform``.
    package func append(_ event: AuditEvent, in transaction: Transaction) async throws(PostgresError) {
        let record = AuditRecord(event, of: transaction.organization ?? .platform)
        let organization = PostgresValue.organization(record.organization)
        _ = try await transaction.execute([
            (
                AuditQueries.insert,
                [
                    organization, .uuid(record.id), .timestamp(record.occurredAt), .text(record.actorKind),
                    PostgresValue(record.actorID), .text(record.action), .text(record.outcome),
                    .text(record.subjectKind), PostgresValue(record.subjectID), PostgresValue(record.purpose),
                    PostgresValue(record.requestID), PostgresValue(record.source), .uuid(key.id),
                    .bytes(key.mac(of: record)),
                ]
            ),
            (AuditQueries.insertUnsealed, [organization, .uuid(record.id)]),
        ])
    }
}
