import Foundation

/// Parts for a MAC or a signature: each behind its length, and a missing one told from an empty one, so that no two
/// lists have the same bytes. The first is a label, which names the use and the format.
struct AuthenticatedBytes {
    private(set) var all: [UInt8] = []

    init(_ label: StaticString) {
        append(String(describing: label))
    }

    mutating func append(_ part: [UInt8]) {
        unsafe withUnsafeBytes(of: UInt32(part.count).bigEndian) { unsafe all.append(contentsOf: $0) }
        all.append(contentsOf: part)
    }

    mutating func append(_ text: String) { append([UInt8](text.utf8)) }

    /// 16 bytes, in the order in which they are printed.
    mutating func append(_ id: UUID) { append(unsafe withUnsafeBytes(of: id.uuid) { unsafe [UInt8]($0) }) }

    /// 8 bytes, big-endian.
    mutating func append(_ number: Int64) {
        append(unsafe withUnsafeBytes(of: number.bigEndian) { unsafe [UInt8]($0) })
    }

    mutating func append(_ text: String?) {
        guard let text else { return append([]) }
        append([1] + [UInt8](text.utf8))
    }
}
