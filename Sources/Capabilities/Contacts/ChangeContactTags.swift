import Foundation
import GraphQL
import OrderedCollections
import Postgres
package import QueryEngine

/// `addContactTags` and `removeContactTags`: many contacts in one statement, all of them or none.
package struct ChangeContactTags: Sendable {
    package enum Change: Sendable {
        case add
        case remove
    }

    private let change: Change

    package init(_ change: Change) {
        self.change = change
    }

    private static let mostContacts = 1_000

    package func callAsFunction(_ request: CommandRequest) async throws -> Committed {
        let given = request.input["contactIds"]?.arrayValue?.compactMap(\.stringValue) ?? []
        guard (1...Self.mostContacts).contains(given.count) else {
            return try await request.refuse([
                UserError(
                    code: "TOO_MANY_CONTACTS",
                    message: "Expected 1 to 1,000 contacts; these are \(given.count). Ask several times.",
                    field: ["contactIds"])
            ])
        }
        var contacts: [UUID] = []
        for (index, id) in given.enumerated() {
            guard let contact = OpaqueID.decode(id, prefix: "con") else {
                return try await request.refuse([Self.noSuch(index)])
            }
            contacts.append(contact)
        }
        let tags: [String]
        switch ContactDetails.tags(request.input["tags"]?.arrayValue?.compactMap(\.stringValue) ?? []) {
        case .success(let kept): tags = kept
        case .failure(let refusal): return try await request.refuse([refusal.error])
        }
        return try await request.commit { [contacts] transaction in
            let organization = PostgresValue.organization(request.organization)
            let locked = try await transaction.execute(ContactQueries.lockMany, [organization, .uuids(contacts)])
            let found = Set(locked.rows.compactMap { $0.uuid("id") })
            if let index = contacts.firstIndex(where: { !found.contains($0) }) {
                return .refused([Self.noSuch(index)])
            }
            let values = [organization, .uuids(contacts), PostgresValue.texts(tags)]
            if change == .add {
                let full = try await transaction.execute(ContactQueries.wouldHaveTooManyTags, values)
                if full.count > 0 { return .refused([ContactDetails.tooManyOfOne]) }
            }
            let changed = try await transaction.execute(
                change == .add ? ContactQueries.addTags : ContactQueries.removeTags, values)
            return .done(["changed": .json(.int(Int64(changed.count)))])
        }
    }

    private static func noSuch(_ index: Int) -> UserError {
        UserError(
            code: ContactDetails.noSuchContact.code, message: ContactDetails.noSuchContact.message,
            field: ["contactIds", "\(index)"])
    }
}
