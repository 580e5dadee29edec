import Foundation
import GraphQL
import OrderedCollections
import Postgres
import QueryEngine
import Testing

/// Random valid operations over the whole schema, by the engine over PostgreSQL and by an interpreter of the specification
/// over the same rows: equal byte for byte.
///
/// `SWITCHBOARD_PROPERTY_SEED` gives other cases, `SWITCHBOARD_PROPERTY_COUNT` more or fewer queries.
@Suite struct PropertyTests {
    static let seed = number("SWITCHBOARD_PROPERTY_SEED", 20_261_121)
    /// Documents. Each is asked with `rounds` sets of variables and callers.
    static let documents = Int(number("SWITCHBOARD_PROPERTY_COUNT", 10_000) + UInt64(rounds) - 1) / rounds
    static let rounds = 2

    static func number(_ name: String, _ standard: UInt64) -> UInt64 {
        ProcessInfo.processInfo.environment[name].flatMap(UInt64.init) ?? standard
    }

    struct Tally: Sendable {
        var operations = 0
        var plans = 0
        var refused = 0
        var codes: [String: Int] = [:]
        var coverage: [String: Int] = [:]
        var failures: [(index: Int, PropertyCase)] = []

        mutating func add(_ verdict: PropertyCase.Verdict, _ index: Int, _ tried: PropertyCase) {
            operations += 1
            switch verdict {
            case .equal(let coordinates, let isNewPlan, let isRefused, let faults):
                plans += isNewPlan && !isRefused ? 1 : 0
                refused += isRefused ? 1 : 0
                for fault in faults { codes[fault.code, default: 0] += 1 }
                for coordinate in coordinates { coverage[coordinate, default: 0] += 1 }
            case .different: failures.append((index, tried))
            }
        }

        mutating func add(_ other: Tally) {
            operations += other.operations
            plans += other.plans
            refused += other.refused
            codes.merge(other.codes) { $0 + $1 }
            coverage.merge(other.coverage) { $0 + $1 }
            failures += other.failures
        }
    }

    // MARK: Queries

    /// The case's document, and who asks it in each round.
    private static func cases(
        _ index: Int, after coverage: [String: Int], _ aims: Aims, in world: MarkedWorld
    ) -> [PropertyCase] {
        var random = SeededRandom(seed: seed, stream: index)
        let home = random.chance(50) ? MarkedTenant.alpha : .beta
        let role = random.pick(index % 6 == 0 ? platformRoles : tenantRoles) ?? .owner
        let isPlatform = platformRoles.contains(role)
        let organization = isPlatform ? nil : home.organizationID
        let aim = aims.aim(as: role, after: coverage, &random)
        var drawing = world.values(for: organization)
        drawing.aim = aim
        var generator = DocumentGenerator(
            meaning: world.meaning, values: drawing, role: role,
            random: SeededRandom(seed: random.next(), stream: index))
        let operations = generator.document(of: generator.query())
        return (0..<rounds).map { round in
            let operation = operations[(index + round) % operations.count]
            // Mostly the one whom it was drawn for; now and then the neighbour, another role, or one whose organization
            // is gone.
            let tenant = random.chance(10) ? home.other : home
            var caller = isPlatform ? platformCaller(role) : tenant.caller(role)
            if round > 0, !isPlatform, random.chance(6) { caller = tenant.caller(random.pick(tenantRoles) ?? .owner) }
            if random.chance(1) { caller = platformCaller(role) }
            if random.chance(2), !isPlatform { caller = gone(role) }
            var values = world.values(for: caller.organization?.description.lowercased())
            values.aim = aim
            var tried = PropertyCase(
                operation: operation, variables: operation.variables(from: values, &random), caller: caller)
            // A name that is none, or none where one must be.
            if random.chance(operations.count > 1 ? 10 : 1) {
                let names: [String?] = [nil, "Nobody", operation.name]
                tried.operationName = random.pick(names) ?? nil
            }
            return tried
        }
    }

    static let tenantRoles: [Role] = [.owner, .owner, .owner, .admin, .agent, .viewer]
    static let platformRoles: [Role] = [.platformAdmin, .platformAuditor]

