extension FormBody {
    /// The form as ASCII text: a space becomes `+`, all but letters, digits and `*-._` a percent escape (WHATWG URL,
    /// 5.2).
    package var encoded: String { String(decoding: encodedBytes, as: UTF8.self) }

    /// The same as bytes.
    package var encodedBytes: [UInt8] {
        // Written in place: no byte becomes more than three.
        let most = fields.reduce(0) { $0 + 3 * ($1.name.utf8.count + $1.value.utf8.count) + 2 }
        return [UInt8](unsafeUninitializedCapacity: most) { room, count in
            for field in fields {
                if count > 0 { Self.write(UInt8(ascii: "&"), to: room, &count) }
                Self.encode(field.name, to: room, &count)
                Self.write(UInt8(ascii: "="), to: room, &count)
                Self.encode(field.value, to: room, &count)
            }
        }
    }

    private static func encode(_ text: String, to room: UnsafeMutableBufferPointer<UInt8>, _ count: inout Int) {
        var text = text
        text.withUTF8 { text in
            for byte in text {
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "*"), UInt8(ascii: "-"), UInt8(ascii: "."),
                    UInt8(ascii: "_"):
                    write(byte, to: room, &count)
                case UInt8(ascii: " "):
                    write(UInt8(ascii: "+"), to: room, &count)
                default:
                    write(UInt8(ascii: "%"), to: room, &count)
                    write(hexadecimal[Int(byte >> 4)], to: room, &count)
                    write(hexadecimal[Int(byte & 15)], to: room, &count)
                }
            }
        }
    }

    private static func write(_ byte: UInt8, to room: UnsafeMutableBufferPointer<UInt8>, _ count: inout Int) {
        precondition(count < room.count, "a form longer than was reckoned")
        room.initializeElement(at: count, to: byte)
        count += 1
    }

    private static let hexadecimal = Array("0123456789ABCDEF".utf8)

    /// Reads a form. Empty pieces between `&` are passed over, a piece without `=` is a name with a blank value.
    package init(decoding bytes: some Sequence<UInt8>) throws(Malformed) {
        let bytes = Array(bytes)
        var fields: [Field] = []
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "&")) ?? bytes.count
            defer { start = end + 1 }
            guard start < end else { continue }
            guard fields.count < Self.mostFields else { throw .tooManyFields }
            let equals = bytes[start..<end].firstIndex(of: UInt8(ascii: "="))
            let name = try Self.text(bytes, start..<(equals ?? end), field: fields.count)
            let value = try Self.text(bytes, (equals.map { $0 + 1 } ?? end)..<end, field: fields.count)
            fields.append(Field(name, value))
        }
        self.init(fields)
    }

    private static func text(_ bytes: [UInt8], _ range: Range<Int>, field: Int) throws(Malformed) -> String {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(range.count)
        var at = range.lowerBound
        while at < range.upperBound {
            switch bytes[at] {
            case UInt8(ascii: "+"):
                decoded.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard at + 2 < range.upperBound, let high = digit(bytes[at + 1]), let low = digit(bytes[at + 2]) else {
                    throw .percentEscape(at: at)
                }
                decoded.append(high << 4 | low)
                at += 2
            case 0x21...0x7E:
                decoded.append(bytes[at])
            default:
                throw .unescapedByte(at: at)
            }
            at += 1
        }
        guard let text = String(validating: decoded, as: UTF8.self) else { throw .notUTF8(field: field) }
        return text
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
