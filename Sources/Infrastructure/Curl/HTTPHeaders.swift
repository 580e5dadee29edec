/// Header fields in the order in which they came or go. Names are compared without regard to case (RFC 9110, 5.1).
package struct HTTPHeaders: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    package struct Field: Sendable, Equatable {
        package let name: String
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    private enum Storage: Sendable {
        /// And why they must not go out, if that is so: looked at when they are put there, since the same go out with many
        /// requests.
        case fields([Field], fault: String?)
        /// As they came, each with a newline behind it: of most answers nobody reads any.
        case received([UInt8])
    }

    private var storage: Storage

    package init(_ fields: [Field] = []) {
        storage = .fields(fields, fault: Self.fault(of: fields))
    }

    package init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements.map { Field(name: $0.0, value: $0.1) })
    }

    /// - Parameter lines: `Name: value`, each with a newline behind it. What has no colon is no field.
    init(received lines: [UInt8]) {
        storage = .received(lines)
    }

    package var fields: [Field] {
        switch storage {
        case .fields(let fields, _): fields
        case .received(let lines): lines.split(separator: UInt8(ascii: "\n")).compactMap(Field.init(line:))
        }
    }

    /// What could change the meaning of a request on the wire: line breaks, and names that are none.
    var fault: String? {
        switch storage {
        case .fields(_, let fault): fault
        case .received: Self.fault(of: fields)
        }
    }

    package mutating func append(_ name: String, _ value: String) {
        self = HTTPHeaders(fields + [Field(name: name, value: value)])
    }

    package static func == (left: HTTPHeaders, right: HTTPHeaders) -> Bool { left.fields == right.fields }

    /// The first value of that name, or nil.
    package subscript(name: String) -> String? {
        fields.first { Self.same($0.name, name) }?.value
    }

    /// Names are ASCII: nothing but its letters has a case here.
    private static func same(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count && left.utf8.elementsEqual(right.utf8) { lower($0) == lower($1) }
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}

extension HTTPHeaders.Field {
    fileprivate init?(line: ArraySlice<UInt8>) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let value = line[(colon + 1)...].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        self.init(
            name: String(decoding: line[..<colon], as: UTF8.self), value: String(decoding: value, as: UTF8.self))
    }
}
