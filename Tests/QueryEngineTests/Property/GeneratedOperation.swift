import GraphQL
import OrderedCollections

/// An operation as a tree that can be printed and cut down.
struct GeneratedOperation: Sendable {
    var type = OperationType.query
    var name = GeneratedOperation.usualName
    /// Other operations of the same document.
    var neighbours: [GeneratedOperation] = []
    var variables: [GeneratedVariable] = []
    var selections: [GeneratedSelection] = []
    var fragments: [GeneratedFragment] = []

    static let usualName = "Generated"

    /// The document, the same whichever of its operations this is.
    var text: String {
        ([self] + neighbours).sorted { $0.name < $1.name }.map(\.ownText).joined()
    }

    /// This operation and its fragments: only what is used of the variables and fragments is declared.
    private var ownText: String {
        var used = Uses()
        for selection in selections { used.add(selection, fragments) }
        var text = "\(type.rawValue) \(name)"
        let declared = variables.filter { used.variables.contains($0.name) }
        if !declared.isEmpty { text += "(" + declared.map(\.declaration).joined(separator: ", ") + ")" }
        text += " {\n" + selections.map { $0.text("  ") }.joined() + "}\n"
        for fragment in fragments where used.fragments.contains(fragment.name) {
            text += "fragment \(fragment.name) on \(fragment.type) {\n"
            text += fragment.selections.map { $0.text("  ") }.joined() + "}\n"
        }
        return text
    }

    var usedVariables: [GeneratedVariable] {
        var used = Uses()
        for selection in selections { used.add(selection, fragments) }
        return variables.filter { used.variables.contains($0.name) }
    }

    private struct Uses {
        var variables: Set<String> = []
        var fragments: Set<String> = []

        mutating func add(_ selection: GeneratedSelection, _ known: [GeneratedFragment]) {
            for argument in selection.arguments { add(argument.value) }
            for directive in selection.directives { add(directive.condition) }
            if case .spread(let name) = selection.kind, fragments.insert(name).inserted {
                for child in known.first(where: { $0.name == name })?.selections ?? [] { add(child, known) }
            }
            for child in selection.children { add(child, known) }
        }

        private mutating func add(_ value: GeneratedValue) {
            switch value {
            case .variable(let name): variables.insert(name)
            case .object(let fields): for field in fields { add(field.1) }
            case .list(let items): for item in items { add(item) }
            case .literal: break
            }
        }
    }

    // MARK: Cutting down

    /// Every operation that has one thing less.
    var reductions: [GeneratedOperation] {
        var reductions: [GeneratedOperation] = []
        for index in neighbours.indices {
            var copy = self
            copy.neighbours.remove(at: index)
            reductions.append(copy)
        }
        for selections in GeneratedSelection.reductions(selections) {
            var copy = self
            copy.selections = selections
            reductions.append(copy)
        }
        for (index, fragment) in fragments.enumerated() {
            for selections in GeneratedSelection.reductions(fragment.selections) {
                var copy = self
                copy.fragments[index].selections = selections
                reductions.append(copy)
            }
        }
        return reductions
    }
}

struct GeneratedFragment: Sendable {
    let name: String
    let type: String
    /// Whether it may stand where the type is not known: its response keys carry the types' names.
    let isForAbstract: Bool
    var selections: [GeneratedSelection]
}

struct GeneratedVariable: Sendable {
    let name: String
    let type: TypeReference
    let standard: JSONValue?
    /// Of the default, as it is written.
    let standardText: String
    /// What values it may take.
    let slot: Slot

    var declaration: String { "$\(name): \(type)" + (standard == nil ? "" : " = \(standardText)") }
}

/// What a value is for.
enum Slot: Sendable {
    case pageSize
    case cursor(coordinate: String, orders: [SchemaMeaning.Order])
    /// Of one of these types.
    case id([String])
    case condition(SchemaMeaning.Condition, table: String, TypeReference)
    case filter(String, table: String)
    /// A list of filters.
    case filters(String, table: String)
    case timeZone
    case input(TypeReference)
    case truth
}

indirect enum GeneratedValue: Sendable {
    case variable(String)
    case literal(String)
    case object([(String, GeneratedValue)])
    case list([GeneratedValue])

    var text: String {
        switch self {
        case .variable(let name): "$\(name)"
        case .literal(let text): text
        case .object(let fields): "{" + fields.map { "\($0.0): \($0.1.text)" }.joined(separator: ", ") + "}"
        case .list(let items): "[" + items.map(\.text).joined(separator: ", ") + "]"
        }
    }
}

struct GeneratedDirective: Sendable {
    let name: String
    let condition: GeneratedValue
}

struct GeneratedSelection: Sendable {
    enum Kind: Sendable {
        case field(alias: String?, name: String)
        case inline(on: String?)
        case spread(String)
    }

    struct Argument: Sendable {
        let name: String
        var value: GeneratedValue
        let isRequired: Bool
    }

    var kind: Kind
    var arguments: [Argument] = []
    var directives: [GeneratedDirective] = []
    var children: [GeneratedSelection] = []

    func text(_ indent: String) -> String {
        var text = indent
        switch kind {
        case .field(let alias, let name): text += alias.map { "\($0): " } ?? ""; text += name
        case .inline(let type): text += "..." + (type.map { " on \($0)" } ?? "")
        case .spread(let name): text += "...\(name)"
        }
        if !arguments.isEmpty {
            text += "(" + arguments.map { "\($0.name): \($0.value.text)" }.joined(separator: ", ") + ")"
        }
        for directive in directives { text += " @\(directive.name)(if: \(directive.condition.text))" }
        guard !children.isEmpty else { return text + "\n" }
        return text + " {\n" + children.map { $0.text(indent + "  ") }.joined() + indent + "}\n"
    }

    static func reductions(_ list: [GeneratedSelection]) -> [[GeneratedSelection]] {
        var reductions: [[GeneratedSelection]] = []
        if list.count > 8 {
            reductions += [Array(list.prefix(list.count / 2)), Array(list.suffix(list.count / 2))]
        }
        if list.count > 1 {
            for index in list.indices {
                var copy = list
                copy.remove(at: index)
                reductions.append(copy)
            }
        }
        for (index, selection) in list.enumerated() {
            for reduced in selection.reductions {
                var copy = list
                copy[index] = reduced
                reductions.append(copy)
            }
        }
        return reductions
    }

    private var reductions: [GeneratedSelection] {
        var reductions: [GeneratedSelection] = []
        for index in directives.indices {
            var copy = self
            copy.directives.remove(at: index)
            reductions.append(copy)
        }
        for index in arguments.indices where !arguments[index].isRequired {
            var copy = self
            copy.arguments.remove(at: index)
            reductions.append(copy)
        }
        for index in arguments.indices {
            guard case .object(let fields) = arguments[index].value, fields.count > 1 else { continue }
            for field in fields.indices {
                var copy = self
                var fewer = fields
                fewer.remove(at: field)
                copy.arguments[index].value = .object(fewer)
                reductions.append(copy)
            }
        }
        for children in Self.reductions(children) {
            var copy = self
            copy.children = children
            reductions.append(copy)
        }
        return reductions
    }
}
