/// How a document is validated.
package struct ValidationOptions: Sendable {
    package var limits: Limits
    /// Whether messages say “Did you mean …?”. Off, nothing can be learned by guessing names.
    package var suggestions: Bool
    /// Whether `__schema` and `__type` may be asked; `__typename` always may.
    package var introspection: Bool
    /// What the caller may know of. What is hidden is answered as if it did not exist.
    package var visibility: Visibility

    package init(
        limits: Limits = Limits(), suggestions: Bool = true, introspection: Bool = true, visibility: Visibility = .all
    ) {
        self.limits = limits
        self.suggestions = suggestions
        self.introspection = introspection
        self.visibility = visibility
    }
}

/// Which elements of a schema a caller may know of.
package struct Visibility: Sendable {
    /// One element, with all that a decision can rest on: the directives of its definition.
    package enum Element: Sendable {
        case type(NamedType)
        case field(FieldDefinition, of: NamedType)
        case argument(InputValueDefinition)
        case inputField(InputValueDefinition)
        case enumValue(EnumValueDefinition)
        case directive(DirectiveDefinition)
    }

    private let isVisible: (@Sendable (Element) -> Bool)?

    /// - Parameter isVisible: asked once for each element that comes up; must always answer the same.
    package init(_ isVisible: @escaping @Sendable (Element) -> Bool) {
        self.isVisible = isVisible
    }

    private init() {
        isVisible = nil
    }

    /// Everything is seen.
    package static let all = Visibility()

    package func shows(_ element: @autoclosure () -> Element) -> Bool {
        isVisible?(element()) ?? true
    }

    /// A field is seen when its type is, too.
    package func shows(_ field: FieldDefinition, of parent: NamedType, in schema: Schema) -> Bool {
        guard let isVisible else { return true }
        guard isVisible(.field(field, of: parent)) else { return false }
        return schema.type(named: field.type.namedType).map { isVisible(.type($0)) } ?? true
    }
}
