import GraphQL
import OrderedCollections

/// What rows are asked for: from filters and arguments to predicates. Which fields of a filter are present shapes the plan;
/// what they hold does not.
extension Planner {
    /// What the arguments of a field demand: those that are present and not null.
    func conditions(
        _ definition: FieldDefinition, set: Int, _ field: Field, _ coordinate: String
    ) throws(Refusal) -> [Predicate] {
        let arguments = currentArguments[set]
        var predicates: [Predicate] = []
        var budget = configuration.filterSize
        for binding in catalog.argumentConditions[coordinate] ?? [] {
            guard let value = arguments[binding.inputField], !value.isNull else { continue }
            predicates.append(condition(binding, at: [], set: set))
        }
        for (name, argument) in definition.arguments {
            guard catalog.filters[argument.type.namedType] != nil, let filter = arguments[name]?.objectValue else {
                continue
            }
            predicates += try self.predicates(
                filter, argument.type.namedType, at: [.key(name)], set: set, field, budget: &budget)
        }
        return predicates
    }

    /// All of them must hold.
    ///
    /// - Parameter budget: how many more filters and conditions there may be. It also bounds how deep this goes.
    private func predicates(
        _ filter: OrderedDictionary<String, JSONValue>, _ type: String, at path: [PathElement], set: Int,
        _ field: Field, budget: inout Int
    ) throws(Refusal) -> [Predicate] {
        var predicates: [Predicate] = []
        for binding in catalog.filters[type] ?? [] {
            switch binding {
            case .condition(let condition):
                guard let value = filter[condition.inputField], !value.isNull else { continue }
                try spend(&budget, field)
                predicates.append(self.condition(condition, at: path, set: set))
            case .combination(let name, let combination):
                guard let value = filter[name], !value.isNull else { continue }
                var parts: [Predicate] = []
                let filters: [(path: [PathElement], value: JSONValue)] =
                    value.arrayValue.map { items in
                        items.enumerated().map { (path + [.key(name), .index($0.offset)], $0.element) }
                    } ?? [(path + [.key(name)], value)]
                for (path, value) in filters {
                    try spend(&budget, field)
                    let inner = try self.predicates(
                        value.objectValue ?? [:], type, at: path, set: set, field, budget: &budget)
                    parts.append(inner.count == 1 ? inner[0] : .all(inner))
                }
                switch combination {
                case .all: predicates.append(.all(parts))
                case .any: predicates.append(.any(parts))
                case .not: predicates.append(.not(parts.first ?? .all([])))
                }
            }
        }
        return predicates
    }

    private func condition(_ binding: WhereBinding, at path: [PathElement], set: Int) -> Predicate {
        let parameter = Parameter.argument(
            set: set, path: path + [.key(binding.inputField)], kind: binding.kind,
            isList: binding.comparison == .isIn)
        return .condition(Condition(column: binding.column, comparison: binding.comparison, parameter: parameter))
    }

    private func spend(_ budget: inout Int, _ field: Field) throws(Refusal) {
        budget -= 1
        guard budget < 0 else { return }
        throw Refusal(
            GraphQLError(
                "The filter of “\(field.name)” holds more than \(configuration.filterSize) conditions and filters. "
                    + "Ask for less at once; a list of values in one condition counts once.",
                code: .filterTooLarge, locations: [field.location],
                extensions: ["limit": .int(Int64(configuration.filterSize))]))
    }
}
