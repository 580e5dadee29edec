import Foundation
import GraphQL
import OrderedCollections
import Postgres
import QueryEngine
import Synchronization
import Testing

/// The subscriptions of the isolation test. Into each tenant's own feed go changes of rows of both tenants, as if somebody
/// had got a foreign id in there; the other tenant's feed is written at the same time. And who comes back does so with event
/// ids that are the other's, forged from the other's, or nobody's.
struct IsolationStreams: Sendable {
    struct Case: Sendable {
        let tenant: MarkedTenant
        let role: Role
        let request: EngineRequest
        let kind: String
        /// `Subscription.field`.
        let coordinate: String
        /// What is written into the tenant's feed: rows of the other, then its own.
        let changed: [UUID]
        /// How many of these there is an event for.
        let events: Int
    }

    let cases: [Case]
    /// Digests of the events where the other tenant does not exist.
    let alone: [Int]

    static let count = IsolationCases.count / 100

    static func make(in world: MarkedWorld) async throws -> IsolationStreams {
        var cases: [Case] = []
        var index = 0
        while cases.count < count {
            if let drawn = draw(index, in: world) { cases.append(drawn) }
            index += 1
        }
        var alone = cases.map { _ in 0 }
        for tenant in MarkedTenant.both {
            let heard = try await withMarkedWorld([tenant]) { world in
                try await run(cases, in: world) { $0.number == tenant.number }
            }
            for (index, digest) in heard.digests { alone[index] = digest }
        }
        return IsolationStreams(cases: cases, alone: alone)
    }

    private static func draw(_ index: Int, in world: MarkedWorld) -> Case? {
        var random = SeededRandom(seed: IsolationCases.seed &+ 3, stream: index)
        let tenant = index % 2 == 0 ? MarkedTenant.alpha : .beta
        let role = random.pick(PropertyTests.tenantRoles) ?? .owner
        let values = IsolationCases.values(for: tenant, in: world)
        var generator = DocumentGenerator(
            meaning: world.meaning, values: values, role: role,
            random: SeededRandom(seed: random.next(), stream: index))
        generator.variableShare = 80
        guard let subscription = generator.subscription() else { return nil }
        let operation = generator.document(of: subscription)[0]
        let name = operation.neighbours.isEmpty ? nil : operation.name
        let variables = operation.variables(from: values, &random)
        let request = EngineRequest(operation.text, operationName: name, variables: variables)
        let caller = tenant.caller(role)
        guard let document = try? parse(request.document),
            let chosen = document.operations.first(where: { $0.name == operation.name }),
            case .field(let root)? = chosen.selectionSet.selections.first,
            let definition = world.meaning.schema.subscriptionType?.fields[root.name],
            case .feed(let kind) = world.meaning.answer(definition, in: "Subscription"),
            let table = world.meaning.tables[definition.type.namedType]
        else { return nil }
        func some(of tenant: MarkedTenant) -> [Row] {
            var rows = world.interpreter.rows.rows(of: table, in: tenant.organizationID)
            rows.shuffle(using: &random)
            return Array(rows.prefix(4))
        }
        let own = some(of: tenant)
        let changed = (some(of: tenant.other) + own).compactMap { $0["id"]?.text.flatMap { UUID(uuidString: $0) } }
        guard let first = own.first,
            let answer = world.interpreter.answer(document, named: name, variables, caller, subject: first)
        else { return nil }
        var events = own.count {
            world.interpreter.passes($0, root, definition, document, chosen, variables, caller)
        }
        // A forged cursor is a reason to the interpreter, which knows those that were given out; the engine may take it, and
        // then only a row that passes is an event.
        if case .refused(let reasons) = answer.answer,
            events > 0 || reasons.contains(where: { $0.code != "BAD_CURSOR" })
        {
            events = 1
        }
        guard events > 0 else { return nil }
        return Case(
            tenant: tenant, role: role, request: request, kind: kind, coordinate: "Subscription.\(root.name)",
            changed: changed, events: events)
    }

    // MARK: A run

    struct Heard: Sendable {
        var digests: [Int: Int] = [:]
        var leaks: [String] = []
        var events = 0
        var refusedIDs = 0

        mutating func add(_ other: Heard) {
            digests.merge(other.digests) { first, _ in first }
            leaks += other.leaks
            events += other.events
            refusedIDs += other.refusedIDs
        }
    }

    /// The tenants beside each other, the streams of one after another.
    static func run(
        _ cases: [Case], in world: MarkedWorld,
        where isAsked: @escaping @Sendable (MarkedTenant) -> Bool = { _ in true }
    ) async throws -> Heard {
        let given = GivenIDs()
        return try await withThrowingTaskGroup(of: Heard.self) { group in
            for tenant in MarkedTenant.both where isAsked(tenant) {
                group.addTask {
                    var heard = Heard()
                    for (index, drawn) in cases.enumerated() where drawn.tenant.number == tenant.number {
                        let part = try await watched(drawn) {
                            var part = Heard()
                            try await listen(drawn, index, in: world, given, &part)
                            return part
                        }
                        heard.add(part)
                    }
                    return heard
                }
            }
            var all = Heard()
            for try await heard in group { all.add(heard) }
            return all
        }
    }

