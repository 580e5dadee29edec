package import Foundation
import GraphQL
import OrderedCollections
package import Postgres
package import QueryEngine

/// `mergeContacts`: all of one contact's becomes another's, in one transaction, and the one is gone.
package struct MergeContacts: Sendable {
    /// Moves what hangs on a contact in capabilities above this one, in the same transaction.
    package typealias Moving = @Sendable (_ from: UUID, _ into: UUID, Transaction) async throws -> Void

    private let moving: [Moving]

    package init(moving: [Moving] = []) {
        self.moving = moving
    }

    package func callAsFunction(_ request: CommandRequest) async throws -> Committed {
        func contact(_ name: String) -> UUID? {
            request.input[name]?.stringValue.flatMap { OpaqueID.decode($0, prefix: "con") }
        }
        guard let from = contact("from") else { return try await request.refuse([Self.noSuch("from")]) }
        guard let into = contact("into") else { return try await request.refuse([Self.noSuch("into")]) }
        guard from != into else {
            return try await request.refuse([
                UserError(code: "SAME_CONTACT", message: "Expected two different contacts.", field: ["from"])
            ])
        }
        // A worker locks a message before its contact. Where one came in between, PostgreSQL ends one of the two.
        var tries = 1
        while true {
            do {
                return try await request.commit { transaction in
                    try await merge(from, into: into, in: transaction)
                }
            } catch let error as PostgresError where error.isSerializationFailure && tries < 4 {
                tries += 1
            }
        }
    }

    private func merge(_ from: UUID, into: UUID, in transaction: Transaction) async throws -> CommandOutcome {
        let key: [PostgresValue] = [PostgresValue(transaction.organization), .uuid(from), .uuid(into)]
        _ = try await transaction.execute(ContactQueries.lockWaitingMessages, Array(key.prefix(2)))
        let locked = try await transaction.execute(ContactQueries.lockBoth, key)
        let found = Set(locked.rows.compactMap { $0.uuid("id") })
        guard found.contains(from) else { return .refused([Self.noSuch("from")]) }
        guard found.contains(into) else { return .refused([Self.noSuch("into")]) }
        for move in moving { try await move(from, into, transaction) }
        _ = try await transaction.execute([
            (ContactQueries.joinDetails, key),
            (ContactQueries.mergeConversations, key),
            (ContactQueries.moveMessages, key),
            (ContactQueries.removeConversation, key),
            (ContactQueries.moveConversation, key),
            (ContactQueries.movePhones, key),
            (ContactQueries.keepPhone, key),
            (ContactQueries.remove, Array(key.prefix(2))),
        ])
        return .done(["contact": .row(into)])
    }

    private static func noSuch(_ field: String) -> UserError {
        UserError(
            code: ContactDetails.noSuchContact.code, message: ContactDetails.noSuchContact.message, field: [field])
    }
}
