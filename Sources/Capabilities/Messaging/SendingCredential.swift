import Credentials
import Foundation
import Postgres
import QueryEngine

/// A credential to send by: one that Twilio accepted.
struct SendingCredential: Sendable {
    let id: UUID
    /// Whether its account is a trial, which may not text everybody.
    let isTrial: Bool

    /// - Parameter wanted: `nil` for the organization's default.
    static func find(_ wanted: UUID?, in transaction: Transaction) async throws -> Result<SendingCredential, Refusal> {
        try found(try await transaction.execute([finding(wanted, in: transaction)]).first, wanted)
    }

    /// The same as a statement, for whoever sends several in one round trip; ``found(_:_:)`` reads its answer.
    static func finding(_ wanted: UUID?, in transaction: Transaction) -> (Statement, [PostgresValue]) {
        (MessagingQueries.credential, [PostgresValue(transaction.organization), PostgresValue(wanted)])
    }

    static func found(
        _ answer: PostgresResult?, _ wanted: UUID?
    ) throws(PostgresError) -> Result<SendingCredential, Refusal> {
        guard let row = answer?.rows.first else {
            return .failure(Refusal(wanted == nil ? Refusal.notConfigured : Refusal.noSuchCredential))
        }
        switch row.string("status") {
        case "VERIFIED":
            return .success(
                SendingCredential(id: try row.requireUUID("id"), isTrial: row.string("account_type") == "Trial"))
        case "UNVERIFIED":
            return .failure(Refusal(Refusal.credentialUnverified))
        default:
            return .failure(
                Refusal(problem(withAccountOf: row) ?? Refusal.credentialInvalid(row.string("last_error"))))
        }
    }

    /// What is wrong with a credential because its account is suspended or closed.
    static func problem(withAccountOf credential: PostgresRow?) -> UserError? {
        guard let credential, credential.string("status") == "INVALID" else { return nil }
        switch credential.string("account_status").flatMap(AccountStatus.init(rawValue:)) {
        case .suspended?: return Refusal.accountSuspended
        case .closed?: return Refusal.accountClosed
        case .active?, nil: return nil
        }
    }
}
