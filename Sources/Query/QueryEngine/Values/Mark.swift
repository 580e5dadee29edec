import Postgres

/// What a cursor or event id begins with: it ties the text to where and to whom it was given out.
///
/// It is no secret and no signature. Whoever forges one reaches nothing that the same query would not give: it is there so
/// that a text from elsewhere is told apart, and gets a clear error.
enum Mark {
    static func of(_ parts: String..., organization: OrganizationID?) -> String {
        let text = parts.joined(separator: "|") + "|" + (organization?.description ?? "platform")
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        let digits = String(hash, radix: 36)
        return String(repeating: "0", count: 13 - digits.utf8.count) + digits
    }

    static let length = 13
}
