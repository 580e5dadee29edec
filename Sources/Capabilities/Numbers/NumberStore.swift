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
    package let carriesMedia: Bool

    package init(phoneNumberID: UUID, number: String, carriesMedia: Bool) {
        self.phoneNumberID = phoneNumberID
        self.number = number
        self.carriesMedia = carriesMedia
    }
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
        try found(try await transaction.execute([finding(number: number, in: transaction)]).first)
    }

    /// The same as a statement, for whoever sends several in one round trip; ``found(_:)`` reads its answer.
    package static func finding(number: String, in transaction: Transaction) -> (Statement, [PostgresValue]) {
        (NumberQueries.find, [PostgresValue(transaction.organization), .text(number)])
    }

    package static func found(_ answer: PostgresResult?) throws(PostgresError) -> UUID? {
        try answer?.rows.first.map { row throws(PostgresError) in try row.requireUUID("id") }
    }

    /// Asks for the own, active number that can text, when `number` is one of the credential's; ``sender(_:)`` reads the
    /// answer.
    package static func findingSender(
        number: String, credential: UUID, in transaction: Transaction
    ) -> (Statement, [PostgresValue]) {
        (
            NumberQueries.ownedSender,
            [PostgresValue(transaction.organization), .uuid(credential), .text(number)]
        )
    }

    /// - Parameter answer: none where there is no row, or one without an `id`.
    package static func sender(_ answer: PostgresResult?) throws(PostgresError) -> Sender? {
        guard let row = answer?.rows.first, !row.isNull("id") else { return nil }
        return Sender(
            phoneNumberID: try row.requireUUID("id"), number: try row.requireString("number"),
            carriesMedia: try row.requireBool("mms"))
    }

    /// The credential's numbers that take part in the rotation.
    /// - Parameter media: whether they have to carry media.
    package static func rotation(
        credential: UUID, media: Bool = false, in transaction: Transaction
    ) async throws(PostgresError) -> SenderRotation {
        try SenderRotation(
            candidates: try await transaction.execute([
                candidates(credential: credential, media: media, in: transaction)
            ]).first)
    }

    /// The same as a statement, for whoever sends several in one round trip; ``SenderRotation/init(candidates:)`` reads its
    /// answer.
    package static func candidates(
        credential: UUID, media: Bool, in transaction: Transaction
    ) -> (Statement, [PostgresValue]) {
        (NumberQueries.rotation, [PostgresValue(transaction.organization), .uuid(credential), .bool(media)])
    }

    /// Writes down whose turns have moved. Late in the transaction: they stay locked to its end.
    package static func record(_ rotation: SenderRotation, in transaction: Transaction) async throws(PostgresError) {
        guard !rotation.moves.isEmpty else { return }
        let moves = rotation.moves.sorted { $0.key.uuidString < $1.key.uuidString }
        let organization = PostgresValue(transaction.organization)
        // A turn that there is stays.
        let first = rotation.candidates.filter { !$0.hasTurn && rotation.moves[$0.id] != nil }.map(\.id)
        if !first.isEmpty {
            try await transaction.pipeline([(NumberQueries.makeTurns, [organization, .uuids(first)])])
        }
        try await transaction.pipeline([
            (
                NumberQueries.moveTurns,
                [
                    organization, .uuids(moves.map(\.key)), .texts(moves.map { "\($0.value.floor)" }),
                    .texts(moves.map { "\($0.value.by)" }),
                ]
            )
        ])
    }

    /// The carrier refused or filtered what the number sent.
    package static func trouble(_ number: UUID, in transaction: Transaction) async throws(PostgresError) {
        let key: [PostgresValue] = [PostgresValue(transaction.organization), .uuids([number])]
        _ = try await transaction.execute([
            (NumberQueries.makeTurns, key),
            (NumberQueries.trouble, [PostgresValue(transaction.organization), .uuid(number)]),
        ])
    }

    /// Something that the number sent arrived: its troubles are not in a row any more.
    package static func recover(_ number: UUID, in transaction: Transaction) async throws(PostgresError) {
        _ = try await transaction.execute([recovering([number], in: transaction)])
    }

    /// The same of several, as a statement for whoever sends more in one round trip.
    package static func recovering(
        _ numbers: Set<UUID>, in transaction: Transaction
    ) -> (Statement, [PostgresValue]) {
        (NumberQueries.recover, [PostgresValue(transaction.organization), .uuids(Array(numbers))])
    }
}

extension SenderRotation {
    /// - Parameter answer: with the columns of ``NumberStore/candidates(credential:media:in:)``. A row without an `id` is
    ///   none.
    package init(candidates answer: PostgresResult?) throws(PostgresError) {
        self.init(
            try answer?.rows.filter { !$0.isNull("id") }.map { row throws(PostgresError) in
                Candidate(
                    id: try row.requireUUID("id"), number: try row.requireString("number"),
                    country: try row.requireString("country_code"), weight: try row.requireInt("rotation_weight"),
                    turn: row.string("turn").flatMap { Double($0) }, restsUntil: row.timestamp("rests_until"))
            } ?? [])
    }
}
