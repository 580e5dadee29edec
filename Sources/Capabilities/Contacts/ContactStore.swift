package import Foundation
package import Postgres

/// A contact as the rest of the product needs it.
package struct ContactRow: Sendable {
    package let id: UUID
    package let optedOut: Bool
    /// Whether it was made just now.
    package let isNew: Bool
}

/// Contacts and their conversations, inside a tenant's transaction.
package enum ContactStore {
    /// The contact of this phone, made when there is none. Its row is locked against an opt-out until the
    /// transaction ends, so that nothing commits after an opt-out that was decided before it.
    package static func findOrCreate(
        phone: E164, name: String? = nil, in transaction: Transaction
    ) async throws(PostgresError) -> ContactRow {
        // A merge may take the contact away while this waits for it.
        for _ in 0..<4 {
            let results = try await transaction.execute(finding(phone: phone, name: name, in: transaction))
            if let contact = try found(results) { return contact }
        }
        throw PostgresError(.protocolViolation, "a contact that was just made is not there")
    }

    /// The same as statements, for whoever sends more in one round trip; ``found(_:)`` reads their answers.
    package static func finding(
        phone: E164, name: String? = nil, in transaction: Transaction
    ) -> [(Statement, [PostgresValue])] {
        let values: [PostgresValue] = [PostgresValue(transaction.organization), .text(phone.description)]
        return [
            (ContactQueries.insert, values + [PostgresValue(name), .null, .texts([])]),
            // A merge may have taken the number away in between.
            (ContactQueries.removeOwnStray, values), (ContactQueries.lockByPhone, values),
        ]
    }

    /// `nil` where a merge took the contact away while its lock was waited for: then ``findOrCreate(phone:name:in:)`` finds
    /// who has it now.
    package static func found(_ answers: some Collection<PostgresResult>) throws(PostgresError) -> ContactRow? {
        let answers = Array(answers)
        guard answers.count == 3, let row = answers[2].rows.first else { return nil }
        return ContactRow(
            id: try row.requireUUID("id"), optedOut: try row.requireBool("opted_out"),
            isNew: answers[0].count == 1 && answers[1].count == 0)
    }

    /// Makes contacts of those of the phones that are nobody's: two statements, for whoever sends more in one round trip.
    ///
    /// - Parameter cameUnasked: see ``markUnasked(_:in:)``.
    package static func makingMissing(
        phones: Set<String>, cameUnasked: Bool = false, in transaction: Transaction
    ) -> [(Statement, [PostgresValue])] {
        let values: [PostgresValue] = [PostgresValue(transaction.organization), .texts(phones.sorted())]
        return [
            (ContactQueries.insertMissing, values + [.bool(cameUnasked)]),
            // A merge may have taken a number away in between.
            (ContactQueries.removeStrays, values),
        ]
    }

    /// Marks a contact that was made since somebody wrote who was not known.
    package static func markUnasked(_ contact: UUID, in transaction: Transaction) async throws(PostgresError) {
        _ = try await transaction.execute(
            ContactQueries.markUnasked, [PostgresValue(transaction.organization), .uuid(contact)])
    }

    /// Makes a contact, or answers `nil` when the organization has one with this phone.
    package static func create(
        phone: E164, name: String?, timeZone: String? = nil, tags: [String] = [], in transaction: Transaction
    ) async throws(PostgresError) -> UUID? {
        let values: [PostgresValue] = [PostgresValue(transaction.organization), .text(phone.description)]
        let result = try await transaction.execute(
            ContactQueries.insert, values + [PostgresValue(name), PostgresValue(timeZone), .texts(tags)])
        guard let row = result.rows.first else { return nil }
        guard try await transaction.execute(ContactQueries.removeStray, values).count == 0 else { return nil }
        return try row.requireUUID("id")
    }

    /// Locks those contacts of these phones that are there, and their conversations, until the transaction ends, but waits for
    /// nobody: a contact that somebody else has locked, or whose conversation somebody has, is left out. A statement, for whoever sends several in one round trip; ``locked(_:)`` reads its answer.
    package static func lockingKnown(
        phones: Set<String>, in transaction: Transaction
    ) -> (Statement, [PostgresValue]) {
        (ContactQueries.lockKnown, [PostgresValue(transaction.organization), .texts(phones.sorted())])
    }

    package static func locked(_ answer: PostgresResult) throws(PostgresError) -> Set<UUID> {
        Set(try answer.rows.map { row throws(PostgresError) in try row.requireUUID("id") })
    }

    /// What moves a contact's conversation up.
    package struct Joining: Sendable {
        package let contact: UUID
        /// Messages that nobody has read.
        package var unread: Int
        /// That of ours which the contact wrote to: whom they wrote to is whom they know. `nil` leaves it as it is.
        package var number: UUID?

        package init(contact: UUID, unread: Int, number: UUID? = nil) {
            self.contact = contact
            self.unread = unread
            self.number = number
        }
    }

    /// The contact's conversation, made when there is none, moved up to `at`.
    package static func joinConversation(
        contact: UUID, at: Date, unread: Int, in transaction: Transaction
    ) async throws(PostgresError) -> UUID {
        try joined(
            try await transaction.execute([
                joining([Joining(contact: contact, unread: unread)], at: at, in: transaction)
            ]).first)
    }

    /// The same of several contacts, each once, as a statement for whoever sends several in one round trip; of one,
    /// ``joined(_:)`` reads its answer.
    package static func joining(
        _ joinings: [Joining], at: Date, in transaction: Transaction
    ) -> (Statement, [PostgresValue]) {
        (
            ContactQueries.joinConversations,
            [
                PostgresValue(transaction.organization), .uuids(joinings.map(\.contact)),
                .ints(joinings.map { Int64($0.unread) }),
                .texts(joinings.map { $0.number?.lowercasedString ?? "" }), .timestamp(at),
            ]
        )
    }

    package static func joined(_ answer: PostgresResult?) throws(PostgresError) -> UUID {
        guard let row = answer?.rows.first else {
            throw PostgresError(.protocolViolation, "a conversation that was just made is not there")
        }
        return try row.requireUUID("id")
    }
}
