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

    /// What they occupy on their lines, in bytes.
    var size: Int { all.reduce(0) { $0 + $1.name.bytes.count + $1.value.utf8.count + 4 } }

    /// Each on its line.
    ///
    /// No value ends its line early and begins another field (RFC 9110, section 5.5): such a byte goes out as a space.
    /// - Parameter room: at least `size` bytes from `place` on.
    /// - Returns: where the next byte goes.
    func write(to room: UnsafeMutableRawBufferPointer, at place: Int) -> Int {
        var place = place
        for index in all.indices {
            place = room.write(UnsafeRawBufferPointer(all[index].name.bytes), at: place)
            place = room.write(": ", at: place)
            let start = place
            var value = all[index].value
            place = value.withUTF8 { room.write(UnsafeRawBufferPointer($0), at: start) }
            for byte in start..<place where !Self.isPlain(room[byte]) { room[byte] = UInt8(ascii: " ") }
            place = room.write("\r\n", at: place)
        }
        return place
    }

    private static func isPlain(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F || byte == 0x09 }
}

extension UnsafeMutableRawBufferPointer {
    /// Answers where the next byte goes.
    func write(_ bytes: UnsafeRawBufferPointer, at place: Int) -> Int {
        UnsafeMutableRawBufferPointer(rebasing: self[place...]).copyMemory(from: bytes)
        return place + bytes.count
    }

    func write(_ text: StaticString, at place: Int) -> Int {
        write(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount), at: place)
    }
}

extension AnswerFields: ExpressibleByDictionaryLiteral {
    init(dictionaryLiteral elements: (FieldName, String)...) {
        all.reserveCapacity(elements.count + 6)
        for (name, value) in elements { all.append((name, value)) }
    }
}
