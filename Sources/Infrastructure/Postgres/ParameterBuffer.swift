import Foundation
import Glibc

/// Values in the form that libpq takes: text with a NUL at its end; `bytea` as it is; arrays of identifiers in binary, as the
/// server takes 4,000 instructions for each that it reads from a text. (Of another value the statement may make another type
/// than it has here, and only text is read as any.) One buffer serves all commands of a connection in turn, so that encoding
/// allocates nothing once it has grown.
struct ParameterBuffer {
    private(set) var bytes: [UInt8] = []
    private var starts: [Int] = []
    private(set) var lengths: [Int32] = []
    private(set) var formats: [Int32] = []
    private static let null = -1
    /// `uuid` in `pg_type.dat`.
    private static let uuidType: Int32 = 2950

    /// The most parameters that a statement of the protocol can have: their count is 16 bits wide.
    static let limit = 65_535

    /// Text ends at its first NUL for libpq: what followed would be lost without a word. So such values are refused,
    /// as the server does.
    static func check(_ values: [PostgresValue]) throws(PostgresError) {
        guard values.count <= limit else {
            throw PostgresError(.protocolViolation, "a statement with \(values.count) parameters")
        }
        for value in values {
            let hasNUL =
                switch value {
                case .text(let text): Self.hasNUL(text)
                case .texts(let texts): texts.contains(where: Self.hasNUL)
                default: false
                }
            if hasNUL { throw PostgresError(.server(sqlState: "22021"), "a text value contains U+0000") }
        }
    }

    private static func hasNUL(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            guard let start = bytes.baseAddress else { return false }
            return unsafe memchr(start, 0, bytes.count) != nil
        }
    }

    /// Calls `body` with the values' count, their bytes, their lengths and their formats.
    mutating func withEncoded<R>(_ values: [PostgresValue], _ body: (ParameterPointers) -> R) -> R {
        bytes.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        formats.removeAll(keepingCapacity: true)
        for value in values { append(value) }
        return unsafe withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: values.count) {
            pointers in
            unsafe bytes.withUnsafeBytes { bytes in
                unsafe point(pointers, into: bytes)
                return unsafe lengths.withUnsafeBufferPointer { lengths in
                    unsafe formats.withUnsafeBufferPointer { formats in
                        unsafe body(
                            ParameterPointers(
                                count: Int32(values.count), values: UnsafePointer(pointers.baseAddress),
                                lengths: lengths.baseAddress, formats: formats.baseAddress))
                    }
                }
            }
        }
    }

    /// Sets a pointer for each value that was appended, to its place in a copy of `bytes`.
    func point(
        _ pointers: UnsafeMutableBufferPointer<UnsafePointer<CChar>?>, into bytes: UnsafeRawBufferPointer
    ) {
        for (index, start) in starts.enumerated() {
            let address = unsafe start == Self.null ? nil : bytes.baseAddress.map { unsafe $0 + start }
            unsafe pointers.initializeElement(
                at: index, to: address.map { unsafe $0.assumingMemoryBound(to: CChar.self) })
        }
    }

    mutating func append(_ value: PostgresValue) {
        let start = bytes.count
        var format: Int32 = 0
        switch value {
        case .null:
            starts.append(Self.null)
            lengths.append(0)
            formats.append(0)
            return
        case .text(let text): bytes.append(contentsOf: text.utf8)
        case .int(let number): bytes.append(contentsOf: String(number).utf8)
        case .bool(let flag): bytes.append(UInt8(ascii: flag ? "t" : "f"))
        case .uuid(let uuid): uuid.appendLowercased(to: &bytes)
        case .bytes(let raw):
            bytes.append(contentsOf: raw)
            format = 1
        case .texts(let texts):
            appendArray(texts) { text, bytes in
                bytes.append(UInt8(ascii: "\""))
                var text = text
                text.withUTF8 { text in
                    var start = 0
                    for index in text.indices
                    where unsafe text[index] == UInt8(ascii: "\"") || text[index] == UInt8(ascii: "\\") {
                        unsafe bytes.append(contentsOf: text[start..<index])
                        bytes.append(UInt8(ascii: "\\"))
                        start = index
                    }
                    unsafe bytes.append(contentsOf: text[start...])
                }
                bytes.append(UInt8(ascii: "\""))
            }
        case .uuids(let uuids):
            append(uuids)
            format = 1
        case .ints(let numbers): appendArray(numbers) { $1.append(contentsOf: String($0).utf8) }
        case .timestamp(let date): TimestampText.encode(date, into: &bytes)
        }
        starts.append(start)
        lengths.append(Int32(clamping: bytes.count - start))
        formats.append(format)
        bytes.append(0)
    }

    /// What `array_recv` takes (PostgreSQL 15, `arrayfuncs.c`): how many dimensions, whether there are nulls, the type of the
    /// elements; the dimension's length and first subscript; each element behind its length.
    private mutating func append(_ uuids: [UUID]) {
        append(bigEndian: uuids.isEmpty ? 0 : 1)
        append(bigEndian: 0)
        append(bigEndian: Self.uuidType)
        guard !uuids.isEmpty else { return }
        append(bigEndian: Int32(clamping: uuids.count))
        append(bigEndian: 1)
        for uuid in uuids {
            append(bigEndian: 16)
            unsafe withUnsafeBytes(of: uuid.uuid) { unsafe bytes.append(contentsOf: $0) }
        }
    }

    private mutating func append(bigEndian number: Int32) {
        unsafe withUnsafeBytes(of: number.bigEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    /// The text form of an array (PostgreSQL 15, 8.15.2).
    private mutating func appendArray<Element>(_ elements: [Element], _ append: (Element, inout [UInt8]) -> Void) {
        bytes.append(UInt8(ascii: "{"))
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(element, &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }
}
