package import Foundation
package import Postgres

/// What a sync learns of a number.
package struct NumberFacts: Sendable {
    /// Mirrors the CHECK on `phone_numbers.number_type`.
    package enum Kind: String, Sendable {
        case local = "LOCAL"
        case tollFree = "TOLL_FREE"
        case mobile = "MOBILE"
    }

    package var number: String
    package var displayName: String
    /// ISO 3166-1 alpha-2.
    package var countryCode: String
    package var kind: Kind
    package var twilioSID: String
    package var voice: Bool
    package var sms: Bool
    package var mms: Bool

    package init(
        number: String, displayName: String, countryCode: String, kind: Kind, twilioSID: String, voice: Bool,
        sms: Bool, mms: Bool
    ) {
        self.number = number
        self.displayName = displayName
        self.countryCode = countryCode
        self.kind = kind
        self.twilioSID = twilioSID
        self.voice = voice
        self.sms = sms
        self.mms = mms
    }
}

/// A number that a message can go out from.
package struct Sender: Sendable {
    package let phoneNumberID: UUID
    package let number: String
}

/// The organization's numbers, inside a tenant's transaction.
package enum NumberStore {
    /// Records a number as the account has it. What the organization chose itself (rotation, primary) stays.
    package static func record(
        _ facts: NumberFacts, credential: UUID, in transaction: Transaction
    ) async throws(PostgresError) {
        _ = try await transaction.execute(
            NumberQueries.record,
            [
                PostgresValue(transaction.organization), .uuid(credential), .text(facts.number),
                .text(facts.displayName), .text(facts.countryCode), .text(facts.kind.rawValue),
                .text(facts.twilioSID), .bool(facts.voice), .bool(facts.sms), .bool(facts.mms),
            ])
    }

    /// Marks the credential's numbers that the account no longer has.
    package static func deactivate(
        allBut numbers: [String], credential: UUID, in transaction: Transaction
    ) async throws(PostgresError) {
        _ = try await transaction.execute(
            NumberQueries.deactivateOthers,
            [PostgresValue(transaction.organization), .uuid(credential), .texts(numbers)])
    }

    /// The id of an own number, whether active or not.
    package static func find(number: String, in transaction: Transaction) async throws(PostgresError) -> UUID? {
        let result = try await transaction.execute(
            NumberQueries.find, [PostgresValue(transaction.organization), .text(number)])
        return try result.rows.first.map { row throws(PostgresError) in try row.requireUUID("id") }
    }

    /// The own, active number that can text, when `number` is one of the credential's.
    package static func sender(
        number: String, credential: UUID, in transaction: Transaction
    ) async throws(PostgresError) -> Sender? {
        try await sender(
            NumberQueries.ownedSender,
            [PostgresValue(transaction.organization), .uuid(credential), .text(number)], in: transaction)
    }

    /// The number that the rotation picks for a contact: the same one each time while it is in the rotation, and all
    /// numbers evenly over many contacts (rendezvous hashing, so a number that comes or goes moves only its share).
    package static func rotation(
        credential: UUID, contact: UUID, in transaction: Transaction
    ) async throws(PostgresError) -> Sender? {
        try await sender(
            NumberQueries.rotation,
            [PostgresValue(transaction.organization), .uuid(credential), .uuid(contact)], in: transaction)
    }

    private static func sender(
        _ statement: Statement, _ values: [PostgresValue], in transaction: Transaction
    ) async throws(PostgresError) -> Sender? {
        guard let row = try await transaction.execute(statement, values).rows.first else { return nil }
        return Sender(phoneNumberID: try row.requireUUID("id"), number: try row.requireString("number"))
    }
}
