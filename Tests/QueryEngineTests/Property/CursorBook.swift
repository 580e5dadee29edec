import GraphQL
import OrderedCollections

/// Cursors are opaque, so the interpreter does not make any: before the cases are run, the engine is asked once for the
/// cursor of every row in every connection and order, and this book keeps them. What is then tested is what a client relies
/// on: one place has one cursor, the same on every page and under every filter, no two places share one, and one that
/// comes back means the place that it was given out for (round trip).
struct CursorBook: Sendable {
    /// A connection field in one order, as one organization (or the platform, `nil`) sees it.
    struct Place: Hashable, Sendable {
        let coordinate: String
        let order: SchemaMeaning.Order
        let organization: String?
    }

    private var cursors: [Place: [String: String]] = [:]
    private var rows: [Place: [String: String]] = [:]
    private(set) var ambiguous: [String] = []

    mutating func note(_ cursor: String, of id: String, at place: Place) {
        if let known = cursors[place]?[id], known != cursor {
            ambiguous.append("\(place.coordinate): \(id) has two cursors")
        }
        if let known = rows[place]?[cursor], known != id {
            ambiguous.append("\(place.coordinate): \(cursor) is of two rows")
        }
        cursors[place, default: [:]][id] = cursor
        rows[place, default: [:]][cursor] = id
    }

    func cursor(of id: String, at place: Place) -> String? { cursors[place]?[id] }

    /// The id of the row that a cursor was given out for; `nil` for one that was never given out at this place.
    func row(of cursor: String, at place: Place) -> String? { rows[place]?[cursor] }

    /// In the order of their text.
    func all(at place: Place) -> [String] { (rows[place] ?? [:]).keys.sorted() }

    /// Of every place, for forgeries.
    var everything: [String] { rows.values.flatMap(\.keys).sorted() }
    var count: Int { rows.values.reduce(0) { $0 + $1.count } }
}

/// `msg_` and 32 hexadecimal digits, both ways.
enum Identifier {
    static func opaque(_ uuid: String, _ prefix: String) -> String {
        "\(prefix)_\(uuid.filter { $0 != "-" })"
    }

    static func uuid(_ id: String, _ prefix: String) -> String? {
        guard id.hasPrefix(prefix + "_") else { return nil }
        let digits = Array(id.utf8.dropFirst(prefix.utf8.count + 1))
        let isHexadecimal = digits.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        guard digits.count == 32, isHexadecimal else { return nil }
        let text = String(decoding: digits, as: UTF8.self)
        let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { range in
            String(decoding: Array(text.utf8)[range], as: UTF8.self)
        }
        return groups.joined(separator: "-")
    }
}
