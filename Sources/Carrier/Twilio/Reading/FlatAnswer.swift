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
    let fields: [Field]
    /// Where the field stands that was asked for last: `Decodable` asks for each three times in a row.
    private var lastName = ""
    private var lastIndex: Int?
    /// Where the next field is looked for first, by its own name.
    private var next = 0

    init(_ bytes: [UInt8]) throws(Unusual) {
        self.bytes = bytes
        var reader = FlatReader(bytes)
        fields = try reader.answer()
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    // MARK: Names

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
            guard name.withUTF8Buffer({ unsafe isSame(field.name, $0) }) else { continue }
            next = index + 1 < fields.count ? index + 1 : 0
            return field.value
        }
        return nil
    }

    private func isSame(_ name: Range<Int>, _ wanted: UnsafeBufferPointer<UInt8>) -> Bool {
        guard name.count == wanted.count else { return false }
        for place in 0..<name.count where unsafe bytes[name.lowerBound + place] != wanted[place] { return false }
        return true
    }
}
