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
        // In one piece: to add each name and value to the buffer costs more than to write them.
        let size = all.reduce(0) { $0 + $1.name.bytes.count + $1.value.utf8.count + 4 }
        head.writeWithUnsafeMutableBytes(minimumWritableBytes: size) { room in
            var place = 0
            for index in all.indices {
                place = Self.copy(UnsafeRawBufferPointer(all[index].name.bytes), to: room, at: place)
                room[place] = UInt8(ascii: ":")
                room[place + 1] = UInt8(ascii: " ")
                let start = place + 2
                var value = all[index].value
                place = value.withUTF8 { Self.copy(UnsafeRawBufferPointer($0), to: room, at: start) }
                for byte in start..<place where !Self.isPlain(room[byte]) { room[byte] = UInt8(ascii: " ") }
                room[place] = UInt8(ascii: "\r")
                room[place + 1] = UInt8(ascii: "\n")
                place += 2
            }
            return place
        }
    }

    /// Answers where the next byte goes.
    private static func copy(
        _ bytes: UnsafeRawBufferPointer, to room: UnsafeMutableRawBufferPointer, at place: Int
    ) -> Int {
        UnsafeMutableRawBufferPointer(rebasing: room[place...]).copyMemory(from: bytes)
        return place + bytes.count
    }

    private static func isPlain(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F || byte == 0x09 }
}

extension AnswerFields: ExpressibleByDictionaryLiteral {
    init(dictionaryLiteral elements: (FieldName, String)...) {
        all.reserveCapacity(elements.count + 6)
        for (name, value) in elements { all.append((name, value)) }
    }
}
