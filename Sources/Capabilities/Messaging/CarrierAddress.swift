package import Contacts

/// Who sends or receives, as the carrier names them: an E.164 number, a short code, an alphanumeric name, or any of
/// these behind a channel, such as `whatsapp:+14155550100`.
package struct CarrierAddress: Sendable, Hashable, CustomStringConvertible {
    /// As the carrier wrote it.
    package let description: String
    /// What stands behind the channel, if there is one.
    package let withoutChannel: String

    /// `nil` for nothing, for more than 255 characters, and for control characters.
    package init?(_ text: String) {
        guard !text.isEmpty, text.utf8.count <= 255 || text.unicodeScalars.count <= 255,
            text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else { return nil }
        let colon = text.utf8.firstIndex(of: UInt8(ascii: ":"))
        let rest = colon.map { String(Substring(text.utf8[$0...].dropFirst())) } ?? text
        guard !rest.isEmpty else { return nil }
        description = text
        withoutChannel = rest
    }

    /// The person's phone; `nil` where there is none, such as behind a short code.
    package var phone: E164? { E164(withoutChannel) }
}
