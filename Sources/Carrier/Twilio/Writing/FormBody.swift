/// `application/x-www-form-urlencoded`: an ordered list of names and values, in which a name may repeat.
package struct FormBody: Sendable, Equatable {
    package struct Field: Sendable, Equatable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }

        /// By bytes: Swift's own comparison takes differently composed letters for the same, which a signature does
        /// not.
        package static func == (left: Field, right: Field) -> Bool {
            left.name.utf8.elementsEqual(right.name.utf8) && left.value.utf8.elementsEqual(right.value.utf8)
        }
    }

    /// Why a body is no form. Nothing is guessed: a body that two readers could read differently is refused.
    package enum Malformed: Error, Sendable, Equatable, CustomStringConvertible {
        /// A `%` at this byte is not followed by two hexadecimal digits.
        case percentEscape(at: Int)
        /// The field with this number (from 0) is not UTF-8 once decoded.
        case notUTF8(field: Int)
        /// A byte at this place that must have been escaped: a control character, or one outside ASCII.
        case unescapedByte(at: Int)
        /// More fields than a form may have.
        case tooManyFields

        package var description: String {
            switch self {
            case .percentEscape(let place): "malformed percent escape at byte \(place) of the form"
            case .notUTF8(let field): "field \(field) of the form is not UTF-8"
            case .unescapedByte(let place): "unescaped byte at \(place) of the form"
            case .tooManyFields: "the form has more than \(FormBody.mostFields) fields"
            }
        }
    }

    package static let mostFields = 1000

    package private(set) var fields: [Field]

    package init(_ fields: [Field] = []) {
        self.fields = fields
    }

    package var isEmpty: Bool { fields.isEmpty }

    /// The first value of that name.
    package subscript(name: String) -> String? {
        fields.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }

    package mutating func append(_ name: String, _ value: String) {
        fields.append(Field(name, value))
    }

    /// Appends nothing when there is no value.
    package mutating func append(_ name: String, _ value: String?) {
        if let value { fields.append(Field(name, value)) }
    }

    /// Appends what the value is as a parameter, and nothing when there is none.
    package mutating func append(_ name: String, _ value: (any FormValue)?) {
        value?.append(to: &self, as: name)
    }
}
