/// Reads the bytes of a `FlatAnswer`, from the first to the last.
struct FlatReader {
    private let bytes: [UInt8]
    private var at = 0
    private var fields: [FlatAnswer.Field] = []

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        fields.reserveCapacity(32)
    }

    mutating func answer() throws(FlatAnswer.Unusual) -> [FlatAnswer.Field] {
        try object(isTop: true)
        space()
        guard at == bytes.count else { throw FlatAnswer.Unusual() }
        return fields
    }

    private mutating func object(isTop: Bool) throws(FlatAnswer.Unusual) {
        space()
        try take(UInt8(ascii: "{"))
        space()
        if at < bytes.count, bytes[at] == UInt8(ascii: "}") {
            at += 1
            return
        }
        while true {
            space()
            let name = try string()
            space()
            try take(UInt8(ascii: ":"))
            space()
            let value = try anyValue(isTop: isTop)
            if isTop {
                guard isPlain(name), isNew(name) else { throw FlatAnswer.Unusual() }
                fields.append(FlatAnswer.Field(name: name, value: value))
            }
            space()
            guard at < bytes.count else { throw FlatAnswer.Unusual() }
            at += 1
            if bytes[at - 1] == UInt8(ascii: "}") { return }
            guard bytes[at - 1] == UInt8(ascii: ",") else { throw FlatAnswer.Unusual() }
        }
    }

    private mutating func anyValue(isTop: Bool) throws(FlatAnswer.Unusual) -> FlatAnswer.Value {
        guard at < bytes.count else { throw FlatAnswer.Unusual() }
        switch bytes[at] {
        case UInt8(ascii: "\""):
            return .text(try string())
        case UInt8(ascii: "n"):
            try word("null")
            return .null
        case UInt8(ascii: "t"):
            try word("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try word("false")
            return .bool(false)
        case UInt8(ascii: "{") where isTop:
            try object(isTop: false)
            return .links
        default:
            return .number(try number())
        }
    }

    /// Without its quotes, which it must have. ASCII without escapes.
    private mutating func string() throws(FlatAnswer.Unusual) -> Range<Int> {
        try take(UInt8(ascii: "\""))
        let start = at
        let end = bytes[start...].firstIndex { byte in
            byte == UInt8(ascii: "\"") || byte < 0x20 || byte >= 0x7F || byte == UInt8(ascii: "\\")
        }
        guard let end, bytes[end] == UInt8(ascii: "\"") else { throw FlatAnswer.Unusual() }
        at = end + 1
        return start..<end
    }

    /// At most 18 digits, so that it is an `Int`, and no other number of the same value is written so.
    private mutating func number() throws(FlatAnswer.Unusual) -> Range<Int> {
        let start = at
        if at < bytes.count, bytes[at] == UInt8(ascii: "-") { at += 1 }
        let first = at
        while at < bytes.count, Self.isDigit(bytes[at]) { at += 1 }
        guard (1...18).contains(at - first), bytes[first] != UInt8(ascii: "0") || start == first && at == first + 1
        else {
            throw FlatAnswer.Unusual()
        }
        return start..<at
    }

    private mutating func word(_ word: StaticString) throws(FlatAnswer.Unusual) {
        let end = at + word.utf8CodeUnitCount
        guard end <= bytes.count, word.withUTF8Buffer({ $0.elementsEqual(bytes[at..<end]) }) else {
            throw FlatAnswer.Unusual()
        }
        at = end
    }

    private mutating func take(_ byte: UInt8) throws(FlatAnswer.Unusual) {
        guard at < bytes.count, bytes[at] == byte else { throw FlatAnswer.Unusual() }
        at += 1
    }

    private mutating func space() {
        while at < bytes.count {
            switch bytes[at] {
            case 0x20, 0x09, 0x0A, 0x0D: at += 1
            default: return
            }
        }
    }

    // MARK: Names

    /// `num_segments`: small letters and digits, and a letter after every underscore. Two different ones of these never
    /// read alike in camelCase.
    private func isPlain(_ name: Range<Int>) -> Bool {
        var afterUnderscore = true
        for byte in bytes[name] {
            if Self.isLetter(byte) {
                afterUnderscore = false
            } else if afterUnderscore {
                return false
            } else if byte == UInt8(ascii: "_") {
                afterUnderscore = true
            } else if !Self.isDigit(byte) {
                return false
            }
        }
        return !afterUnderscore
    }

    private func isNew(_ name: Range<Int>) -> Bool {
        !fields.contains { $0.name.count == name.count && bytes[$0.name].elementsEqual(bytes[name]) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
    private static func isLetter(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "a") < 26 }
}
