package import GraphQL
package import OrderedCollections
package import Postgres

/// What a command gets: who asks what, and the two ways to end.
///
/// A command may first talk to the world outside any transaction, then `commit`. No transaction is open across such a call.
package struct CommandRequest: Sendable {
    /// Coerced; an argument that was not given and has no default is absent.
    package let arguments: OrderedDictionary<String, JSONValue>
    package let caller: Caller
    /// The caller's; of zeros for a caller who belongs to none, whose commands `answer`.
    package let organization: OrganizationID
    let execution: CommandExecution

    /// The `input` argument; empty when there is none.
    package var input: OrderedDictionary<String, JSONValue> { arguments["input"]?.objectValue ?? [:] }

    /// The mutation's root field as the schema names it.
    package var fieldName: String { execution.fieldName }

    /// Runs `body` in one transaction of the organization, answers the payload's selection in it, and commits. When the
    /// body refuses or throws, everything is rolled back.
    package func commit(
        as role: DatabaseRole = .tenant,
        _ body: @Sendable (Transaction) async throws -> CommandOutcome
    ) async throws -> Committed {
        try await execution.commit(as: role, organization: organization, body)
    }

    /// Ends with values that the command has found or written by itself. None of them is a row.
    package func answer(_ values: [String: JSONValue]) async throws -> Committed {
        Committed(payload: CommittedPayload(values: values.mapValues { .json($0) }, errors: [], rows: nil))
    }

    /// Ends without a transaction: only the payload's `userErrors` say something.
    package func refuse(_ errors: [UserError]) async throws -> Committed {
        Committed(payload: CommittedPayload(values: [:], errors: errors, rows: nil))
    }
}
