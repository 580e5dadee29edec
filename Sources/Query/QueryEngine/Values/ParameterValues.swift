import Foundation
import GraphQL
import OrderedCollections
import Postgres

/// Works out what the `$n` of a plan's statements take for one request. Throws `Refusal` for what a caller got wrong.
struct ParameterValues {
    let organization: OrganizationID?
    let sets: [ArgumentSet]
    /// Coerced, by set.
    let arguments: [OrderedDictionary<String, JSONValue>]
    let configuration: EngineConfiguration
    /// The arguments of a connection that is exported.
    private let exportSet: Int?
    /// Ids of rows that a command names, by the field of its payload.
    var subjects: [String: UUID] = [:]
    /// Ids of rows that a feed names.
    var changed: [UUID] = []

    init(
        plan: OperationPlan, variables: CoercedVariables, schema: Schema, organization: OrganizationID?,
        configuration: EngineConfiguration, allowsExport: Bool
    ) throws(Refusal) {
        if allowsExport, case .export(let read)? = plan.roots.first?.source {
            exportSet = read.page.argumentSet
        } else {
            exportSet = nil
        }
        self.organization = organization
        self.configuration = configuration
        sets = plan.argumentSets
        var arguments: [OrderedDictionary<String, JSONValue>] = []
        arguments.reserveCapacity(sets.count)
        for set in sets {
            if let constant = set.constant {
                arguments.append(constant)
            } else {
                arguments.append(
                    try ArgumentSet.coerce(
                        set.arguments, definitions: set.definitions, variables: variables, schema: schema))
            }
        }
        self.arguments = arguments
    }

    func values(_ parameters: [Parameter]) throws(Refusal) -> [PostgresValue] {
        var values: [PostgresValue] = []
        values.reserveCapacity(parameters.count)
        for parameter in parameters { values.append(try value(parameter)) }
        return values
    }

    private func value(_ parameter: Parameter) throws(Refusal) -> PostgresValue {
        switch parameter {
        case .organization: return PostgresValue(organization)
        case .argument(let set, let path, let kind, let isList):
            return try argument(set, path, kind, isList: isList)
        case .timeZone(let set, let argument): return .text(arguments[set][argument]?.stringValue ?? "UTC")
        case .texts(let texts): return .texts(texts)
        case .pageSize(let set, let argument): return .int(try checkedPageSize(set, argument))
        case .cursorMark(let order): return .text(Cursor.mark(of: order, organization: organization))
        case .cursorKey(let set, let argument, let order): return try cursor(set, argument, order).key
        case .cursorID(let set, let argument, let order): return .uuid(try cursor(set, argument, order).id)
        case .subject(let name): return PostgresValue(subjects[name])
        case .subjects: return .uuids(changed)
        }
    }

    // MARK: Pages

    /// Refuses the operation when a page size is out of range or its whole cost is too high.
    ///
    /// - Parameter fixed: the whole cost, where it is known from the plan.
    func check(_ cost: Cost, fixed: Int?) throws(Refusal) {
        for (set, values) in arguments.enumerated() where sets[set].isOfPage {
            for name in ["first", "last"] where values[name].map({ !$0.isNull }) ?? false {
                _ = try checkedPageSize(set, name)
            }
        }
        let measured = fixed ?? self.cost(cost)
        guard measured <= configuration.costLimit else {
            throw Refusal(
                GraphQLError(
                    "This operation could read \(measured) objects, and \(configuration.costLimit) are allowed. "
                        + "Ask for smaller pages, or for less inside them.",
                    code: .costExceeded,
                    extensions: ["measured": .int(Int64(measured)), "limit": .int(Int64(configuration.costLimit))]))
        }
    }

    /// Refuses the operation when a cursor or a text is none that can be asked with, before anything is executed.
    func check(_ parameters: [Parameter]) throws(Refusal) {
        for parameter in parameters { _ = try value(parameter) }
    }

    func cost(_ cost: Cost) -> Int {
        cost.total { size in
            switch size {
            case .constant(let count): count
            case .argument(let set, let name, _): (try? checkedPageSize(set, name)) ?? 0
            }
        }
    }

    private func checkedPageSize(_ set: Int, _ name: String) throws(Refusal) -> Int {
        let count = arguments[set][name]?.intValue ?? 0
        let maximum = set == exportSet ? configuration.maximumExportSize : configuration.maximumPageSize
        guard count >= 0, count <= maximum else {
            throw Refusal(
                GraphQLError(
                    "“\(name)” of \(sets[set].coordinate) is \(count); it may be 0 to \(maximum).",
                    code: .badPageSize, locations: [sets[set].location],
                    extensions: ["measured": .int(count), "limit": .int(Int64(maximum))]))
        }
        return Int(count)
    }

    private func cursor(_ set: Int, _ argument: String, _ order: CursorOrder) throws(Refusal) -> Cursor {
        let text = arguments[set][argument]?.stringValue ?? ""
        guard let cursor = Cursor(text, of: order, organization: organization) else {
            throw Refusal(
                GraphQLError(
                    "“\(argument)” of \(sets[set].coordinate) is no cursor of this connection in this order. "
                        + "Take one from its edges or pageInfo.",
                    code: .badCursor, locations: [sets[set].location]))
        }
        return cursor
    }

    // MARK: Arguments

    private func argument(
        _ set: Int, _ path: [PathElement], _ kind: ValueKind, isList: Bool
    ) throws(Refusal) -> PostgresValue {
        var value: JSONValue = .object(arguments[set])
        for element in path {
            switch element {
            case .key(let key): value = value[key] ?? .null
            // The shape of what is given is part of the plan's key, so the place is there.
            case .index(let index):
                value = value.arrayValue.flatMap { $0.indices.contains(index) ? $0[index] : nil } ?? .null
            }
        }
        if isList {
            let items = value.arrayValue ?? [value]
            switch kind {
            case .int: return .ints(items.compactMap(\.intValue))
            case .id(let prefix):
                return .uuids(items.compactMap { $0.stringValue.flatMap { OpaqueID.decode($0, prefix: prefix) } })
            case .text, .timestamp, .bool:
                var texts: [String] = []
                for item in items { texts.append(try text(item, kind, set, path)) }
                return .texts(texts)
            }
        }
        switch (kind, value) {
        case (_, .null): return .null
        case (.id(let prefix), .string(let id)): return PostgresValue(OpaqueID.decode(id, prefix: prefix))
        case (.int, .int(let number)): return .int(number)
        case (.bool, .bool(let truth)): return .bool(truth)
        default: return .text(try text(value, kind, set, path))
        }
    }

    private func text(_ value: JSONValue, _ kind: ValueKind, _ set: Int, _ path: [PathElement]) throws(Refusal)
        -> String
    {
        guard let text = value.stringValue else { throw unfit("is not of the type that the schema says", set, path) }
        if text.utf8.contains(0) { throw unfit("must not contain the character U+0000", set, path) }
        if kind == .timestamp, !DateTimeText.isRFC3339(text) {
            throw unfit("is no instant by RFC 3339 such as 2026-11-20T18:15:06.123456+00:00", set, path)
        }
        return text
    }

    private func unfit(_ why: String, _ set: Int, _ path: [PathElement]) -> Refusal {
        Refusal(
            GraphQLError(
                "“\(path.dotted)” of \(sets[set].coordinate) \(why).", code: .badUserInput,
                locations: [sets[set].location]))
    }
}