    static func platformCaller(_ role: Role) -> Caller {
        Caller(kind: MarkedTenant.platform.kind, role: role, organization: nil, requestID: "request")
    }

    private static func gone(_ role: Role) -> Caller {
        let id = OrganizationID(UUID(uuidString: "00000000-0000-4000-8000-00000000dead") ?? UUID())
        return Caller(kind: MarkedTenant.platform.kind, role: role, organization: id, requestID: "request")
    }

    /// Spreads the cases over as many tasks as keep both cores and the database busy. Each knows what it asked itself, and
    /// nothing of the others: so the same seed draws the same cases, whichever is the faster.
    static func tally(
        _ count: Int, width: Int = 6,
        _ body: @escaping @Sendable (Int, Tally) async throws -> [(PropertyCase, PropertyCase.Verdict)]
    ) async throws -> Tally {
        try await withThrowingTaskGroup(of: Tally.self) { group in
            for worker in 0..<width {
                group.addTask {
                    var tally = Tally()
                    for index in stride(from: worker, to: count, by: width) {
                        for (tried, verdict) in try await body(index, tally) { tally.add(verdict, index, tried) }
                        if tally.failures.count >= 3 { break }
                    }
                    return tally
                }
            }
            var tally = Tally()
            while let part = try await group.next() { tally.add(part) }
            return tally
        }
    }

    @Test func `the engine answers as an interpreter of the specification does, byte for byte`() async throws {
        try await withInterpretedWorld { world in
            let root = world.meaning.schema.queryType.name
            let coordinates = Self.coordinates(from: root, world.meaning)
            let aims = Aims(at: coordinates, from: root, least: Self.least(20), in: world.meaning)
            let tally = try await Self.tally(Self.documents) { index, soFar in
                var verdicts: [(PropertyCase, PropertyCase.Verdict)] = []
                for tried in Self.cases(index, after: soFar.coverage, aims, in: world) {
                    verdicts.append((tried, await tried.run(in: world)))
                }
                return verdicts
            }
            await Self.expectNoFailures(tally, in: world)
            Self.tell("queries", tally)
            let atOnce = tally.coverage[PropertyCase.shortWay] ?? 0
            print("queries answered at once, too: \(atOnce)")
            #expect(atOnce > Self.documents / 5)
            // What is rare in rows and requests did come up.
            for code in ["INT_OUT_OF_RANGE", "OPERATION_RESOLUTION_FAILURE", "WRONG_OPERATION_TYPE"] {
                #expect((tally.codes[code] ?? 0) >= max(1, Self.documents / 1000), "\(code)")
            }
            Self.expect(tally, covers: coordinates)
        }
    }

    // MARK: Mutations

    /// What commands do is their own tests' business. Here they name rows that are there, and refuse at times; the payload's
    /// selection is the engine's.
    @Test func `a mutation's payload is what the interpreter makes of it`() async throws {
        try await withInterpretedWorld { world in
            let root = world.meaning.schema.mutationType?.name ?? ""
            let coordinates = Self.coordinates(from: root, world.meaning, within: [root])
            let aims = Aims(at: coordinates, from: root, least: Self.least(10), in: world.meaning)
            let tally = try await Self.tally(Self.documents / 4) { index, soFar in
                var random = SeededRandom(seed: Self.seed &+ 1, stream: index)
                let home = random.chance(50) ? MarkedTenant.alpha : .beta
                let role = random.pick([Role.owner, .owner, .admin, .agent]) ?? .owner
                var values = world.values(for: home.organizationID)
                values.aim = aims.aim(as: role, after: soFar.coverage, &random)
                var generator = DocumentGenerator(
                    meaning: world.meaning, values: values, role: role,
                    random: SeededRandom(seed: random.next(), stream: index))
                guard let mutation = generator.mutation() else { return [] }
                let operation = generator.document(of: mutation)[0]
                let tried = PropertyCase(
                    operation: operation, variables: operation.variables(from: values, &random),
                    caller: home.caller(role))
                return [(tried, await tried.run(in: world))]
            }
            await Self.expectNoFailures(tally, in: world)
            Self.tell("mutations", tally)
            Self.expect(tally, covers: coordinates, atLeast: 10)
        }
    }

    // MARK: Subscriptions

