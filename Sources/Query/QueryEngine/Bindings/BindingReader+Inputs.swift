import GraphQL
import OrderedCollections

/// What arguments and their types mean: conditions, orders, groups.
extension BindingReader {
    mutating func readFilter(_ input: InputObjectType) {
        var bindings: [FilterField] = []
        for (name, field) in input.fields {
            if let directive = field.directives.first(named: "where") {
                if let binding = condition(directive, field, "\(input.name).\(name)") {
                    bindings.append(.condition(binding))
                }
            } else if let directive = field.directives.first(named: "combine") {
                let arguments = DirectiveArguments(directive, in: schema)
                guard let combination = arguments.name("with").flatMap(FilterField.Combination.init(rawValue:)),
                    field.type.namedType == input.name, field.type.isList == (combination != .not)
                else {
                    errors.append(
                        "\(input.name).\(name): @combine takes a list of \(input.name), and with NOT a single one.")
                    continue
                }
                bindings.append(.combination(inputField: name, combination))
            }
        }
        if !bindings.isEmpty { filters[input.name] = bindings }
    }

    /// Arguments that say a condition by themselves.
    mutating func readConditions(of field: FieldDefinition, _ coordinate: String) {
        for (name, argument) in field.arguments {
            guard let directive = argument.directives.first(named: "where"),
                let binding = condition(directive, argument, "\(coordinate)(\(name):)")
            else { continue }
            argumentConditions[coordinate, default: []].append(binding)
        }
    }

    private mutating func condition(
        _ directive: Directive, _ input: InputValueDefinition, _ coordinate: String
    ) -> WhereBinding? {
        let arguments = DirectiveArguments(directive, in: schema)
        guard let column = arguments.string("column"), SQLName.isValid(column),
            let comparison = arguments.name("operator").flatMap(WhereBinding.Comparison.init(rawValue:))
        else {
            errors.append("\(coordinate): @where needs a plain column name and an operator.")
            return nil
        }
        guard (comparison == .isIn) == input.type.isList else {
            errors.append("\(coordinate): IN goes with a list, every other operator with one value.")
            return nil
        }
        guard let kind = valueKind(of: input.type.namedType, prefix: arguments.string("prefix")) else {
            errors.append("\(coordinate): @where on an ID needs the prefix of the type that it names.")
            return nil
        }
        if [.contains, .startsWith, .has].contains(comparison), kind != .text {
            errors.append("\(coordinate): \(comparison.rawValue) searches in text only.")
        }
        return WhereBinding(inputField: input.name, column: column, comparison: comparison, kind: kind)
    }

    private func valueKind(of type: String, prefix: String?) -> ValueKind? {
        switch type {
        case "Int": .int
        case "Boolean": .bool
        case "DateTime": .timestamp
        case "ID": prefix.map { .id(prefix: $0) }
        default: .text
        }
    }

    mutating func readValues(of enumeration: EnumType) {
        for (name, value) in enumeration.values {
            for directive in value.directives {
                let arguments = DirectiveArguments(directive, in: schema)
                let column = arguments.string("column").flatMap { SQLName.isValid($0) ? $0 : nil }
                let coordinate = "\(enumeration.name).\(name)"
                switch directive.name {
                case "order":
                    guard let column, let direction = arguments.name("direction").flatMap(Direction.init(rawValue:))
                    else {
                        errors.append("\(coordinate): @order needs a plain column name and a direction.")
                        continue
                    }
                    orders[enumeration.name, default: [:]][name] = OrderBinding(column: column, direction: direction)
                case "bucket":
                    guard let unit = arguments.name("unit").flatMap(TimeUnit.init(rawValue:)) else {
                        errors.append("\(coordinate): @bucket needs a unit that the engine knows.")
                        continue
                    }
                    buckets[enumeration.name, default: [:]][name] = unit
                case "group":
                    guard let column else {
                        errors.append("\(coordinate): @group needs a plain column name.")
                        continue
                    }
                    groups[enumeration.name, default: [:]][name] = column
                default: break
                }
            }
        }
    }
}
