package import Foundation
package import GraphQL

/// What a caller can put right, as the `UserError` of a mutation's payload.
package struct UserError: Error, Sendable, Hashable {
    /// One of the codes that the schema documents.
    package let code: String
    /// What was expected and what to do.
    package let message: String
    /// The path inside `input`; `nil` when it is about the whole.
    package let field: [String]?

    package init(code: String, message: String, field: [String]? = nil) {
        self.code = code
        self.message = message
        self.field = field
    }
}

/// The value of a payload's field.
package enum CommandValue: Sendable, Hashable {
    case null
    /// A row of the field's table type, by its id: answered by compiled SQL inside the command's transaction.
    case row(UUID)
    case json(JSONValue)
}

/// How the work inside a command's transaction ended.
package enum CommandOutcome: Sendable {
    /// Commits. The values are keyed by the payload's field names; a field left out is null.
    case done([String: CommandValue])
    /// Rolls back, and answers with these.
    case refused([UserError])
}

/// A mutation's root field, carried out. It must end in `commit` or `refuse` of its request, whose `Committed` it returns.
package typealias CommandBody = @Sendable (CommandRequest) async throws -> Committed

/// That a command ended, and what its payload's selection answered. Only `CommandRequest` makes it.
package struct Committed: Sendable {
    let payload: CommittedPayload
}
