import Contacts
package import Foundation
package import Postgres
package import Settings

/// The register of opt-outs, inside a tenant's transaction. Each of these holds the contact's row until the transaction
/// ends, and so does whoever begins an attempt to send: no attempt commits after an opt-out has committed.
package enum OptOutRegister {
    /// What somebody asked for.
    package struct Request: Sendable {
        package let contact: UUID
        /// Who asks.
        package let phone: String
        package let source: OptOutSource
        /// What they wrote.
        package var wording: String?
        package var message: UUID?
        package var reason: String?

        package init(
            contact: UUID, phone: String, source: OptOutSource, wording: String? = nil, message: UUID? = nil,
            reason: String? = nil
        ) {
            self.contact = contact
            self.phone = phone
            self.source = source
            self.wording = wording
            self.message = message
            self.reason = reason
        }
    }

    /// The entry, and whether it is new: one that holds already is answered with.
    package struct Entry: Sendable {
        package let id: UUID
        package let isNew: Bool
    }

    /// - Parameters:
    ///   - group: `nil` for the whole organization.
    ///   - instant: when it was said; `nil` is now.
    package static func record(
        _ request: Request, group: String?, at instant: Date? = nil, in transaction: Transaction
    ) async throws(PostgresError) -> Entry {
        let organization = PostgresValue(transaction.organization)
        let contact = PostgresValue.uuid(request.contact)
        let found = try await transaction.execute([
            (OptOutQueries.lockContact, [organization, contact]),
            (OptOutQueries.open, [organization, contact, PostgresValue(group)]),
        ])
        if let known = found.last?.rows.first?.uuid("id") {
            if group == nil {
                _ = try await transaction.execute(OptOutQueries.mark, [organization, contact, PostgresValue(instant)])
            }
            return Entry(id: known, isNew: false)
        }
        let id = UUID()
        var commands: [(Statement, [PostgresValue])] = [
            (
                OptOutQueries.insert,
                [
                    organization, .uuid(id), contact, .text(request.phone), PostgresValue(group),
                    .text(request.source.rawValue), PostgresValue(request.wording), PostgresValue(request.message),
                    PostgresValue(request.reason), PostgresValue(instant),
                ]
            )
        ]
        if group == nil { commands.append((OptOutQueries.mark, [organization, contact, PostgresValue(instant)])) }
        _ = try await transaction.execute(commands)
        return Entry(id: id, isNew: true)
    }

    /// Ends what holds for the organization and for the group. Answers whether anything did.
    /// - Parameter instant: when it was said; `nil` is now. What was asked for later stays.
    package static func end(
        contact: UUID, group: String?, source: OptOutSource, reason: String? = nil, at instant: Date? = nil,
        in transaction: Transaction
    ) async throws(PostgresError) -> Bool {
        let organization = PostgresValue(transaction.organization)
        let results = try await transaction.execute([
            (OptOutQueries.lockContact, [organization, .uuid(contact)]),
            (
                OptOutQueries.end,
                [
                    organization, .uuid(contact), PostgresValue(group), .text(source.rawValue), PostgresValue(reason),
                    PostgresValue(instant),
                ]
            ),
            (OptOutQueries.unmark, [organization, .uuid(contact), PostgresValue(instant)]),
        ])
        return results.dropFirst().contains { $0.count > 0 }
    }

    /// The group that an opt-out from this number of ours is about; `nil` where it is about the whole organization.
    package static func group(
        of number: String, _ settings: OrganizationSettings, in transaction: Transaction
    ) async throws(PostgresError) -> String? {
        guard settings.optOutScope == .senderGroup else { return nil }
        let found = try await transaction.execute(
            OptOutQueries.group, [PostgresValue(transaction.organization), .text(number)])
        return found.rows.first?.string("sender_group")
    }

    /// Finds out whether a message may not go out: two statements, of which the first locks the contact's row until the
    /// transaction ends; ``answers(_:_:)`` reads their results.
    package static func question(
        message: UUID, in transaction: Transaction
    ) -> [(Statement, [PostgresValue])] {
        let organization = PostgresValue(transaction.organization)
        return [
            (OptOutQueries.lockContactOfMessage, [organization, .uuid(message)]),
            (OptOutQueries.forbids, [organization, .uuids([message])]),
        ]
    }

    /// The same of many, without waiting: nothing is answered about those whose contacts somebody else has locked.
    package static func question(
        messages: [UUID], in transaction: Transaction
    ) -> [(Statement, [PostgresValue])] {
        let values = [PostgresValue(transaction.organization), .uuids(messages)]
        return [(OptOutQueries.lockContactsOfMessages, values), (OptOutQueries.forbids, values)]
    }

    /// What the register says of a message.
    package struct Answer: Sendable {
        package let isForbidden: Bool
        /// The contact's own.
        package let timeZone: String?
    }

    /// By message.
    package static func answers(
        _ locked: PostgresResult, _ found: PostgresResult
    ) throws(PostgresError) -> [UUID: Answer] {
        var contacts: Set<UUID> = []
        for row in locked.rows { contacts.insert(try row.requireUUID("id")) }
        var answers: [UUID: Answer] = [:]
        for row in found.rows where contacts.contains(try row.requireUUID("contact_id")) {
            answers[try row.requireUUID("id")] = Answer(
                isForbidden: try row.requireBool("forbidden"), timeZone: row.string("time_zone"))
        }
        return answers
    }

    /// Whether nothing may be sent to the contact from this number; `nil` where Twilio chooses one, so that an opt-out of any
    /// group holds. Its row is to be locked already.
    package static func forbids(
        contact: UUID, number: UUID?, in transaction: Transaction
    ) async throws(PostgresError) -> Bool {
        let found = try await transaction.execute(
            OptOutQueries.forbidsSender,
            [PostgresValue(transaction.organization), .uuid(contact), PostgresValue(number)])
        return found.rows.first?.bool("forbidden") ?? true
    }

    /// Twilio refused a message since its recipient has opted out there (error 21610): so they have here.
    package static func noteCarrierRefusal(of message: UUID, in transaction: Transaction) async throws(PostgresError) {
        let found = try await transaction.execute(
            OptOutQueries.ofMessage, [PostgresValue(transaction.organization), .uuid(message)])
        guard let row = found.rows.first, let phone = row.string("to_address").flatMap(E164.init) else { return }
        let settings = try await OrganizationSettings.read(in: transaction)
        let group = try await group(of: row.string("from_address") ?? "", settings, in: transaction)
        _ = try await record(
            Request(
                contact: try row.requireUUID("contact_id"), phone: phone.description, source: .carrier,
                message: message),
            group: group, in: transaction)
    }

    /// What one contact has in the register becomes another's.
    package static func move(
        from: UUID, into: UUID, in transaction: Transaction
    ) async throws(PostgresError) {
        let organization = PostgresValue(transaction.organization)
        _ = try await transaction.execute([
            (OptOutQueries.move, [organization, .uuid(from), .uuid(into)]),
            (OptOutQueries.forgetReplies, [organization, .uuid(from)]),
        ])
    }
}
