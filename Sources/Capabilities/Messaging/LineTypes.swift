import Contacts
import Credentials
import Foundation
import Postgres
import QueryEngine
import Twilio

/// What kind of line a number is, as Twilio's Lookup tells it, for organizations that have it asked before they text a number
/// for the first time. What was told is believed for half a year. Where Twilio does not tell, the message is taken: it says
/// so itself when it cannot be delivered.
struct LineTypes: Sendable {
    private let database: Database
    private let credentials: CredentialManager

    /// In Twilio's words, what no text message reaches.
    static let landline = "landline"

    init(database: Database, credentials: CredentialManager) {
        self.database = database
        self.credentials = credentials
    }

    /// Thrown out of a transaction that has to know the kind of a line first; it is rolled back, and Twilio is asked.
    struct Unknown: Error {
        let phone: String
        let credential: UUID
    }

    /// Asks what is known of a number's line; ``problem(_:with:credential:asks:)`` reads the answer.
    static func question(_ phone: E164, in transaction: Transaction) -> (Statement, [PostgresValue]) {
        (LineTypeQueries.known, [PostgresValue(transaction.organization), .text(phone.description)])
    }

    /// What is wrong with texting a number, by its line. The organization may not have asked for that: then nothing is.
    ///
    /// - Parameters:
    ///   - answer: of ``question(_:in:)``.
    ///   - asks: whether Twilio is to be asked when it is not known.
    /// - Throws: ``Unknown`` when it is to be asked.
    static func problem(
        _ answer: PostgresResult, with phone: E164, credential: UUID, asks: Bool
    ) throws -> UserError? {
        guard let row = answer.rows.first else { return nil }
        if asks, try row.requireBool("is_known") == false {
            throw Unknown(phone: phone.description, credential: credential)
        }
        return row.string("line_type") == landline ? Refusal.landline : nil
    }

    func learn(_ unknown: Unknown, of organization: OrganizationID) async throws {
        _ = try await learn([unknown.phone], by: unknown.credential, of: organization)
    }

    /// What is known of the lines of many numbers. The organization may not have asked for that: then nothing is unknown.
    static func lines(
        of phones: [String], in transaction: Transaction
    ) async throws(PostgresError) -> (landlines: Set<String>, unknown: [String]) {
        let found = try await transaction.execute(
            LineTypeQueries.knownOfMany, [PostgresValue(transaction.organization), .texts(phones)])
        guard !found.rows.isEmpty else { return ([], []) }
        let known = Set(found.rows.compactMap { $0.string("phone") })
        let landlines = found.rows.filter { $0.string("line_type") == landline }.compactMap { $0.string("phone") }
        return (Set(landlines), phones.filter { !known.contains($0) })
    }

    /// Asks for many lines, a few at a time, for a few seconds: what is neither told nor untold then was not asked for.
    func learn(_ phones: [String], by credential: UUID, of organization: OrganizationID) async throws -> LineSurvey {
        let lease: TwilioLease
        do {
            lease = try await credentials.lease(organization, credential: credential, purpose: .lookUp)
        } catch is LeaseError {
            return .impossible()
        }
        var survey = LineSurvey()
        await survey.ask(phones, lease)
        guard !survey.told.isEmpty else { return survey }
        try await database.withTenant(organization) { [told = survey.told] transaction in
            _ = try await transaction.execute(
                LineTypeQueries.record,
                [.organization(organization), .texts(told.map(\.phone)), .texts(told.map(\.type))])
        }
        return survey
    }
}
