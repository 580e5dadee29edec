/// What sort of work a job asks for, such as `send`. Kinds are claimed apart from each other.
package struct JobKind: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package init(stringLiteral value: StringLiteralType) {
        self.init(rawValue: value)
    }
}
