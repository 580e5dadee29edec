import GraphQL
import OrderedCollections
import QueryEngine
import Synchronization

/// The operations of the isolation test: those of the property test's generator, each document asked by both tenants with
/// values of which many are the other's, or forged from the other's. And what each is answered where the other tenant does
/// not exist at all: nothing may differ from that, not even a count.
struct IsolationCases: Sendable {
    struct Operation: Sendable {
        let tenant: MarkedTenant
        let role: Role
        /// Of the document's operations.
        let name: String?
        let variables: OrderedDictionary<String, JSONValue>

        func request(_ document: [UInt8]) -> EngineRequest {
            EngineRequest(document: document, operationName: name, variables: variables)
        }
    }

    struct Asked: Sendable {
        let text: String
        let operations: [Operation]
    }

    let documents: [Asked]
    /// Digests of the answers in a database of the tenant alone, by document and operation.
    let alone: [[Int]]
    let streams: IsolationStreams

    static let seed = PropertyTests.number("SWITCHBOARD_ISOLATION_SEED", 20_261_122)
    /// Operations of each run.
    static let count = Int(PropertyTests.number("SWITCHBOARD_ISOLATION_COUNT", 20_000))
    static let perDocument = 20

    private static let making = Mutex<Task<IsolationCases, any Error>?>(nil)

    /// Made once, for all runs.
    static func shared() async throws -> IsolationCases {
        let task = making.withLock { making in
            if let making { return making }
            let task = Task { try await make() }
            making = task
            return task
        }
        return try await task.value
    }

    private static func make() async throws -> IsolationCases {
        let (documents, streams) = try await withMarkedWorld { world in
            var world = world
            world.interpreter.cursors = try await world.readCursors()
            let complete = world
            let documents = (0..<(count / perDocument)).map { draw($0, in: complete) }
            return (documents, try await IsolationStreams.make(in: complete))
        }
        // Each tenant in a database of its own.
        var alone = documents.map { $0.operations.map { _ in 0 } }
        for tenant in MarkedTenant.both {
            let answers = try await withMarkedWorld([tenant]) { world in
                try await run(documents, in: world) { operation, _ in operation.tenant.number == tenant.number }
            }
            for (document, digests) in answers.digests.enumerated() {
                for (index, digest) in digests.enumerated() where digest != 0 { alone[document][index] = digest }
            }
        }
        return IsolationCases(documents: documents, alone: alone, streams: streams)
    }

    /// Values of which many are the other tenant's, or forged from these.
    static func values(for tenant: MarkedTenant, in world: MarkedWorld) -> ValueSource {
        var values = world.values(for: tenant.organizationID)
        values.foreign = 40
        values.victim = tenant.other.organizationID
        return values
    }

    private static func draw(_ index: Int, in world: MarkedWorld) -> Asked {
        var random = SeededRandom(seed: seed, stream: index)
        let home = index % 2 == 0 ? MarkedTenant.alpha : .beta
        let role = random.pick(PropertyTests.tenantRoles) ?? .owner
        var generator = DocumentGenerator(
            meaning: world.meaning, values: values(for: home, in: world), role: role,
            random: SeededRandom(seed: random.next(), stream: index))
        generator.variableShare = 80
        let kind = random.below(100)
        let first = (kind < 4 ? generator.mutation() : nil) ?? generator.query()
        let generated = generator.document(of: first)
        let operations = (0..<perDocument).map { index in
            let operation = generated[index / 2 % generated.count]
            let tenant = index % 2 == 0 ? home : home.other
            // Now and then in a role that may not ask all of it.
            let role = random.chance(4) ? Role.viewer : role
            // Where there are several, now and then without saying which.
            let name = generated.count == 1 || random.chance(3) ? nil : operation.name
            return Operation(
                tenant: tenant, role: role, name: name,
                variables: operation.variables(from: values(for: tenant, in: world), &random))
        }
        return Asked(text: generated[0].text, operations: operations)
    }

    // MARK: A run

    struct Leak: Sendable {
        let text: String
        let operation: Operation
        let what: String
        let answer: String
    }

    struct Answers: Sendable {
        var digests: [[Int]] = []
        var leaks: [Leak] = []
        /// Of answers, those in which the tenant's own marks stand.
        var withOwn = 0
        var refused = 0
        var operations = 0
        var plans = 0
        /// Of documents with several operations.
        var ofSeveral = 0
        /// Answered by the short way, too.
        var atOnce = 0
        /// Asked by both tenants together, over and over, so that they share a connection.
        var together = 0
        /// What kinds of marks were found.
        var kinds: Set<String> = []
    }

