import Foundation
import GraphQL
import Postgres

/// The place of a row in the order of its connection, as a client holds it: base64url of a mark, the order column's value
/// as PostgreSQL prints it, and the row's id.
struct Cursor {
    let key: PostgresValue
    let id: UUID

    static func mark(of order: CursorOrder, organization: OrganizationID?) -> String {
        Mark.of(order.coordinate, order.column, order.direction.rawValue, organization: organization)
    }

    /// `nil` unless this connection, in this order, gave it to this organization and it is whole.
    init?(_ text: String, of order: CursorOrder, organization: OrganizationID?) {
        guard text.utf8.count <= 4_096, let content = Base64URL.decode(text) else { return nil }
        let mark = Self.mark(of: order, organization: organization)
        guard content.hasPrefix(mark) else { return nil }
        let rest = content.dropFirst(mark.count)
        guard let kind = order.kind else {
            guard let id = Self.uuid(rest) else { return nil }
            (key, self.id) = (.null, id)
            return
        }
        guard let tilde = rest.lastIndex(of: "~"), let id = Self.uuid(rest[rest.index(after: tilde)...]) else {
            return nil
        }
        let keyText = String(rest[..<tilde])
        switch kind {
        case .timestamp: guard DateTimeText.isPostgres(keyText) else { return nil }
        case .int: guard Int64(keyText) != nil else { return nil }
        case .bool: guard keyText == "true" || keyText == "false" else { return nil }
        case .text: guard !keyText.utf8.contains(0) else { return nil }
        case .id: guard Self.uuid(Substring(keyText)) != nil else { return nil }
        }
        (key, self.id) = (.text(keyText), id)
    }

    /// Strictly PostgreSQL's spelling, so that one place has one cursor.
    private static func uuid(_ text: Substring) -> UUID? {
        guard text.utf8.count == 36, let uuid = UUID(uuidString: String(text)) else { return nil }
        return uuid.uuidString.lowercased() == text ? uuid : nil
    }
}
