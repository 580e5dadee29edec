/// The usual answer of Twilio: one object of texts, whole numbers, booleans and nulls, beside a few objects of links
/// that nobody reads. It is read in one pass over its bytes, about five times as fast as by Foundation.
///
/// It never has the last word on a failure: whatever is not quite that (an escape in a text, a name written twice, a
/// fraction, a list) is `Unusual`, and `TwilioJSON` then leaves the answer to `JSONDecoder`. So what is refused, and
/// with which words, does not depend on this.
///
/// A class, since `Decodable` copies what it reads from for every field.
final class FlatAnswer {
    struct Unusual: Error {}

    enum Value {
        case null
        case bool(Bool)
        /// Its digits.
        case number(Range<Int>)
        /// Without its quotes.
        case text(Range<Int>)
        case links
    }

    struct Field {
        /// As it stands there, in snake_case.
        let name: Range<Int>
        let value: Value
    }

    let bytes: [UInt8]
    private(set) var fields: [Field] = []
    /// Where the field stands that was asked for last: `Decodable` asks for each three times in a row.
    private var lastName = ""
    private var lastIndex: Int?
    /// Where the next field is looked for first, by its own name.
    private var next = 0

    init(_ bytes: [UInt8]) throws(Unusual) {
        self.bytes = bytes
        fields.reserveCapacity(32)
        var at = 0
        try object(&at, isTop: true)
        space(&at)
        guard at == bytes.count else { throw Unusual() }
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    // MARK: Reading

    private func object(_ at: inout Int, isTop: Bool) throws(Unusual) {
        space(&at)
        try take(UInt8(ascii: "{"), &at)
        space(&at)
        if at < bytes.count, bytes[at] == UInt8(ascii: "}") {
            at += 1
            return
        }
        while true {
            space(&at)
            let name = try string(&at)
            space(&at)
            try take(UInt8(ascii: ":"), &at)
            space(&at)
            let value = try anyValue(&at, isTop: isTop)
            if isTop {
                guard isPlain(name), !fields.contains(where: { bytes[$0.name].elementsEqual(bytes[name]) }) else {
                    throw Unusual()
                }
                fields.append(Field(name: name, value: value))
            }
            space(&at)
            guard at < bytes.count else { throw Unusual() }
            at += 1
            if bytes[at - 1] == UInt8(ascii: "}") { return }
            guard bytes[at - 1] == UInt8(ascii: ",") else { throw Unusual() }
        }
    }

    private func anyValue(_ at: inout Int, isTop: Bool) throws(Unusual) -> Value {
        guard at < bytes.count else { throw Unusual() }
        switch bytes[at] {
        case UInt8(ascii: "\""):
            return .text(try string(&at))
        case UInt8(ascii: "n"):
            try word("null", &at)
            return .null
        case UInt8(ascii: "t"):
            try word("true", &at)
            return .bool(true)
        case UInt8(ascii: "f"):
            try word("false", &at)
            return .bool(false)
        case UInt8(ascii: "{") where isTop:
            try object(&at, isTop: false)
            return .links
        default:
            return .number(try number(&at))
        }
    }

    /// Without its quotes, which it must have. ASCII without escapes.
    private func string(_ at: inout Int) throws(Unusual) -> Range<Int> {
        try take(UInt8(ascii: "\""), &at)
        let start = at
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            if byte == UInt8(ascii: "\"") { return start..<(at - 1) }
            guard byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "\\") else { break }
        }
        throw Unusual()
    }

    /// At most 18 digits, so that it is an `Int`, and no other number of the same value is written so.
    private func number(_ at: inout Int) throws(Unusual) -> Range<Int> {
        let start = at
        if at < bytes.count, bytes[at] == UInt8(ascii: "-") { at += 1 }
        let first = at
        while at < bytes.count, Self.isDigit(bytes[at]) { at += 1 }
        guard (1...18).contains(at - first), bytes[first] != UInt8(ascii: "0") || start == first && at == first + 1
        else {
            throw Unusual()
        }
        return start..<at
    }

    private func word(_ word: StaticString, _ at: inout Int) throws(Unusual) {
        let end = at + word.utf8CodeUnitCount
        guard end <= bytes.count, word.description.utf8.elementsEqual(bytes[at..<end]) else { throw Unusual() }
        at = end
    }

    private func take(_ byte: UInt8, _ at: inout Int) throws(Unusual) {
        guard at < bytes.count, bytes[at] == byte else { throw Unusual() }
        at += 1
    }

    private func space(_ at: inout Int) {
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

    /// The field that `CamelCase` would give this name.
    func index(of name: String) -> Int? {
        if name != lastName {
            lastName = name
            lastIndex = find(name)
        }
        return lastIndex
    }

    private func find(_ name: String) -> Int? {
        var name = name
        return name.withUTF8 { wanted in
            fields.firstIndex { unsafe reads($0.name, wanted) }
        }
    }

    private func reads(_ name: Range<Int>, _ wanted: UnsafeBufferPointer<UInt8>) -> Bool {
        guard name.count >= wanted.count else { return false }
        var at = name.lowerBound
        for byte in unsafe wanted {
            guard at < name.upperBound else { return false }
            if bytes[at] == UInt8(ascii: "_") {
                // `isPlain` saw a letter behind it.
                guard byte == bytes[at + 1] & ~0x20 else { return false }
                at += 2
            } else {
                guard byte == bytes[at] else { return false }
                at += 1
            }
        }
        return at == name.upperBound
    }

    /// The field of that name as it stands there, in snake_case.
    func value(_ name: StaticString) -> Value? {
        for step in 0..<fields.count {
            let index = next + step < fields.count ? next + step : next + step - fields.count
            let field = fields[index]
            guard field.name.count == name.utf8CodeUnitCount,
                name.withUTF8Buffer({ $0.elementsEqual(bytes[field.name]) })
            else { continue }
            next = index + 1 < fields.count ? index + 1 : 0
            return field.value
        }
        return nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
    private static func isLetter(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "a") < 26 }
}