    /// Says of a stream that stays silent which it was, instead of waiting for ever: its task ends, and so does it.
    private static func watched(
        _ drawn: Case, _ body: @escaping @Sendable () async throws -> Heard
    ) async throws -> Heard {
        try await withThrowingTaskGroup(of: Heard?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try? await Task.sleep(for: .seconds(60))
                return nil
            }
            let first = try await group.next() ?? nil
            group.cancelAll()
            if let first { return first }
            let heard = try await group.next() ?? nil
            Issue.record(
                """
                SWITCHBOARD_ISOLATION_SEED=\(IsolationCases.seed): \(drawn.tenant.word) as \(drawn.role.rawValue) heard \
                \(heard?.events ?? 0) events; at first there were to be \(drawn.events)
                \(String(decoding: drawn.request.document, as: UTF8.self))
                operationName: \(drawn.request.operationName ?? "none")
                variables: \(String(decoding: JSONValue.object(drawn.request.variables).bytes, as: UTF8.self))
                """)
            return heard ?? Heard()
        }
    }

    /// The last event id that each tenant was given, by place.
    private final class GivenIDs: Sendable {
        private let ids = Mutex<[String: String]>([:])

        func note(_ id: String, _ tenant: MarkedTenant, _ coordinate: String) {
            ids.withLock { $0["\(tenant.number) \(coordinate)"] = id }
        }

        func last(_ tenant: MarkedTenant, _ coordinate: String) -> String? {
            ids.withLock { $0["\(tenant.number) \(coordinate)"] }
        }
    }

    private static func listen(
        _ drawn: Case, _ index: Int, in world: MarkedWorld, _ given: GivenIDs, _ heard: inout Heard
    ) async throws {
        let caller = drawn.tenant.caller(drawn.role)
        let marks = Marks(drawn.tenant.other)
        var hasher = Hasher()
        func note(_ event: SubscriptionEvent, _ heard: inout Heard) {
            heard.events += 1
            let found = marks.found(in: event.response) ?? event.id.flatMap { marks.found(in: $0) }
            if let found {
                heard.leaks.append(
                    "\(found) in an event of \(drawn.tenant.word)\n\(String(decoding: drawn.request.document, as: UTF8.self))"
                        + String(decoding: event.response.bytes, as: UTF8.self))
            }
        }

        var events = await world.engine.subscribe(drawn.request, caller: caller).makeAsyncIterator()
        try await world.database.withTenant(drawn.tenant.id) { transaction in
            try await Changes.record(drawn.kind, drawn.changed, in: transaction)
        }
        var last: String?
        for _ in 0..<drawn.events {
            guard let event = await events.next() else { break }
            event.response.forEachPiece { unsafe hasher.combine(bytes: $0) }
            last = event.id ?? last
            note(event, &heard)
        }

        // Coming back. What the other would be given at the same place is not taken, and neither is what nobody was given;
        // both get the same answer.
        guard let last else {
            heard.digests[index] = hasher.finalize()
            return
        }
        given.note(last, drawn.tenant, drawn.coordinate)
        let real = given.last(drawn.tenant.other, drawn.coordinate) ?? "none"
        let broken = text(last).map { base64($0 + "x") } ?? ""
        for forged in [real, theirs(last, drawn), "garbage", broken] {
            var refused = await world.engine.subscribe(drawn.request, caller: caller, after: forged).makeAsyncIterator()
            guard let event = await refused.next() else { continue }
            event.response.forEachPiece { unsafe hasher.combine(bytes: $0) }
            if event.response.errors.map(\.code) == [.badEventID] { heard.refusedIDs += 1 }
            note(event, &heard)
        }
        // The own mark before a place at the very beginning, where the other's changes are as well: what comes is its own.
        let forged = Self.text(last).map { Self.base64(String($0.prefix(13)) + "0.0") }
        var all = await world.engine.subscribe(drawn.request, caller: caller, after: forged).makeAsyncIterator()
        for _ in 0..<2 {
            if let event = await all.next() { note(event, &heard) }
            if drawn.events < 2 { break }
        }
        heard.digests[index] = hasher.finalize()
    }

    /// The id that the other tenant would have been given for this place.
    private static func theirs(_ id: String, _ drawn: Case) -> String {
        guard let text = text(id) else { return "" }
        // What an id begins with is no secret (`Mark`): worked out here once more.
        let parts = "event|\(drawn.coordinate)|\(drawn.tenant.other.id)"
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in parts.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        let digits = String(hash, radix: 36)
        let mark = String(repeating: "0", count: 13 - digits.utf8.count) + digits
        return base64(mark + text.dropFirst(13))
    }

    private static func text(_ id: String) -> String? {
        let standard = String(id.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
        return Data(base64Encoded: standard + String(repeating: "=", count: (4 - standard.count % 4) % 4))
            .map { String(decoding: $0, as: UTF8.self) }
    }

    private static func base64(_ text: String) -> String {
        let encoded = Data(text.utf8).base64EncodedString()
        return String(encoded.filter { $0 != "=" }.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 })
    }
}
