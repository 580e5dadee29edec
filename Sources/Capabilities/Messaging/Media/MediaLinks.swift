package import Foundation
package import Postgres
package import Vault

/// Links to files, for some minutes: a token that names organization, file and end, and a MAC over them. Whoever has the
/// link may read the file until then; nobody can make one, or make one last.
package struct MediaLinks: Sendable {
    /// The purpose of the platform key that signs.
    package static let keyPurpose = "media"
    /// How long a link is good for.
    package static let lifetime: TimeInterval = 300

    package struct Subject: Sendable, Hashable {
        package let organization: OrganizationID
        package let media: UUID

        package init(organization: OrganizationID, media: UUID) {
            self.organization = organization
            self.media = media
        }
    }

    private let hash: KeyedHash

    package init(key: PlatformKey) {
        hash = KeyedHash(key: key)
    }

    /// - Parameter expiresAt: whole seconds count.
    package func token(for subject: Subject, expiresAt: Date) -> String {
        let body = Self.body(subject, Int64(expiresAt.timeIntervalSince1970))
        return Self.encode(body + hash.digest(of: body))
    }

    /// What a token names; `nil` for one that is not ours, or is over.
    package func subject(of token: String, at now: Date = Date()) -> Subject? {
        guard token.utf8.count <= 128, let bytes = Self.decode(token), bytes.count == 40 + KeyedHash.count else {
            return nil
        }
        let body = Array(bytes.prefix(40))
        let given = Array(bytes.dropFirst(40))
        let expected = hash.digest(of: body)
        // All bytes are looked at, wherever the first difference is.
        guard zip(given, expected).reduce(UInt8(0), { $0 | ($1.0 ^ $1.1) }) == 0 else { return nil }
        let end = body[32..<40].reduce(Int64(0)) { $0 << 8 | Int64($1) }
        guard Double(end) > now.timeIntervalSince1970 else { return nil }
        return Subject(organization: OrganizationID(Self.uuid(body[0..<16])), media: Self.uuid(body[16..<32]))
    }

    private static func body(_ subject: Subject, _ end: Int64) -> [UInt8] {
        bytes(of: subject.organization.uuid) + bytes(of: subject.media)
            + stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: end >> Int64($0)) }
    }

    private static func bytes(of uuid: UUID) -> [UInt8] {
        let u = uuid.uuid
        return [
            u.0, u.1, u.2, u.3, u.4, u.5, u.6, u.7, u.8, u.9, u.10, u.11, u.12, u.13, u.14, u.15,
        ]
    }

    private static func uuid(_ bytes: ArraySlice<UInt8>) -> UUID {
        let b = Array(bytes)
        return UUID(
            uuid: (
                b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]
            ))
    }

    /// base64url without padding (RFC 4648, section 5).
    private static func encode(_ bytes: [UInt8]) -> String {
        String(
            Data(bytes).base64EncodedString().filter { $0 != "=" }.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 })
    }

    /// One spelling only: what encodes otherwise is none.
    private static func decode(_ text: String) -> [UInt8]? {
        let base64 = String(text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
        guard !text.contains("+"), !text.contains("/"),
            let data = Data(base64Encoded: base64 + String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4))
        else { return nil }
        let bytes = Array(data)
        return encode(bytes) == text ? bytes : nil
    }
}
