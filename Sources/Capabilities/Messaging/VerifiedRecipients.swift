import Contacts
import Credentials
import Foundation
import Postgres
import QueryEngine

/// Whom a trial account may text: Twilio lets it text the numbers that are verified there, and its own. There is a copy of
/// the former; who is not in it may have been verified a moment ago, or the account upgraded, so Twilio is asked before
/// anybody is refused. Where it does not answer, the message is taken: Twilio says so itself when it cannot be delivered.
struct VerifiedRecipients: Sendable {
    private let database: Database
    private let credentials: CredentialManager

    /// Seconds for which whoever is not in the copy counts as not verified, once Twilio was asked for it: while one message
    /// is taken, and while a bulk goes on.
    private static let belief = 30
    private static let beliefInBulk = 120
    /// Seconds after which Twilio is asked again, while a bulk goes on.
    static let freshness = 60

    init(database: Database, credentials: CredentialManager) {
        self.database = database
        self.credentials = credentials
    }

    /// Thrown out of a transaction that has to know first whether somebody was verified meanwhile; it is rolled back, and
    /// Twilio is asked.
    struct Unknown: Error {
        let credential: UUID
    }

    /// What is wrong with texting a number by a trial account.
    ///
    /// - Parameter asks: whether Twilio is to be asked when the copy does not have it.
    /// - Throws: ``Unknown`` when it is to be asked.
    static func problem(
        with phone: E164, credential: UUID, asks: Bool, in transaction: Transaction
    ) async throws -> UserError? {
        let missing = try await transaction.execute(
            VerifiedRecipientQueries.missing,
            [
                PostgresValue(transaction.organization), .uuid(credential), .texts([phone.description]),
                .int(Self.belief),
            ])
        guard let row = missing.rows.first else { return nil }
        guard !asks else { throw Unknown(credential: credential) }
        return try row.requireBool("is_told") ? Refusal.recipientUnverified : nil
    }

    /// Who of these cannot be texted by a credential's account, and why.
    static func refusals(
        among phones: [String], credential: UUID, in transaction: Transaction
    ) async throws -> [String: UserError] {
        let key: [PostgresValue] = [PostgresValue(transaction.organization), .uuid(credential)]
        let found = try await transaction.execute([
            (VerifiedRecipientQueries.account, key),
            (VerifiedRecipientQueries.missing, key + [.texts(phones), .int(Self.beliefInBulk)]),
        ])
        guard found.count == 2 else { return [:] }
        if let problem = SendingCredential.problem(withAccountOf: found[0].rows.first) {
            return Dictionary(phones.map { ($0, problem) }) { first, _ in first }
        }
        var refusals: [String: UserError] = [:]
        for row in found[1].rows where try row.requireBool("is_told") {
            refusals[try row.requireString("phone")] = Refusal.recipientUnverified
        }
        return refusals
    }

    /// Asks Twilio for the account, and for its verified numbers.
    func learn(_ unknown: Unknown, of organization: OrganizationID) async throws {
        let lease: TwilioLease
        do {
            lease = try await credentials.lease(organization, credential: unknown.credential, purpose: .account)
        } catch is LeaseError {
            return
        }
        try await credentials.renewAccount(lease)
    }

    /// Whether Twilio is to be asked anew for a bulk: the copy lacks one of these, and is of before the bulk, or of a minute
    /// ago.
    static func mayHaveChanged(
        among phones: [String], bulk: UUID, credential: UUID, in transaction: Transaction
    ) async throws(PostgresError) -> Bool {
        let found = try await transaction.execute(
            VerifiedRecipientQueries.unknownOfBulk,
            [
                PostgresValue(transaction.organization), .uuid(bulk), .uuid(credential), .texts(phones),
                .int(freshness),
            ])
        return found.rows.first != nil
    }
}
