import NIOCore

/// The header fields of an answer, in the order in which they go out.
struct AnswerFields: Sendable {
    private(set) var all: [(name: FieldName, value: String)] = []

    subscript(name: FieldName) -> String? {
        get { all.first { $0.name == name }?.value }
        set {
            let place = all.firstIndex { $0.name == name }
            switch (place, newValue) {
            case (let place?, let value?): all[place].value = value
            case (let place?, nil): all.remove(at: place)
            case (nil, let value?): all.append((name, value))
            case (nil, nil): break
            }
        }
    }

    /// Adds what is not there yet.
    mutating func append(_ name: FieldName, _ value: String) {
        all.append((name, value))
    }

    /// Each on its line.
    ///
    /// No value ends its line early and begins another field (RFC 9110, section 5.5): such a byte goes out as a space.
    func write(to head: inout ByteBuffer) {
        for (name, value) in all {
            head.writeStaticString(name.text)
            head.writeStaticString(": ")
            let start = head.writerIndex
            head.writeString(value)
            if Self.isBroken(value) { Self.mend(&head, from: start) }
            head.writeStaticString("\r\n")
        }
    }

    private static func isBroken(_ value: String) -> Bool {
        value.utf8.contains { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }
    }

    private static func mend(_ head: inout ByteBuffer, from start: Int) {
        for place in start..<head.writerIndex {
            guard let byte = head.getInteger(at: place, as: UInt8.self), byte < 0x20 && byte != 0x09 || byte == 0x7F
            else { continue }
            head.setInteger(UInt8(ascii: " "), at: place)
        }
    }
}

extension AnswerFields: ExpressibleByDictionaryLiteral {
    init(dictionaryLiteral elements: (FieldName, String)...) {
        all.reserveCapacity(elements.count + 6)
        for (name, value) in elements { all.append((name, value)) }
    }
}
