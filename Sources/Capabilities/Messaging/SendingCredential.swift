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
        let found = try await transaction.execute(
            MessagingQueries.credential, [PostgresValue(transaction.organization), PostgresValue(wanted)])
        return try Self.found(found, id: "id", wanted)
    }

    /// - Parameters:
    ///   - answer: whose first row is the credential, if there is one.
    ///   - id: the column of its id.
    static func found(
        _ answer: PostgresResult, id: String, _ wanted: UUID?
    ) throws(PostgresError) -> Result<SendingCredential, Refusal> {
        guard let row = answer.rows.first else {
            return .failure(Refusal(wanted == nil ? Refusal.notConfigured : Refusal.noSuchCredential))
        }
        switch row.string("status") {
        case "VERIFIED":
            return .success(
                SendingCredential(id: try row.requireUUID(id), isTrial: row.string("account_type") == "Trial"))
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
