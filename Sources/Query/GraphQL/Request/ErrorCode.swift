/// `extensions.code`: what kind of error it is, for programs. Other modules add their own codes.
package struct ErrorCode: RawRepresentable, Sendable, Hashable {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The body, or one of `query`, `operationName`, `variables`, `extensions`, is not what GraphQL over HTTP demands.
    package static let badRequest = ErrorCode(rawValue: "BAD_REQUEST")
    /// The document is not GraphQL.
    package static let parseFailed = ErrorCode(rawValue: "GRAPHQL_PARSE_FAILED")
    /// A rule of the specification's section 5 is broken.
    package static let validationFailed = ErrorCode(rawValue: "GRAPHQL_VALIDATION_FAILED")
    /// The document has no operation of the name asked for, or several and no name was asked for.
    package static let operationResolutionFailed = ErrorCode(rawValue: "OPERATION_RESOLUTION_FAILURE")
    /// A variable or argument does not fit its type.
    package static let badUserInput = ErrorCode(rawValue: "BAD_USER_INPUT")
    /// A value that execution produced does not fit the schema.
    package static let internalError = ErrorCode(rawValue: "INTERNAL_SERVER_ERROR")
    /// Introspection is switched off.
    package static let introspectionDisabled = ErrorCode(rawValue: "INTROSPECTION_DISABLED")

    package static let documentTooLarge = ErrorCode(rawValue: "DOCUMENT_TOO_LARGE")
    package static let tooManyTokens = ErrorCode(rawValue: "TOO_MANY_TOKENS")
    package static let nestedTooDeep = ErrorCode(rawValue: "NESTED_TOO_DEEP")
    package static let queryTooDeep = ErrorCode(rawValue: "QUERY_TOO_DEEP")
    package static let tooManyAliases = ErrorCode(rawValue: "TOO_MANY_ALIASES")
    package static let tooManyRootFields = ErrorCode(rawValue: "TOO_MANY_ROOT_FIELDS")
    package static let tooManyDirectives = ErrorCode(rawValue: "TOO_MANY_DIRECTIVES")
    package static let validationTooCostly = ErrorCode(rawValue: "VALIDATION_TOO_COSTLY")
    package static let introspectionTooDeep = ErrorCode(rawValue: "INTROSPECTION_TOO_DEEP")
    package static let batchTooLarge = ErrorCode(rawValue: "BATCH_TOO_LARGE")
}
