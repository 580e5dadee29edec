/// The text form of `bytea`: `\x` and two hexadecimal digits a byte (`bytea_output = hex`, PostgreSQL 15, 8.4.1).
enum ByteaText {
    static func decode(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
        guard text.count >= 2, text.count.isMultiple(of: 2) else { return nil }
        guard unsafe text[0] == UInt8(ascii: "\\") && text[1] == UInt8(ascii: "x") else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 2 - 1)
        for position in stride(from: 2, to: text.count, by: 2) {
            guard let high = unsafe Hexadecimal.value(text[position]),
                let low = unsafe Hexadecimal.value(text[position + 1])
            else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }
}
