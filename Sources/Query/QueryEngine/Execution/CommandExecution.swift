import Foundation
import GraphQL
import Postgres

/// What a command gave for its payload, and the rows that compiled SQL answered for it.
struct CommittedPayload: Sendable {
    let values: [String: CommandValue]
    let errors: [UserError]
    /// A column for each member of the payload that is a row, in their order.
    let rows: PostgresResult?
}

/// The way from a command's outcome to its transaction's end.
struct CommandExecution: Sendable {
    let fieldName: String
    let database: Database
    /// Answers the rows in the payload's selection; `nil` when none is selected.
    let payload: CompiledStatement?
    let values: ParameterValues
    let timeout: Duration

    private struct RefusedInTransaction: Error {
        let errors: [UserError]
    }

    nonisolated(nonsending) func commit(
        as role: DatabaseRole, organization: OrganizationID,
        _ body: @Sendable (Transaction) async throws -> CommandOutcome
    ) async throws -> Committed {
        do {
            return try await database.withTenant(organization, as: role, timeout: timeout) { transaction in
                switch try await body(transaction) {
                case .refused(let errors):
                    // Thrown, so that the transaction rolls back.
                    throw RefusedInTransaction(errors: errors)
                case .done(let payloadValues):
                    let rows = try await answerRows(payloadValues, in: transaction)
                    return Committed(payload: CommittedPayload(values: payloadValues, errors: [], rows: rows))
                }
            }
        } catch let refused as RefusedInTransaction {
            return Committed(payload: CommittedPayload(values: [:], errors: refused.errors, rows: nil))
        }
    }

    /// The selection of the payload's rows, seen by the transaction that wrote them, in one round trip with its COMMIT.
    private func answerRows(
        _ payloadValues: [String: CommandValue], in transaction: Transaction
    ) async throws -> PostgresResult? {
        guard let payload else { return nil }
        var values = values
        for case (let name, .row(let id)) in payloadValues { values.subjects[name] = id }
        return try await transaction.commit(
            with: [(payload.statement, try values.values(payload.parameters))]
        ).first
    }
}
