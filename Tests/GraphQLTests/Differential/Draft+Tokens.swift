import GraphQL

extension Draft {
    /// The document as lexical tokens, each as text.
    func tokens(_ random: inout SeededRandom) -> [String] {
        var writer = TokenWriter()
        for operation in operations { writer.write(operation, isAlone: operations.count == 1, &random) }
        for fragment in fragments { writer.write(fragment, &random) }
        for other in others { writer.tokens += tokenize(other) }
        return writer.tokens
    }
}

private struct TokenWriter {
    var tokens: [String] = []

    mutating func write(_ operation: DraftOperation, isAlone: Bool, _ random: inout SeededRandom) {
        let isPlain = operation.name == nil && operation.variables.isEmpty && operation.directives.isEmpty
        if !(isPlain && operation.type == .query && random.chance(isAlone ? 70 : 30)) {
            describe(&random)
            tokens.append(operation.type.rawValue)
            if let name = operation.name { tokens.append(name) }
            if !operation.variables.isEmpty {
                tokens.append("(")
                for variable in operation.variables {
                    describe(&random)
                    tokens += ["$", variable.name, ":"]
                    write(variable.type)
                    if let value = variable.defaultValue {
                        tokens.append("=")
                        write(value)
                    }
                    write(variable.directives)
                }
                tokens.append(")")
            }
            write(operation.directives)
        }
        write(operation.selectionSet)
    }

    mutating func write(_ fragment: DraftFragment, _ random: inout SeededRandom) {
        describe(&random)
        tokens += ["fragment", fragment.name, "on", fragment.typeCondition]
        write(fragment.directives)
        write(fragment.selectionSet)
    }

    /// Descriptions on operations, fragments and variables are new in the September 2025 edition.
    private mutating func describe(_ random: inout SeededRandom) {
        if random.chance(5) { tokens.append(random.pick(["\"What it is for\"", "\"\"\"\n  Größe\n    tief\n\"\"\""])) }
    }

    private mutating func write(_ type: TypeReference) {
        switch type {
        case .named(let name): tokens.append(name)
        case .list(let item):
            tokens.append("[")
            write(item)
            tokens.append("]")
        case .nonNull(let nullable):
            write(nullable)
            tokens.append("!")
        }
    }

    private mutating func write(_ set: DraftSelectionSet) {
        tokens.append("{")
        for selection in set.selections {
            switch selection {
            case .field(let field):
                if let alias = field.alias { tokens += [alias, ":"] }
                tokens.append(field.name)
                write(field.arguments)
                write(field.directives)
                if let selectionSet = field.selectionSet { write(selectionSet) }
            case .spread(let spread):
                tokens += ["...", spread.name]
                write(spread.directives)
            case .inline(let fragment):
                tokens.append("...")
                if let type = fragment.typeCondition { tokens += ["on", type] }
                write(fragment.directives)
                write(fragment.selectionSet)
            }
        }
        tokens.append("}")
    }

    private mutating func write(_ directives: [DraftDirective]) {
        for directive in directives {
            tokens += ["@", directive.name]
            write(directive.arguments)
        }
    }

    private mutating func write(_ arguments: [DraftArgument]) {
        guard !arguments.isEmpty else { return }
        tokens.append("(")
        for argument in arguments { write(argument) }
        tokens.append(")")
    }

    private mutating func write(_ argument: DraftArgument) {
        tokens += [argument.name, ":"]
        write(argument.value)
    }

    private mutating func write(_ value: DraftValue) {
        switch value {
        case .text(let text): tokens += tokenize(text)
        case .variable(let name): tokens += ["$", name]
        case .list(let items):
            tokens.append("[")
            for item in items { write(item) }
            tokens.append("]")
        case .object(let object):
            tokens.append("{")
            for field in object.fields { write(field) }
            tokens.append("}")
        }
    }
}