    /// Asks all operations of the documents that `isAsked`, by six at once.
    static func run(
        _ documents: [Asked], in world: MarkedWorld, keepingLeaks kept: Int = 3,
        where isAsked: @escaping @Sendable (Operation, Int) -> Bool = { _, _ in true }
    ) async throws -> Answers {
        let width = 6
        let marks = Dictionary(uniqueKeysWithValues: MarkedTenant.both.map { ($0.number, Marks($0)) })
        return await withTaskGroup(of: (Int, Answers).self) { group in
            for worker in 0..<width {
                group.addTask {
                    var answers = Answers()
                    for index in stride(from: worker, to: documents.count, by: width) {
                        let document = documents[index]
                        let bytes = Array(document.text.utf8)
                        var digests: [Int] = []
                        for operation in document.operations {
                            guard isAsked(operation, index) else {
                                digests.append(0)
                                continue
                            }
                            let (request, caller) = (
                                operation.request(bytes), operation.tenant.caller(operation.role)
                            )
                            let response = await world.engine.execute(request, caller: caller)
                            digests.append(Self.digest(response))
                            // The same by the short way, where there is one now, and behind the other tenant and another role.
                            let another: Role = operation.role == .owner ? .agent : .owner
                            let callers = [
                                operation.tenant.other.caller(operation.role), operation.tenant.caller(another), caller,
                            ]
                            if let again = await world.engine.answerAtOnce(request, callers: callers) {
                                answers.atOnce += 1
                                if Self.digest(again) != Self.digest(response), answers.leaks.count < kept {
                                    answers.leaks.append(
                                        Leak(
                                            text: document.text, operation: operation, what: "another answer at once",
                                            answer: String(decoding: again.bytes, as: UTF8.self)))
                                }
                                if answers.atOnce.isMultiple(of: Self.crowdInterval) {
                                    answers.together += 1
                                    if let strange = await Self.together(request, callers, in: world),
                                        answers.leaks.count < kept
                                    {
                                        answers.leaks.append(
                                            Leak(
                                                text: document.text, operation: operation,
                                                what: "another answer where both tenants share a connection",
                                                answer: strange))
                                    }
                                }
                            }
                            answers.operations += 1
                            answers.ofSeveral += operation.name == nil ? 0 : 1
                            answers.refused += response.failure == nil ? 0 : 1
                            answers.plans += response.failure == nil && !response.isCached ? 1 : 0
                            if marks[operation.tenant.number]?.found(in: response) != nil { answers.withOwn += 1 }
                            guard let what = marks[operation.tenant.other.number]?.found(in: response) else { continue }
                            answers.kinds.insert(what)
                            if answers.leaks.count < kept {
                                answers.leaks.append(
                                    Leak(
                                        text: document.text, operation: operation, what: what,
                                        answer: String(decoding: response.bytes, as: UTF8.self)))
                            }
                        }
                        answers.digests.append(digests)
                    }
                    return (worker, answers)
                }
            }
            var all = Answers()
            all.digests = documents.map { _ in [] }
            for await (worker, answers) in group {
                for (index, digests) in answers.digests.enumerated() { all.digests[worker + index * width] = digests }
                all.leaks += answers.leaks
                all.withOwn += answers.withOwn
                all.refused += answers.refused
                all.operations += answers.operations
                all.plans += answers.plans
                all.ofSeveral += answers.ofSeveral
                all.atOnce += answers.atOnce
                all.together += answers.together
                all.kinds.formUnion(answers.kinds)
            }
            return all
        }
    }

    /// Of as many that were answered by the short way, one is asked by a crowd.
    private static let crowdInterval = 16

    /// What `callers` ask at the same time, until their reads are known to be quick and go to one connection: an answer that
    /// is not what its caller was told alone.
    private static func together(
        _ request: EngineRequest, _ callers: [Caller], in world: MarkedWorld
    ) async -> String? {
        var alone: [Int] = []
        for caller in callers { alone.append(digest(await world.engine.execute(request, caller: caller))) }
        return await withTaskGroup(of: String?.self) { group in
            for number in 0..<24 {
                let index = number % callers.count
                let (caller, expected) = (callers[index], alone[index])
                group.addTask {
                    guard let answer = await world.engine.answerAtOnce(request, callers: [caller]) else { return nil }
                    return digest(answer) == expected ? nil : String(decoding: answer.bytes, as: UTF8.self)
                }
            }
            return await group.reduce(nil) { $0 ?? $1 }
        }
    }

    /// Of the very bytes; never 0.
    private static func digest(_ response: EngineResponse) -> Int {
        var hasher = Hasher()
        response.forEachPiece { unsafe hasher.combine(bytes: $0) }
        let value = hasher.finalize()
        return value == 0 ? 1 : value
    }
}
