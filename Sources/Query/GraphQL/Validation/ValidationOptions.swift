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
