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
    /// Numbers that Twilio is asked for at the same time.
    private static let width = 10

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
        try await learn([unknown.phone], by: unknown.credential, of: organization)
    }

    /// Asks for the lines of those who are next in a bulk, up to `limit`, where the organization has it asked.
    func learnNext(ofBulk bulk: UUID, limit: Int, of organization: OrganizationID) async throws {
        let found = try await database.read(
            organization, LineTypeQueries.unknownOfBulk, [.organization(organization), .uuid(bulk), .int(limit)])
        guard let credential = found.rows.first?.uuid("credential_id") else { return }
        try await learn(found.rows.compactMap { $0.string("phone") }, by: credential, of: organization)
    }

    private func learn(_ phones: [String], by credential: UUID, of organization: OrganizationID) async throws {
        let lease: TwilioLease
        do {
            lease = try await credentials.lease(organization, credential: credential, purpose: .lookUp)
        } catch is LeaseError {
            return
        }
        var told: [(phone: String, type: String)] = []
        for start in stride(from: 0, to: phones.count, by: Self.width) {
            let some = phones[start..<min(start + Self.width, phones.count)]
            told += await withTaskGroup(of: (String, String)?.self) { group in
                for phone in some { group.addTask { await Self.ask(phone, lease) } }
                return await group.reduce(into: []) { told, answer in
                    if let answer { told.append((phone: answer.0, type: answer.1)) }
                }
            }
        }
        guard !told.isEmpty else { return }
        try await database.withTenant(organization) { [told] transaction in
            _ = try await transaction.execute(
                LineTypeQueries.record,
                [.organization(organization), .texts(told.map(\.phone)), .texts(told.map(\.type))])
        }
    }

    /// The kind of a line, empty where Twilio does not know it; `nil` when it could not be asked.
    private static func ask(_ phone: String, _ lease: TwilioLease) async -> (String, String)? {
        guard let segment = PathSegment(phone) else { return nil }
        do throws(TwilioCallError) {
            let lookup = try await lease.client.lookups.fetch(segment, .init([.lineTypeIntelligence]))
            return (phone, String((lookup.lineTypeIntelligence?.type ?? "").unicodeScalars.prefix(40)))
        } catch {
            return nil
        }
    }
}
