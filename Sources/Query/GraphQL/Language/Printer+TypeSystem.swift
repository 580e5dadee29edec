extension Printer {
    mutating func print(_ schema: SchemaDefinitionSyntax) {
        print(description: schema.description)
        text += schema.isExtension ? "extend schema" : "schema"
        print(directives: schema.directives)
        block(schema.operationTypes) { printer, operation in
            printer.text += "\(operation.operationType.rawValue): \(operation.typeName)"
        }
    }

    mutating func print(_ type: TypeDefinitionSyntax) {
        print(description: type.description)
        if type.isExtension { text += "extend " }
        switch type.kind {
        case .scalar:
            text += "scalar \(type.name)"
            print(directives: type.directives)
        case .object(let interfaces, let fields): print(type, "type", interfaces, fields)
        case .interface(let interfaces, let fields): print(type, "interface", interfaces, fields)
        case .union(let members):
            text += "union \(type.name)"
            print(directives: type.directives)
            if !members.isEmpty { list(members, open: " = ", separator: " | ") { $0.text += $1.name } }
        case .enumeration(let values):
            text += "enum \(type.name)"
            print(directives: type.directives)
            block(values) { printer, value in
                printer.print(description: value.description)
                printer.text += value.name
                printer.print(directives: value.directives)
            }
        case .inputObject(let fields):
            text += "input \(type.name)"
            print(directives: type.directives)
            block(fields) { $0.print($1) }
        }
    }

    private mutating func print(
        _ type: TypeDefinitionSyntax, _ keyword: String, _ interfaces: [NamedTypeSyntax],
        _ fields: [FieldDefinitionSyntax]
    ) {
        text += "\(keyword) \(type.name)"
        if !interfaces.isEmpty { list(interfaces, open: " implements ", separator: " & ") { $0.text += $1.name } }
        print(directives: type.directives)
        block(fields) { printer, field in
            printer.print(description: field.description)
            printer.text += field.name
            printer.print(inputValues: field.arguments)
            printer.text += ": \(field.type)"
            printer.print(directives: field.directives)
        }
    }

    mutating func print(_ directive: DirectiveDefinitionSyntax) {
        print(description: directive.description)
        text += "directive @\(directive.name)"
        print(inputValues: directive.arguments)
        if directive.isRepeatable { text += " repeatable" }
        list(directive.locations, open: " on ", separator: " | ") { $0.text += $1.rawValue }
    }

    private mutating func print(inputValues: [InputValueDefinitionSyntax]) {
        guard !inputValues.isEmpty else { return }
        // Descriptions want lines of their own.
        guard inputValues.contains(where: { $0.description != nil }) else {
            list(inputValues, open: "(", close: ")") { $0.print($1) }
            return
        }
        text += "("
        indented { printer in
            for value in inputValues {
                printer.newLine()
                printer.print(value)
            }
        }
        newLine()
        text += ")"
    }

    private mutating func print(_ value: InputValueDefinitionSyntax) {
        print(description: value.description)
        text += "\(value.name): \(value.type)"
        if let defaultValue = value.defaultValue {
            text += " = "
            print(defaultValue)
        }
        print(directives: value.directives)
    }
}
