import OrderedCollections

/// The type validity rules of section 3, on types that are already merged. Built-in ones are taken for right.
func checkTypeSystem(_ schema: Schema, _ report: inout SchemaReport) {
    for type in schema.types.values where type.location != .none {
        checkName(type.name, "Type", at: type.location, &report)
        switch type {
        case .scalar: break
        case .object, .interface:
            checkFields(of: type, schema, &report)
            checkInterfaces(of: type, schema, &report)
        case .union(let union): checkMembers(of: union, schema, &report)
        case .enumeration(let type): checkValues(of: type, &report)
        case .inputObject(let type): checkInputFields(of: type, schema, &report)
        }
    }
    for directive in schema.directives.values where directive.location != .none {
        checkName("@\(directive.name)", "Directive", at: directive.location, &report)
        checkArguments(directive.arguments, of: "@\(directive.name)", schema, &report)
    }
    // What follows reads values, and so needs types that are in order.
    guard report.errors.isEmpty else { return }
    checkDirectiveCycles(schema, &report)
    checkInputObjectCycles(schema, &report)
    guard report.errors.isEmpty else { return }
    checkDefaultValues(schema, &report)
    checkAppliedDirectives(schema, &report)
    guard report.errors.isEmpty else { return }
    checkDefaultValueCycles(schema, &report)
}

/// Names that begin with two underscores belong to introspection.
private func checkName(_ name: String, _ kind: String, at location: SourceLocation, _ report: inout SchemaReport) {
    if BuiltInDefinitions.isReserved(name.first == "@" ? String(name.dropFirst()) : name) {
        report.add("\(kind) “\(name)”: names that begin with “__” are reserved.", at: location)
    }
}

/// Sections 3.6 and 3.7, “Type Validation”.
private func checkFields(of type: NamedType, _ schema: Schema, _ report: inout SchemaReport) {
    let fields = type.fields ?? [:]
    if fields.isEmpty { report.add("Type “\(type.name)” must have at least one field.", at: type.location) }
    for field in fields.values {
        let coordinate = "\(type.name).\(field.name)"
        checkName(field.name, "Field", at: field.location, &report)
        if let fieldType = schema.type(named: field.type.namedType) {
            if !fieldType.isOutput {
                report.add(
                    "Field “\(coordinate)” has the input type “\(field.type)”; it needs an output type.",
                    at: field.location)
            }
        } else {
            report.add("Field “\(coordinate)” has the type “\(field.type)”, which is not defined.", at: field.location)
        }
        checkArguments(field.arguments, of: coordinate, schema, &report)
    }
}

func checkArguments(
    _ arguments: OrderedDictionary<String, InputValueDefinition>, of owner: String, _ schema: Schema,
    _ report: inout SchemaReport
) {
    for argument in arguments.values {
        checkName(argument.name, "Argument", at: argument.location, &report)
        checkInputValue(argument, "\(owner)(\(argument.name):)", schema, &report)
    }
}

private func checkInputValue(
    _ value: InputValueDefinition, _ coordinate: String, _ schema: Schema, _ report: inout SchemaReport
) {
    if let type = schema.type(named: value.type.namedType) {
        if !type.isInput {
            report.add(
                "“\(coordinate)” has the output type “\(value.type)”; it needs an input type.", at: value.location)
        }
    } else {
        report.add("“\(coordinate)” has the type “\(value.type)”, which is not defined.", at: value.location)
    }
    if value.isRequired, value.deprecationReason != nil {
        report.add("“\(coordinate)” is required and so cannot be deprecated.", at: value.location)
    }
}

/// Section 3.8, “Type Validation”.
private func checkMembers(of union: UnionType, _ schema: Schema, _ report: inout SchemaReport) {
    if union.members.isEmpty { report.add("Union “\(union.name)” must have at least one member.", at: union.location) }
    for member in union.members {
        if case .object? = schema.type(named: member) { continue }
        report.add(
            "Union “\(union.name)” has the member “\(member)”, which is not a defined object type.",
            at: report.place(of: member, in: .union(union)))
    }
}

/// Section 3.9, “Type Validation”.
private func checkValues(of type: EnumType, _ report: inout SchemaReport) {
    if type.values.isEmpty { report.add("Enum “\(type.name)” must have at least one value.", at: type.location) }
    for value in type.values.values { checkName(value.name, "Enum value", at: value.location, &report) }
}

/// Section 3.10, “Type Validation”.
private func checkInputFields(of type: InputObjectType, _ schema: Schema, _ report: inout SchemaReport) {
    if type.fields.isEmpty { report.add("Input “\(type.name)” must have at least one field.", at: type.location) }
    for field in type.fields.values {
        let coordinate = "\(type.name).\(field.name)"
        checkName(field.name, "Input field", at: field.location, &report)
        checkInputValue(field, coordinate, schema, &report)
        guard type.isOneOf else { continue }
        if field.type.isNonNull {
            report.add("“\(coordinate)” belongs to a oneOf input, so its type must be nullable.", at: field.location)
        }
        if field.defaultValue != nil {
            report.add("“\(coordinate)” belongs to a oneOf input, so it cannot have a default.", at: field.location)
        }
    }
}
