import GraphQL
import Postgres

/// A place in an organization's change feed, ordered by transaction and then by sequence.
///
/// Only changes of transactions below the oldest that still runs are read, so nothing can appear before a place that has
/// been passed, however late a transaction commits.
struct ChangePosition: Sendable, Hashable {
    /// Of type `xid8`: up to 64 bits, unsigned.
    let transaction: UInt64
    let id: Int64

    /// What a client gives back to go on after this place.
    func eventID(of coordinate: String, organization: OrganizationID) -> String {
        let mark = Mark.of("event", coordinate, organization: organization)
        return Base64URL.encode("\(mark)\(transaction).\(id)")
    }

    init(transaction: UInt64, id: Int64) {
        self.transaction = transaction
        self.id = id
    }

    /// `nil` unless this subscription gave it to this organization.
    init?(eventID: String, of coordinate: String, organization: OrganizationID) {
        guard eventID.utf8.count <= 200, let text = Base64URL.decode(eventID) else { return nil }
        let mark = Mark.of("event", coordinate, organization: organization)
        guard text.hasPrefix(mark) else { return nil }
        let numbers = text.dropFirst(mark.count).split(separator: ".", omittingEmptySubsequences: false)
        guard numbers.count == 2, let transaction = UInt64(numbers[0]), let id = Int64(numbers[1]), id >= 0,
            "\(transaction).\(id)" == text.dropFirst(mark.count)
        else { return nil }
        self.init(transaction: transaction, id: id)
    }
}
