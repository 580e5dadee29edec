import FoundationEssentials
import GraphQL
import OrderedCollections

/// What was measured, by flat keys such as `language.vs_graphql_js`.
struct Figures {
    struct Figure {
        let value: Double
        let unit: String
        /// What is asked for, if anything is.
        let target: Target?
    }

    enum Target {
        case atLeast(Double)
        case atMost(Double)

        func isMet(by value: Double) -> Bool {
            switch self {
            case .atLeast(let bound): value >= bound
            case .atMost(let bound): value <= bound
            }
        }
    }

    private var figures: OrderedDictionary<String, Figure> = [:]

    mutating func add(_ key: String, _ value: Double, _ unit: String, target: Target? = nil) {
        figures[key] = Figure(value: value, unit: unit, target: target)
    }

    /// One line for each figure: key, value, unit, and whether the target is met.
    var table: String {
        let rows = figures.map { key, figure -> (String, String, String) in
            var note = figure.unit
            switch figure.target {
            case .atLeast(let bound)?: note += ", at least \(Self.text(bound))"
            case .atMost(let bound)?: note += ", at most \(Self.text(bound))"
            case nil: break
            }
            if let target = figure.target { note += target.isMet(by: figure.value) ? " ✓" : " ✗" }
            return (key, Self.text(figure.value), note)
        }
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { key, value, note in
            key + String(repeating: " ", count: width - key.count)
                + String(repeating: " ", count: max(0, 12 - value.count)) + value + "  " + note
        }.joined(separator: "\n")
    }

    /// Writes the figures into a file of JSON, beside those under other keys that it holds already.
    func merge(into path: String) throws {
        let file = URL(filePath: path)
        var members: OrderedDictionary<String, JSONValue> = [:]
        if let old = try? Data(contentsOf: file) {
            guard case .object(let kept) = try JSONValue(parsing: Array(old)) else { throw NoObject(path: path) }
            members = kept
        }
        for (key, figure) in figures { members[key] = .number(Self.text(figure.value)) }
        members.sort { $0.key < $1.key }
        let lines = members.map { key, value in
            String(decoding: JSONValue.string(key).bytes + [UInt8(ascii: ":"), 0x20] + value.bytes, as: UTF8.self)
        }
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data("{\n  \(lines.joined(separator: ",\n  "))\n}\n".utf8).write(to: file, options: .atomic)
    }

    struct NoObject: Error, CustomStringConvertible {
        let path: String
        var description: String { "\(path) holds something else than a JSON object: move it away and run again." }
    }

    /// With three significant digits, or as a whole number where it has more.
    private static func text(_ value: Double) -> String {
        guard value.isFinite else { return "0" }
        if value.magnitude >= 100 || value == value.rounded() { return String(Int(value.rounded())) }
        let scale = value.magnitude >= 10 ? 10.0 : value.magnitude >= 1 ? 100 : 1_000
        return String((value * scale).rounded() / scale)
    }
}
