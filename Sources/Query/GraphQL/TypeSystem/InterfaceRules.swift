import OrderedCollections

/// `IsValidImplementation` of sections 3.6 and 3.7, for each interface that a type says to implement.
func checkInterfaces(of type: NamedType, _ schema: Schema, _ report: inout SchemaReport) {
    for name in type.interfaces {
        guard case .interface(let interface)? = schema.type(named: name) else {
            report.add(
                "“\(type.name)” implements “\(name)”, which is not a defined interface.",
                at: report.place(of: name, in: type))
            continue
        }
        guard name != type.name else {
            report.add("Interface “\(name)” cannot implement itself.", at: report.place(of: name, in: type))
            continue
        }
        for inherited in interface.interfaces where !type.interfaces.contains(inherited) {
            let message =
                inherited == type.name
                ? "“\(type.name)” and “\(name)” implement each other."
                : "“\(type.name)” must implement “\(inherited)” because “\(name)” does."
            report.add(message, at: report.place(of: name, in: type))
        }
        for expected in interface.fields.values {
            checkField(expected, of: interface, in: type, schema, &report)
        }
    }
}

private func checkField(
    _ expected: FieldDefinition, of interface: InterfaceType, in type: NamedType, _ schema: Schema,
    _ report: inout SchemaReport
) {
    let wanted = "\(interface.name).\(expected.name)"
    guard let field = type.fields?[expected.name] else {
        report.add(
            "“\(type.name)” lacks the field “\(expected.name)” of interface “\(interface.name)”.", at: type.location)
        return
    }
    let found = "\(type.name).\(field.name)"
    if !schema.isSubtype(field.type, of: expected.type) {
        report.add(
            "“\(found)” has the type “\(field.type)”, which is no subtype of “\(expected.type)” as “\(wanted)” has it.",
            at: field.location)
    }
    if field.deprecationReason != nil, expected.deprecationReason == nil {
        report.add("“\(found)” is deprecated, but “\(wanted)” is not.", at: field.location)
    }
    for argument in expected.arguments.values {
        guard let own = field.arguments[argument.name] else {
            report.add("“\(found)” lacks the argument “\(argument.name)” of “\(wanted)”.", at: field.location)
            continue
        }
        if own.type != argument.type {
            report.add(
                "“\(found)(\(argument.name):)” has the type “\(own.type)”; “\(wanted)” has “\(argument.type)”.",
                at: own.location)
        }
    }
    for argument in field.arguments.values where argument.isRequired && expected.arguments[argument.name] == nil {
        report.add(
            "“\(found)(\(argument.name):)” is required, but “\(wanted)” does not have it.", at: argument.location)
    }
}
