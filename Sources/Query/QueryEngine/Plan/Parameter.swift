import GraphQL

/// What a `$n` of a compiled statement takes, worked out anew for each request.
enum Parameter: Sendable, Hashable {
    case organization
    /// The coerced value at a path inside the arguments of a field.
    case argument(set: Int, path: [PathElement], kind: ValueKind, isList: Bool)
    /// An IANA time zone by this argument, or UTC.
    case timeZone(set: Int, argument: String)
    /// Written in the schema.
    case texts([String])
    case pageSize(set: Int, argument: String)
    /// What begins each cursor that a connection gives out to this organization.
    case cursorMark(CursorOrder)
    /// A part of a cursor that came in.
    case cursorKey(set: Int, argument: String, CursorOrder)
    case cursorID(set: Int, argument: String, CursorOrder)
    /// The id of a row that a command names for this field of its payload.
    case subject(String)
    /// The ids of rows that a feed names.
    case subjects
}

extension Parameter {
    /// Whether some value that the schema's types let through is no value for PostgreSQL. Cursors are looked at one by one.
    var mayBeRefused: Bool {
        switch self {
        case .argument(_, _, kind: .text, _), .argument(_, _, kind: .timestamp, _): true
        default: false
        }
    }
}

enum PageSize: Sendable, Hashable {
    /// Written in the document, or the default.
    case constant(Int)
    /// By a variable; `atMost` is the step that the present value falls under.
    case argument(set: Int, name: String, atMost: Int)

    /// The steps of page sizes that come by variables. PostgreSQL plans a statement once for all values only when it can
    /// tell about how many rows are asked for: with a bare `LIMIT $n` it plans for a tenth of the table, or each time anew
    /// (measured: 2,600 requests a second instead of 7,600). So the statement also says the step.
    private static let steps = [10, 25, 50, 100, 250, 500, 1_000]

    /// The smallest step that holds the size; beyond the last, the size's own power of two.
    static func step(of size: Int64) -> Int {
        if let step = steps.first(where: { Int64($0) >= size }) { return step }
        var step = 2_048
        while Int64(step) < size, step < 1 << 30 { step *= 2 }
        return step
    }
}

/// What a cursor belongs to: with another field, column or direction it would point elsewhere.
struct CursorOrder: Sendable, Hashable {
    /// `Type.field`.
    let coordinate: String
    let column: String
    let direction: Direction
    /// Of the order column; `nil` where the order is by id alone.
    let kind: ValueKind?
}

extension Parameter: CustomStringConvertible {
    var description: String {
        switch self {
        case .organization: "organization"
        case .argument(let set, let path, let kind, let isList):
            "argument \(path.dotted) of #\(set) as \(kind.name)\(isList ? "[]" : "")"
        case .timeZone(let set, let argument): argument.isEmpty ? "time zone UTC" : "\(argument) of #\(set), or UTC"
        case .texts(let texts): "\(texts.joined(separator: ", ")) as text[]"
        case .pageSize(let set, let argument): "\(argument) of #\(set)"
        case .cursorMark(let order): "cursor mark of \(order.coordinate)"
        case .cursorKey(let set, let argument, let order): "\(order.column) in cursor \(argument) of #\(set)"
        case .cursorID(let set, let argument, _): "id in cursor \(argument) of #\(set)"
        case .subject(let name): "subject \(name)"
        case .subjects: "subjects"
        }
    }
}

extension PageSize: CustomStringConvertible {
    var description: String {
        switch self {
        case .constant(let size): "\(size)"
        case .argument(let set, let name, let atMost): "\(name) of #\(set), at most \(atMost)"
        }
    }
}

extension [PathElement] {
    /// `filter.or.0.direction`.
    var dotted: String {
        map { element in
            switch element {
            case .key(let key): key
            case .index(let index): "\(index)"
            }
        }.joined(separator: ".")
    }
}
