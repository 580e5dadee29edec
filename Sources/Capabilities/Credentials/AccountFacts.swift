import Foundation
import Postgres
import Twilio

/// Whether Twilio does anything for an account. Mirrors the CHECK on `credentials.account_status` and the enum
/// `AccountStatus`.
package enum AccountStatus: String, Sendable {
    case active = "ACTIVE"
    /// It comes back once what is due is done.
    case suspended = "SUSPENDED"
    /// For good.
    case closed = "CLOSED"

    /// What is neither active nor closed is suspended, whatever Twilio calls it.
    init(_ status: Account.Status?) {
        switch status {
        case nil, .active?: self = .active
        case .closed?: self = .closed
        default: self = .suspended
        }
    }
}

/// What Twilio says of an account that is active.
struct AccountFacts: Sendable {
    /// `Trial` or `Full`; `nil` where it could not be asked for.
    var type: String?
    var friendlyName: String?
    /// Of a trial the numbers that it may text, in E.164 form, and none of another; `nil` where Twilio did not say.
    var verifiedRecipients: [String]?

    /// Puts what Twilio lists in the place of the copy.
    func keepRecipients(of credential: UUID, in transaction: Transaction) async throws(PostgresError) {
        guard let verifiedRecipients else { return }
        let key: [PostgresValue] = [PostgresValue(transaction.organization), .uuid(credential)]
        _ = try await transaction.execute([
            (AccountFactQueries.removeOthers, key + [.texts(verifiedRecipients)]),
            (AccountFactQueries.addRecipients, key + [.texts(verifiedRecipients)]),
            (AccountFactQueries.noteCopy, key),
        ])
    }
}