    /// Three rows change in one transaction; each that passes the filter is told, in order, by the selection.
    @Test(.timeLimit(.minutes(5)))
    func `a subscription's events are what the interpreter makes of the changed rows`() async throws {
        try await withInterpretedWorld { world in
            let root = world.meaning.schema.subscriptionType?.name ?? ""
            let coordinates = Self.coordinates(from: root, world.meaning, within: [root])
            // One after the other: each would hear of the others' changes. So one worker aims for all.
            let aims = Aims(at: coordinates, from: root, least: 2 * Self.least(5), in: world.meaning)
            let tally = try await Self.tally(Self.documents / 8, width: 1) { index, soFar in
                try await Self.subscribe(index, after: soFar.coverage, aims, in: world)
            }
            Self.tell("events", tally)
            Self.expect(tally, covers: coordinates, atLeast: 5)
        }
    }

    /// What one subscription asks, and what the interpreter makes of the rows.
    private struct Drawn {
        let tried: PropertyCase
        let request: EngineRequest
        let kind: String
        let home: MarkedTenant
        let rows: [Row]
        /// A row that passes the filter, so that there is an end to wait for; `nil` where the subscription is refused.
        let last: Row?
        let expected: (Row) -> Interpreter.Result?
        let passes: (Row) -> Bool
    }

    /// Most filters let no row pass, and then there is nothing to wait for. Every other subscription has one that does.
    private static func draw(
        _ index: Int, after coverage: [String: Int], _ aims: Aims, in world: MarkedWorld
    ) -> Drawn? {
        var random = SeededRandom(seed: seed &+ 2, stream: index)
        for _ in 0..<24 {
            guard let drawn = draw(&random, index, after: coverage, aims, in: world) else { continue }
            if index.isMultiple(of: 2) || drawn.tried.operation.text.contains("filter:") { return drawn }
        }
        return nil
    }

    private static func draw(
        _ random: inout SeededRandom, _ index: Int, after coverage: [String: Int], _ aims: Aims, in world: MarkedWorld
    ) -> Drawn? {
        let home = random.chance(50) ? MarkedTenant.alpha : .beta
        let role = random.pick(tenantRoles) ?? .owner
        var values = world.values(for: home.organizationID)
        values.aim = aims.aim(as: role, after: coverage, &random)
        var generator = DocumentGenerator(
            meaning: world.meaning, values: values, role: role,
            random: SeededRandom(seed: random.next(), stream: index))
        guard let subscription = generator.subscription() else { return nil }
        let operation = generator.document(of: subscription)[0]
        let tried = PropertyCase(
            operation: operation, variables: operation.variables(from: values, &random), caller: home.caller(role))
        let request = EngineRequest(
            operation.text, operationName: tried.operationName, variables: tried.variables)
        guard let document = try? parse(request.document),
            let chosen = document.operations.first(where: { $0.name == operation.name }),
            case .field(let root)? = chosen.selectionSet.selections.first,
            let definition = world.meaning.schema.subscriptionType?.fields[root.name],
            case .feed(let kind) = world.meaning.answer(definition, in: "Subscription"),
            let table = world.meaning.tables[definition.type.namedType]
        else { return nil }
        func expected(_ row: Row) -> Interpreter.Result? {
            world.interpreter.answer(
                document, named: tried.operationName, tried.variables, tried.caller, subject: row)
        }
        func passes(_ row: Row) -> Bool {
            world.interpreter.passes(row, root, definition, document, chosen, tried.variables, tried.caller)
        }
        var rows = world.interpreter.rows.rows(of: table, in: home.organizationID)
        rows.shuffle(using: &random)
        guard let first = rows.first, let answer = expected(first) else { return nil }
        var last: Row?
        if case .refused = answer.answer {
        } else {
            last = rows.last(where: passes)
            if last == nil { return nil }
        }
        return Drawn(
            tried: tried, request: request, kind: kind, home: home, rows: rows, last: last, expected: expected,
            passes: passes)
    }

