/// The default alphabet of 3GPP TS 23.038, 6.2.1, and its extension table: what costs one septet, and what two.
enum GSM7 {
    private static let basic = Set(
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
            .unicodeScalars)

    private static let extensionTable = Set("\u{0C}^{}\\[~]|€".unicodeScalars)

    /// The septets of each character; nil when one of them is in neither table.
    static func septets(_ text: String) -> [Int]? {
        var septets: [Int] = []
        septets.reserveCapacity(text.unicodeScalars.count)
        for scalar in text.unicodeScalars {
            if basic.contains(scalar) {
                septets.append(1)
            } else if extensionTable.contains(scalar) {
                septets.append(2)
            } else {
                return nil
            }
        }
        return septets
    }
}
