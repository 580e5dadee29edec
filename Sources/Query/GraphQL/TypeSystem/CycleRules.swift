import OrderedCollections

/// Looks for cycles in a graph of names, without recursion.
///
/// - Returns: for each name that leads back to itself through others not told yet, the names on the way.
private func cycles(_ names: some Sequence<String>, _ next: (String) -> [String]) -> [[String]] {
    var finished: Set<String> = []
    var cycles: [[String]] = []
    for start in names where !finished.contains(start) {
        var path: OrderedSet<String> = [start]
        var pending: [ArraySlice<String>] = [next(start)[...]]
        while var targets = pending.popLast() {
            guard let target = targets.popFirst() else {
                if let done = path.popLast() { finished.insert(done) }
                continue
            }
            pending.append(targets)
            if let index = path.firstIndex(of: target) {
                cycles.append(Array(path[index...]))
            } else if !finished.contains(target) {
                path.append(target)
                pending.append(next(target)[...])
            }
        }
    }
    return cycles
}

extension OrderedSet {
    fileprivate mutating func popLast() -> Element? { isEmpty ? nil : removeLast() }
}

/// Section 3.10, “Circular References”: input objects may refer to each other in a circle if some field of it is nullable
/// or a list. So an input object that needs itself can never be written.
///
/// The fields of a oneOf input are all nullable, and so it breaks every circle, by the letter of the edition: even
/// `input I @oneOf { i: I }` is valid, of which no finite value can be written. Later drafts refuse that.
func checkInputObjectCycles(_ schema: Schema, _ report: inout SchemaReport) {
    let inputs = schema.types.values.compactMap { if case .inputObject(let type) = $0 { type } else { nil } }
    // An input can be written once all it needs can be written: repeat until nothing changes.
    var writable: Set<String> = []
    var hasChanged = true
    while hasChanged {
        hasChanged = false
        for type in inputs where !writable.contains(type.name) {
            let isWritable = type.fields.values.allSatisfy { field in
                guard case .nonNull(.named(let name)) = field.type, case .inputObject? = schema.type(named: name) else {
                    return true
                }
                return writable.contains(name)
            }
            if isWritable {
                writable.insert(type.name)
                hasChanged = true
            }
        }
    }
    for type in inputs where !writable.contains(type.name) {
        report.add(
            "Input “\(type.name)” can never be written, because it needs a value that needs itself.", at: type.location)
    }
}

/// Section 3.13, “Type Validation”: a directive may not use itself, directly or through the arguments of others.
func checkDirectiveCycles(_ schema: Schema, _ report: inout SchemaReport) {
    func directives(in type: String) -> [String] {
        var seen: Set<String> = []
        var used: [String] = []
        var pending = [type]
        while let name = pending.popLast() {
            guard seen.insert(name).inserted, let type = schema.type(named: name) else { continue }
            used += type.directives.map(\.name)
            switch type {
            case .inputObject(let type):
                for field in type.fields.values {
                    used += field.directives.map(\.name)
                    pending.append(field.type.namedType)
                }
            case .enumeration(let type): used += type.values.values.flatMap { $0.directives.map(\.name) }
            default: break
            }
        }
        return used
    }
    let found = cycles(schema.directives.keys) { name in
        (schema.directives[name]?.arguments.values.elements ?? []).flatMap { argument in
            argument.directives.map(\.name) + directives(in: argument.type.namedType)
        }
    }
    for cycle in found {
        report.add(
            "Directive “@\(cycle[0])” uses itself.", at: schema.directives[cycle[0]]?.location ?? .none)
    }
}

/// Section 3.10, “Circular References” of default values: a default whose own value needs that default again.
func checkDefaultValueCycles(_ schema: Schema, _ report: inout SchemaReport) {
    // The defaults that a literal of a type leads to: those of all fields that it leaves out.
    func defaults(in literal: Value, of type: String) -> [String] {
        guard case .inputObject(let input)? = schema.type(named: type) else { return [] }
        var found: [String] = []
        var pending: [(Value, InputObjectType)] = [(literal, input)]
        while let (value, input) = pending.popLast() {
            if case .list(let items) = value.kind { pending += items.map { ($0, input) } }
            guard case .object(let fields) = value.kind else { continue }
            for field in input.fields.values {
                if let given = fields.first(where: { $0.name == field.name }) {
                    if case .inputObject(let inner)? = schema.type(named: field.type.namedType) {
                        pending.append((given.value, inner))
                    }
                } else if field.defaultValue != nil {
                    found.append("\(input.name).\(field.name)")
                }
            }
        }
        return found
    }
    var fields: OrderedDictionary<String, InputValueDefinition> = [:]
    for case .inputObject(let type) in schema.types.values {
        for field in type.fields.values where field.defaultValue != nil { fields["\(type.name).\(field.name)"] = field }
    }
    let found = cycles(fields.keys) { coordinate in
        guard let field = fields[coordinate], let literal = field.defaultValue else { return [] }
        return defaults(in: literal, of: field.type.namedType)
    }
    for cycle in found {
        report.add("The default of “\(cycle[0])” needs itself.", at: fields[cycle[0]]?.location ?? .none)
    }
}
