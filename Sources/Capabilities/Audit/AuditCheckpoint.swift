import Foundation
package import Postgres
package import Vault

/// The head of one organization's chain at a moment, signed: one line of JSON, to be kept where whoever can change the
/// database cannot. A later log must still have this link at this position.
package struct AuditCheckpoint: Codable, Sendable, Equatable {
    /// The purpose of the platform key whose Ed25519 key signs.
    package static let keyPurpose = "audit-checkpoint"

    /// The organization's id in lower case.
    package let organization: String
    package let position: Int64
    /// 32 bytes in hexadecimal.
    package let link: String
    /// RFC 3339, in UTC.
    package let at: String
    /// 32 bytes in hexadecimal.
    package let publicKey: String
    /// 64 bytes in hexadecimal.
    package let signature: String

    init(organization: OrganizationID, position: Int64, link: [UInt8], at time: Date, key: SigningKey) {
        self.organization = organization.uuid.text
        self.position = position
        self.link = link.hexadecimal
        at = time.formatted(.iso8601)
        publicKey = key.publicKey.hexadecimal
        signature = key.sign(Self.signed(self.organization, position, self.link, at)).hexadecimal
    }

    /// Whether the holder of this key, and not merely of the one that it names, has signed it.
    func isSigned(by publicKey: [UInt8]) -> Bool {
        guard let signature = [UInt8](hexadecimal: signature) else { return false }
        return SigningKey.verify(signature, of: Self.signed(organization, position, link, at), by: publicKey)
    }

    private static func signed(_ organization: String, _ position: Int64, _ link: String, _ at: String) -> [UInt8] {
        var bytes = AuthenticatedBytes("switchboard audit-checkpoint v1")
        bytes.append(organization)
        bytes.append(position)
        bytes.append(link)
        bytes.append(at)
        return bytes.all
    }

    /// One line, without its end.
    package func line() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// - Throws: ``AuditCheckpointError`` that names the first line which is none.
    package static func read(lines text: String) throws(AuditCheckpointError) -> [AuditCheckpoint] {
        var checkpoints: [AuditCheckpoint] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        where !line.isEmpty {
            guard let read = try? JSONDecoder().decode(AuditCheckpoint.self, from: Data(line.utf8)),
                UUID(uuidString: read.organization)?.text == read.organization
            else {
                throw AuditCheckpointError(line: index + 1)
            }
            checkpoints.append(read)
        }
        return checkpoints
    }
}

/// A line of a file of checkpoints that is none.
package struct AuditCheckpointError: Error, CustomStringConvertible {
    package let line: Int

    package var description: String {
        "Line \(line) is no checkpoint; expected lines as `switchboard audit checkpoint` prints them."
    }
}

/// Makes checkpoints of what is sealed now.
package struct AuditCheckpoints: Sendable {
    private let database: Database
    private let key: SigningKey

    package init(database: Database, key: SigningKey) {
        self.database = database
        self.key = key
    }

    package var publicKey: [UInt8] { key.publicKey }

    /// `nil` while nothing of the organization is sealed.
    package func make(of organization: OrganizationID) async throws -> AuditCheckpoint? {
        let head = try await database.read(
            organization, as: .vault, AuditQueries.head, [.organization(organization)])
        guard let row = head.rows.first else { return nil }
        return AuditCheckpoint(
            organization: organization, position: Int64(try row.requireInt("position")),
            link: try row.requireBytes("link"), at: Date(), key: key)
    }
}
