extension Printer {
    mutating func print(_ operation: OperationDefinition) {
        print(description: operation.description)
        // Behind a type without fields the short form would be taken for its fields.
        let isShort =
            text.isEmpty && operation.operationType == .query && operation.name == nil && operation.description == nil
            && operation.variableDefinitions.isEmpty && operation.directives.isEmpty
        if !isShort {
            text += operation.operationType.rawValue
            if let name = operation.name { text += " \(name)" }
            if !operation.variableDefinitions.isEmpty {
                if operation.name == nil { text += " " }
                print(variableDefinitions: operation.variableDefinitions)
            }
            print(directives: operation.directives)
            text += " "
        }
        print(operation.selectionSet)
    }

    private mutating func print(variableDefinitions: [VariableDefinition]) {
        // Descriptions want lines of their own.
        guard variableDefinitions.contains(where: { $0.description != nil }) else {
            list(variableDefinitions, open: "(", close: ")") { $0.print($1) }
            return
        }
        text += "("
        indented { printer in
            for definition in variableDefinitions {
                printer.newLine()
                printer.print(definition)
            }
        }
        newLine()
        text += ")"
    }

    private mutating func print(_ definition: VariableDefinition) {
        print(description: definition.description)
        text += "$\(definition.name): \(definition.type)"
        if let value = definition.defaultValue {
            text += " = "
            print(value)
        }
        print(directives: definition.directives)
    }

    mutating func print(_ fragment: FragmentDefinition) {
        print(description: fragment.description)
        text += "fragment \(fragment.name) on \(fragment.typeCondition)"
        print(directives: fragment.directives)
        text += " "
        print(fragment.selectionSet)
    }

    private mutating func print(_ selectionSet: SelectionSet) {
        text += "{"
        indented { printer in
            for selection in selectionSet.selections {
                printer.newLine()
                printer.print(selection)
            }
        }
        newLine()
        text += "}"
    }

    private mutating func print(_ selection: Selection) {
        switch selection {
        case .field(let field):
            if let alias = field.alias { text += "\(alias): " }
            text += field.name
            print(arguments: field.arguments)
            print(directives: field.directives)
            if let selectionSet = field.selectionSet {
                text += " "
                print(selectionSet)
            }
        case .fragmentSpread(let spread):
            text += "...\(spread.name)"
            print(directives: spread.directives)
        case .inlineFragment(let fragment):
            text += "..."
            if let typeCondition = fragment.typeCondition { text += " on \(typeCondition)" }
            print(directives: fragment.directives)
            text += " "
            print(fragment.selectionSet)
        }
    }
}
