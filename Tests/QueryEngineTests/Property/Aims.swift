import GraphQL
import OrderedCollections
import QueryEngine
import Synchronization

/// Ways through the schema to what came up too seldom so far. A schema grows, and the deeper something stands in it, the
/// more seldom chance alone gets there; a document with an aim goes there first and elsewhere by chance.
final class Aims: Sendable {
    private let meaning: SchemaMeaning
    /// What has to come up: `Type.field`, `Type.field(argument:)`, `Input.field`, `Order.VALUE`.
    private let coordinates: [String]
    private let root: String
    /// How often a worker aims at something before it leaves it to chance.
    private let enough: Int
    private let sources = Mutex<[Role: [String: [String]]]>([:])
    private let distances = Mutex<[String: [String: Int]]>([:])
    private let within = Mutex<[Role: [String]]>([:])

    /// - Parameters:
    ///   - root: the type that operations begin at.
    ///   - least: how often all workers together have to ask for each coordinate.
    init(at coordinates: [String], from root: String, least: Int, in meaning: SchemaMeaning) {
        self.coordinates = coordinates
        self.root = root
        self.meaning = meaning
        enough = max(1, least / 2)
    }

    /// For every other document, while anything came up too seldom.
    func aim(as role: Role, after coverage: [String: Int], _ random: inout SeededRandom) -> Aim? {
        guard random.chance(50) else { return nil }
        var rare = coordinates(as: role).filter { (coverage[$0] ?? 0) < enough }
        // Mostly at the rarest. It may be one that is refused whenever it is asked, so that it stays the rarest.
        if random.chance(60), let least = rare.map({ coverage[$0] ?? 0 }).min() {
            rare = rare.filter { (coverage[$0] ?? 0) == least }
        }
        guard let coordinate = random.pick(rare) else { return nil }
        return Aim(coordinate: coordinate, distances: distances(to: Aim.owner(of: coordinate), as: role))
    }

    /// Those that the role may ask for.
    private func coordinates(as role: Role) -> [String] {
        if let known = within.withLock({ $0[role] }) { return known }
        let open = coordinates.filter { coordinate in
            let owner = Aim.owner(of: coordinate)
            guard distances(to: owner, as: role)[root] != nil else { return false }
            let name = coordinate.dropFirst(owner.count + 1).prefix { $0 != "(" }
            guard let field = meaning.schema.type(named: owner)?.fields?[String(name)] else { return true }
            return meaning.allows(role, field, in: owner)
        }
        within.withLock { $0[role] = open }
        return open
    }

    /// How many steps each type is away from this one.
    private func distances(to owner: String, as role: Role) -> [String: Int] {
        let key = "\(role.rawValue) \(owner)"
        if let known = distances.withLock({ $0[key] }) { return known }
        let sources = sources(as: role)
        var found = [owner: 0]
        var open = [owner]
        var distance = 0
        while !open.isEmpty {
            distance += 1
            open = open.flatMap { sources[$0] ?? [] }.filter { found[$0] == nil }
            for type in open { found[type] = distance }
        }
        distances.withLock { $0[key] = found }
        return found
    }

    /// From where one step leads to a type.
    private func sources(as role: Role) -> [String: [String]] {
        sources.withLock { known in
            if let sources = known[role] { return sources }
            var sources: [String: [String]] = [:]
            for (name, type) in meaning.schema.types where !name.hasPrefix("__") {
                if case .inputObject(let input) = type {
                    for field in input.fields.values { sources[field.type.namedType, default: []].append(name) }
                }
                for field in type.fields?.values.elements ?? [] where meaning.allows(role, field, in: name) {
                    for target in Aim.targets(of: field) { sources[target, default: []].append(name) }
                }
                if type.isAbstract {
                    for possible in meaning.schema.possibleTypes(of: name) where meaning.allows(role, type: possible) {
                        sources[possible, default: []].append(name)
                    }
                }
            }
            known[role] = sources
            return sources
        }
    }
}

/// One of them, for one document.
struct Aim: Sendable {
    let coordinate: String
    fileprivate let distances: [String: Int]

    /// Of `Type.field(argument:)`, the type.
    static func owner(of coordinate: String) -> String { String(coordinate.prefix { $0 != "." }) }

    /// The types that a field's answer and its arguments lead to.
    static func targets(of field: FieldDefinition) -> [String] {
        [field.type.namedType] + field.arguments.values.map(\.type.namedType)
    }

    func isNearer(_ target: String, than type: String) -> Bool {
        guard let own = distances[type], let other = distances[target] else { return false }
        return other < own
    }

    /// Whether the field of the type is the goal, or leads there.
    func isServed(by field: FieldDefinition, of type: String) -> Bool {
        isGoal("\(type).\(field.name)") || Self.targets(of: field).contains { isNearer($0, than: type) }
    }

    /// Whether the argument of the field is the goal, or leads there.
    func isServed(by argument: InputValueDefinition, of field: FieldDefinition, in type: String) -> Bool {
        coordinate == "\(type).\(field.name)(\(argument.name):)" || isNearer(argument.type.namedType, than: type)
    }

    /// Whether the field of an input is the goal, or leads there.
    func isServed(by field: InputValueDefinition, ofInput input: String) -> Bool {
        coordinate == "\(input).\(field.name)" || isNearer(field.type.namedType, than: input)
    }

    /// Whether this, or an argument of it, is what is aimed at.
    func isGoal(_ place: String) -> Bool { coordinate == place || coordinate.hasPrefix(place + "(") }
}
