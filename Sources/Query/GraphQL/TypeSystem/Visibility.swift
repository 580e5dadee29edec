/// Which elements of a schema a caller may know of. What is hidden is answered everywhere as if it did not exist:
/// validation, coercion, introspection, suggestions (`VisibleSchema`).
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

    /// - Parameter isVisible: asked each time an element comes up; must always answer the same. It is not asked of what
    ///   is built in.
    package init(_ isVisible: @escaping @Sendable (Element) -> Bool) {
        self.isVisible = isVisible
    }

    private init() {
        isVisible = nil
    }

    /// Everything is seen.
    package static let all = Visibility()

    /// Whether nothing is hidden, so that nothing need be asked.
    var showsAll: Bool { isVisible == nil }

    /// What the function says of one element, by itself.
    package func shows(_ element: @autoclosure () -> Element) -> Bool {
        isVisible?(element()) ?? true
    }
}
