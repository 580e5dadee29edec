import OrderedCollections

/// Section 3.6.1: a default value fits its type.
func checkDefaultValues(_ schema: Schema, _ report: inout SchemaReport) {
    for (_, value) in schema.ownInputValues {
        guard let literal = value.defaultValue else { continue }
        check(literal, value.type, schema, &report)
    }
}

/// The directives that a schema's text applies are defined, stand where they may, once, with arguments that fit.
func checkAppliedDirectives(_ schema: Schema, _ report: inout SchemaReport) {
    func check(_ directives: [Directive], _ place: DirectiveLocation) {
        var seen: Set<String> = []
        for directive in directives {
            guard let definition = schema.directives[directive.name] else {
                report.add("There is no directive “@\(directive.name)”.", at: directive.location)
                continue
            }
            if !definition.locations.contains(place) {
                report.add(
                    "Directive “@\(directive.name)” may not be used on \(place.rawValue).", at: directive.location)
            }
            if !definition.isRepeatable, !seen.insert(directive.name).inserted {
                report.add(
                    "Directive “@\(directive.name)” may be used only once at this place.", at: directive.location)
            }
            checkArguments(of: directive, definition, schema, &report)
        }
    }
    check(schema.appliedDirectives, .schema)
    for (place, value) in schema.ownInputValues { check(value.directives, place) }
    for type in schema.types.values where type.location != .none {
        let place: DirectiveLocation
        switch type {
        case .scalar: place = .scalar
        case .object: place = .object
        case .interface: place = .interface
        case .union: place = .union
        case .enumeration(let type):
            place = .enumeration
            for value in type.values.values { check(value.directives, .enumValue) }
        case .inputObject: place = .inputObject
        }
        check(type.directives, place)
        for field in (type.fields ?? [:]).values { check(field.directives, .fieldDefinition) }
    }
}

private func checkArguments(
    of directive: Directive, _ definition: DirectiveDefinition, _ schema: Schema, _ report: inout SchemaReport
) {
    var seen: Set<String> = []
    for argument in directive.arguments {
        if !seen.insert(argument.name).inserted {
            report.add("Argument “\(argument.name)” is given twice.", at: argument.location)
        }
        guard let expected = definition.arguments[argument.name] else {
            report.add("Directive “@\(directive.name)” has no argument “\(argument.name)”.", at: argument.location)
            continue
        }
        check(argument.value, expected.type, schema, &report)
    }
    for expected in definition.arguments.values where expected.isRequired && !seen.contains(expected.name) {
        report.add("Directive “@\(directive.name)” needs the argument “\(expected.name)”.", at: directive.location)
    }
}

/// The rules on values of section 5.6, for a literal in a schema's text.
private func check(_ literal: Value, _ type: TypeReference, _ schema: Schema, _ report: inout SchemaReport) {
    var values = TypedValues()
    let schema = VisibleSchema(schema)
    values.add(literal, type: type, namedType: schema.type(named: type.namedType), schema: schema)
    var found = ValidationReport(options: ValidationOptions())
    for value in values.values {
        if let problem = literalProblem(value, schema, found) { found.add(problem, at: value.value.location) }
        checkInputFieldNames(value, schema, &found)
        checkInputFieldUniqueness(value.value, &found)
        checkRequiredInputFields(value, &found)
    }
    for error in found.sortedErrors { report.add(error.message, at: error.locations.first ?? .none) }
}

extension Schema {
    /// All arguments and input fields that are not built in, each with the name of its place.
    fileprivate var ownInputValues: [(place: DirectiveLocation, value: InputValueDefinition)] {
        var values: [(DirectiveLocation, InputValueDefinition)] = []
        for type in types.values where type.location != .none {
            if case .inputObject(let input) = type {
                values += input.fields.values.map { (.inputFieldDefinition, $0) }
            }
            for field in (type.fields ?? [:]).values {
                values += field.arguments.values.map { (.argumentDefinition, $0) }
            }
        }
        for directive in directives.values where directive.location != .none {
            values += directive.arguments.values.map { (.argumentDefinition, $0) }
        }
        return values
    }
}
