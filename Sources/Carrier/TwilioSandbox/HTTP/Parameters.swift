/// Names and values in the order received, a name possibly several times.
package struct Parameters: Sendable, Equatable {
    package struct Pair: Sendable, Equatable {
        package let name: String
        package let value: String
    }

    package var pairs: [Pair] = []

    /// The first value of a name.
    package subscript(name: String) -> String? { pairs.first { $0.name == name }?.value }

    package func all(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }

    mutating func append(_ name: String, _ value: String) { pairs.append(Pair(name: name, value: value)) }

    init() {}

    package init(_ list: [(String, String)]) { pairs = list.map { Pair(name: $0.0, value: $0.1) } }

    /// Reads a query or a form body. Like Twilio's front, it takes a malformed escape for literal text.
    package init(urlEncoded bytes: some Sequence<UInt8>) {
        var name: [UInt8] = []
        var value: [UInt8] = []
        var isInValue = false
        func text(_ bytes: [UInt8]) -> String {
            String(decoding: Percent.decode(bytes, plusIsSpace: true), as: UTF8.self)
        }
        func flush(into pairs: inout [Pair]) {
            if isInValue || !name.isEmpty { pairs.append(Pair(name: text(name), value: text(value))) }
            name.removeAll(keepingCapacity: true)
            value.removeAll(keepingCapacity: true)
            isInValue = false
        }
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "&"): flush(into: &pairs)
            case UInt8(ascii: "=") where !isInValue: isInValue = true
            default:
                if isInValue { value.append(byte) } else { name.append(byte) }
            }
        }
        flush(into: &pairs)
    }

    /// `a=b&c=d` with everything but unreserved characters escaped, and `%20` for a space.
    var urlEncoded: String {
        pairs.map { Percent.encode($0.name) + "=" + Percent.encode($0.value) }.joined(separator: "&")
    }
}

enum Percent {
    static func decode(_ bytes: [UInt8], plusIsSpace: Bool) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "%"), index + 2 < bytes.count, let high = digit(bytes[index + 1]),
                let low = digit(bytes[index + 2])
            {
                output.append(high << 4 | low)
                index += 3
                continue
            }
            output.append(byte == UInt8(ascii: "+") && plusIsSpace ? UInt8(ascii: " ") : byte)
            index += 1
        }
        return output
    }

    static func encode(_ text: String) -> String {
        var output: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                output.append(byte)
            default:
                output += [UInt8(ascii: "%"), hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 15)]]
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static let hexDigits = Array("0123456789ABCDEF".utf8)

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
