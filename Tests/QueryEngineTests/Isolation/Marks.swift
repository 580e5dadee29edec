import Foundation
import Glibc
import QueryEngine

/// The marks of a tenant, as they may turn up in bytes.
struct Marks: Sendable {
    /// What must not occur, and what it would be.
    private let needles: [(bytes: [UInt8], what: String)]
    /// A whole number of seven digits that begins so, where JSON has a number.
    private let number: [[UInt8]]

    init(_ tenant: MarkedTenant) {
        let texts = [
            (tenant.word, "a text"), (tenant.hexadecimal, "an id"), ("+1500555\(tenant.number)", "a phone number"),
            ("\(tenant.year)-02-", "an instant"), ("\"\(tenant.digits / 100).\(tenant.digits % 100)", "an amount"),
            ("\"-\(tenant.digits / 100).\(tenant.digits % 100)", "an amount"),
            ("\"\(tenant.digits)0000000", "an amount"),
        ]
        var needles = texts.map { (Array($0.0.utf8), $0.1) }
        // Inside a cursor: base64url of the same, at each of the three places of a byte within its group.
        for (text, what) in texts.prefix(4) {
            for shift in 0..<3 { needles.append((Self.base64(text, shift: shift), "\(what) in a cursor")) }
        }
        self.needles = needles
        number = [":\(tenant.digits)", ": \(tenant.digits)"].map { Array($0.utf8) }
    }

    /// The characters that bytes wholly decide, when so many other bytes stand before them in their group of three.
    static func base64(_ text: String, shift: Int) -> [UInt8] {
        let padded = Data(Array(repeating: 0, count: shift) + Array(text.utf8))
        let encoded = Array(padded.base64EncodedString().utf8).filter { $0 != UInt8(ascii: "=") }
        let first = (shift * 8 + 5) / 6
        let last = padded.count * 8 / 6
        return encoded[first..<last].map { $0 == UInt8(ascii: "+") ? 0x2D : $0 == UInt8(ascii: "/") ? 0x5F : $0 }
    }

    /// What of this tenant stands in the response; `nil` for nothing.
    func found(in response: EngineResponse) -> String? {
        var found: String?
        response.forEachPiece { piece in
            guard found == nil, let start = piece.baseAddress else { return }
            for (bytes, what) in needles where Self.position(of: bytes, start, piece.count) != nil {
                found = "\(what), as “\(String(decoding: bytes, as: UTF8.self))”"
                return
            }
            for bytes in number {
                var offset = 0
                while let position = unsafe Self.position(of: bytes, start + offset, piece.count - offset) {
                    offset += position + bytes.count
                    let digits = piece[offset..<min(piece.count, offset + 5)].prefix { (0x30...0x39).contains($0) }
                    if digits.count == 4 {
                        found = "a number"
                        return
                    }
                }
            }
        }
        return found
    }

    func found(in text: String) -> String? {
        needles.first { text.utf8.count >= $0.bytes.count && text.contains(String(decoding: $0.bytes, as: UTF8.self)) }?
            .what
    }

    private static func position(of needle: [UInt8], _ start: UnsafeRawPointer, _ count: Int) -> Int? {
        guard let first = needle.first else { return nil }
        var offset = 0
        while count - offset >= needle.count {
            guard let hit = unsafe memchr(start + offset, Int32(first), count - offset - needle.count + 1) else {
                return nil
            }
            if unsafe memcmp(hit, needle, needle.count) == 0 { return unsafe UnsafeRawPointer(hit) - start }
            offset = unsafe UnsafeRawPointer(hit) - start + 1
        }
        return nil
    }
}