    private static func subscribe(
        _ index: Int, after coverage: [String: Int], _ aims: Aims, in world: MarkedWorld
    ) async throws -> [(PropertyCase, PropertyCase.Verdict)] {
        guard let drawn = draw(index, after: coverage, aims, in: world) else { return [] }
        let (tried, rows) = (drawn.tried, drawn.rows)
        var events = await world.engine.subscribe(drawn.request, caller: tried.caller).makeAsyncIterator()
        guard let last = drawn.last else {
            guard let first = rows.first, let answer = drawn.expected(first), let event = await events.next() else {
                return [(tried, .different(expected: "", actual: ""))]
            }
            return [(tried, PropertyCase.compare(answer, event.response))]
        }
        let changed = rows.prefix(2).filter { $0["id"] != last["id"] } + [last]
        let ids = changed.compactMap { $0["id"]?.text.flatMap { UUID(uuidString: $0) } }
        try await world.database.withTenant(drawn.home.id) { transaction in
            try await Changes.record(drawn.kind, ids, in: transaction)
        }
        var verdicts: [(PropertyCase, PropertyCase.Verdict)] = []
        for row in changed where drawn.passes(row) {
            guard let answer = drawn.expected(row), let event = await events.next() else { break }
            let verdict = PropertyCase.compare(answer, event.response)
            if case .different(let expected, let actual) = verdict {
                let report = tried.report(seed: seed, index: index, expected: expected, actual: actual)
                Issue.record("\(report)")
            }
            verdicts.append((tried, verdict))
        }
        return verdicts
    }

    private func withInterpretedWorld(_ body: (MarkedWorld) async throws -> Void) async throws {
        try await withMarkedWorld { world in
            var world = world
            world.interpreter.cursors = try await world.readCursors()
            #expect(world.interpreter.cursors.ambiguous.isEmpty)
            try await body(world)
        }
    }

    // MARK: What came out

    private static func tell(_ what: String, _ tally: Tally) {
        print(
            "property: \(tally.operations) \(what), \(tally.plans) plans, \(tally.refused) refused, "
                + "errors \(tally.codes), \(tally.coverage.count) coordinates")
    }

    private static func expect(_ tally: Tally, covers coordinates: [String], atLeast count: Int = 20) {
        let least = least(count)
        let missed = coordinates.filter { (tally.coverage[$0] ?? 0) < least }.map { "\($0) \(tally.coverage[$0] ?? 0)" }
        #expect(missed.isEmpty, "asked fewer than \(least) times")
    }

    /// Of fewer cases less is expected.
    private static func least(_ count: Int) -> Int { max(1, min(count, documents / 100)) }

    static func expectNoFailures(_ tally: Tally, in world: MarkedWorld) async {
        for (index, failed) in tally.failures.sorted(by: { $0.index < $1.index }).prefix(3) {
            let (smallest, expected, actual) = await failed.shrunk(in: world)
            let report = smallest.report(seed: Self.seed, index: index, expected: expected, actual: actual)
            Issue.record("\(report)")
        }
    }

    // MARK: What has to come up

    /// Every field that can be reached, every argument, every field of an input, every value of an order.
    ///
    /// - Parameter within: if given, of objects only these and payloads: the rest is a query's as well.
    static func coordinates(from root: String, _ meaning: SchemaMeaning, within: Set<String>? = nil) -> [String] {
        var coordinates: [String] = []
        var seen: Set<String> = []
        var open = [root]
        while let name = open.popLast() {
            guard seen.insert(name).inserted, let type = meaning.schema.type(named: name) else { continue }
            open += meaning.schema.possibleTypes(of: name)
            switch type {
            case .object(let object):
                if let within, !within.contains(name), !meaning.payloads.contains(name), name != "UserError" {
                    continue
                }
                for field in object.fields.values {
                    coordinates.append("\(name).\(field.name)")
                    open.append(field.type.namedType)
                    for argument in field.arguments.values {
                        coordinates.append("\(name).\(field.name)(\(argument.name):)")
                        open.append(argument.type.namedType)
                    }
                }
            case .inputObject(let input):
                for field in input.fields.values {
                    coordinates.append("\(name).\(field.name)")
                    open.append(field.type.namedType)
                }
            case .enumeration where meaning.orders[name] != nil:
                coordinates += meaning.orders[name]?.keys.map { "\(name).\($0)" } ?? []
            default: break
            }
        }
        return coordinates
    }
}
