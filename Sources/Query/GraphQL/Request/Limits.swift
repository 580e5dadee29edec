import OrderedCollections

/// What a document may measure. Each limit refuses as early as it can be known, with a code, the measured figure and
/// the limit.
package struct Limits: Sendable, Hashable {
    /// Bytes of UTF-8 of the document.
    package var documentBytes = 131_072
    /// Lexical tokens; comments, commas and white space are none.
    package var tokens = 20_000
    /// Braces, brackets and parentheses open at one place of the text. It bounds the parser's use of the stack.
    package var nesting = 128
    /// Fields inside fields of the response, seen through fragments. The root fields have depth 1.
    package var depth = 20
    /// Aliased fields of one operation, seen through fragments.
    package var aliases = 100
    /// Fields of the root selection set, seen through fragments.
    package var rootFields = 50
    /// Directives applied at one place.
    package var directivesPerLocation = 20
    /// Steps that validation may take where a rule's work is not linear in the document (merging of fields, variables
    /// of operations through fragments).
    package var validationSteps = 400_000
    /// Fields inside fields below `__schema` and `__type`, these included.
    package var introspectionDepth = 20
    /// How often `fields`, `inputFields`, `interfaces` and `possibleTypes` may stand inside one another below
    /// `__schema` and `__type`: each such step multiplies the answer by the size of the schema.
    package var introspectionListDepth = 3
    /// Errors told at once; the rest is not looked for.
    package var errors = 100

    package init() {}

    /// Limits that only protect the stack: for documents of our own.
    package static var trusted: Limits {
        var limits = Limits()
        limits.documentBytes = 1 << 28
        limits.tokens = 1 << 26
        limits.aliases = .max
        limits.rootFields = .max
        limits.directivesPerLocation = 1_000
        limits.validationSteps = .max
        return limits
    }
}

extension GraphQLError {
    /// An error that tells of a limit, what was measured, and what is allowed.
    static func limit(
        _ message: String, code: ErrorCode, measured: Int, limit: Int, locations: [SourceLocation] = []
    ) -> GraphQLError {
        GraphQLError(
            message, code: code, locations: locations,
            extensions: ["measured": .int(Int64(measured)), "limit": .int(Int64(limit))])
    }
}
