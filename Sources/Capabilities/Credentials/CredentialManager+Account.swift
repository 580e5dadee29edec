package import Foundation
package import Postgres
import QueryEngine

extension CredentialManager {
    /// What asking Twilio for an account has come to.
    package enum AccountAnswer: Sendable, Equatable {
        /// Twilio says nothing against it, as far as it could be asked.
        case usable
        /// Nothing goes out by the credential any more; says why, and what to do.
        case unusable(String)
    }

    /// Asks Twilio for the account of a lease and writes down what it says: whether it is active, of which type it is,
    /// and of a trial whom it may text. What an API key alone may not ask stays as it is, and so does everything where
    /// Twilio does not answer.
    @discardableResult
    package func renewAccount(_ lease: TwilioLease) async throws -> AccountAnswer {
        guard let finding = await CredentialProbe(factory: factory).account(lease.accountSID, lease.secrets) else {
            return .usable
        }
        switch finding {
        case .unreachable:
            return .usable
        case .verified(let facts):
            try await database.withTenant(lease.organization, as: .vault) { transaction in
                let noted = try await transaction.execute(
                    AccountFactQueries.noteAccount,
                    [
                        .organization(lease.organization), .uuid(lease.credential), .int(lease.version),
                        PostgresValue(facts.type), PostgresValue(facts.friendlyName),
                    ])
                guard noted.count == 1 else { return }
                try await facts.keepRecipients(of: lease.credential, in: transaction)
            }
            return .usable
        case .inactive(_, let error), .refused(let error):
            // A refusal of secrets that were replaced meanwhile is late.
            guard try await !isReplaced(lease) else { return .usable }
            try await markInvalid(
                lease.credential, of: lease.organization, version: lease.version, reason: error.message,
                account: finding.accountStatus)
            return .unusable(error.message)
        }
    }

    /// Twilio says that a trial account may not text this number: it is not believed to be verified any more.
    package func forgetRecipient(_ phone: String, of credential: UUID, _ organization: OrganizationID) async throws {
        try await database.withTenant(organization, as: .vault) { transaction in
            _ = try await transaction.execute(
                AccountFactQueries.forgetRecipient,
                [.organization(organization), .uuid(credential), .text(phone)])
        }
    }
}
