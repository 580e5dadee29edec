import FoundationEssentials
import Glibc
import GraphQL
import Postgres
import QueryEngine
import SchemaFiles

/// The whole server beside PostgreSQL alone: the same statement by pgbench, and the best that was written by hand.
///
/// The full size is 100 organizations of 10,000 messages, one of 1,000,000, and 10,000 small ones; `--scale` makes all of
/// it smaller, `--full` adds an organization of 10,000,000.
struct EngineSuite: BenchmarkSuite {
    static let name = "engine"

    private static let folder = "Tests/Benchmarks/Engine"

    func run(_ turns: Turns, _ figures: inout Figures) async throws {
        let server = try await DemoServer.start()
        do {
            try await run(turns, server, &figures)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    private func run(_ turns: Turns, _ server: DemoServer, _ figures: inout Figures) async throws {
        guard server.organizations.count == 3 else { throw Program.Failure(description: "The demo is not as known.") }
        let (inbox, large, huge) = (server.organizations[0], server.organizations[1], server.organizations[2])
        figures.add(
            "server.idle_rss_mb", ProcessFigures.resident(server.process), "MB resident before the first request")
        // What the database does in the background would fall into somebody's turn.
        try await server.psql(
            "--command=ALTER SYSTEM SET autovacuum = off", "--command=ALTER SYSTEM SET max_wal_size = '4GB'",
            "--command=SELECT pg_reload_conf()")
        let each = scaled(10_000, turns)
        try await fill(inbox.slug, each, on: server)
        let load = try Load("inbox", try text("inbox.graphql"), by: inbox, to: server)
        var growth = try Growth(load, server)
        try await growth.measure(1, turns)

        try await fill("bench", each, organizations: 99, on: server)
        try await growth.measure(100, turns)
        try await compare(load, inbox, turns, server, &figures)
        figures.add("engine.messages", Double(100 * each), "in 100 organizations, while these were measured")

        try await fill(large.slug, scaled(1_000_000, turns), on: server)
        var sizes = [(inbox, each), (large, scaled(1_000_000, turns))]
        if turns.isFull {
            try await fill(huge.slug, scaled(10_000_000, turns), on: server)
            sizes.append((huge, scaled(10_000_000, turns)))
        }
        try await compareSizes(sizes, turns, server, &figures)
        try await export(large, server, &figures)

        let many = scaled(10_000, turns)
        try await fill("crowd", 100, organizations: many - 100, on: server)
        try await growth.measure(many, turns)
        figures.add(
            "engine.growth.orgs", growth.worst, "times the cost with 1, for \(growth.sizes) organizations",
            target: .atMost(1.3))
        figures.add(
            "server.rss_mb", ProcessFigures.resident(server.process), "MB resident after all of it, sandbox included",
            target: .atMost(120))
        figures.add("server.load_average", ProcessFigures.loadAverage, "of the machine at the end")
    }

    private func scaled(_ count: Int, _ turns: Turns) -> Int { max(200, Int(Double(count) * turns.scale)) }

    private func text(_ file: String) throws -> String {
        try String(contentsOfFile: "\(Self.folder)/\(file)", encoding: .utf8)
            .split(separator: "\n").joined(separator: "\n")
    }

    /// - Parameter organizations: how many of the name, with numbers; 0 is the one that is there already.
    private func fill(_ slug: String, _ messages: Int, organizations: Int = 0, on server: DemoServer) async throws {
        let start = ContinuousClock.now
        try await server.psql(
            "--set=slug=\(slug)", "--set=messages=\(messages)", "--set=last=\(organizations)",
            "--file=\(Self.folder)/fixture.sql")
        try await server.psql("--command=VACUUM (ANALYZE)", "--command=CHECKPOINT")
        let seconds = Int((ContinuousClock.now - start) / .seconds(1))
        print("engine: \(max(1, organizations)) × \(messages) messages for \(slug), filled in \(seconds) s")
    }

    // MARK: Beside PostgreSQL alone

    private func compare(
        _ load: Load, _ organization: DemoServer.Organization, _ turns: Turns, _ server: DemoServer,
        _ figures: inout Figures
    ) async throws {
        guard let uuid = organization.uuid else { throw Program.Failure(description: "\(organization.id) is no ID.") }
        let nested = try Load("nested", try text("nested.graphql"), by: organization, to: server)
        let health = try Load(health: server)
        let inboxStatement = try statement("inbox", of: uuid, on: server)
        let nestedStatement = try statement("nested", of: uuid, on: server)
        let bare = try bareGateway("inbox", of: uuid, on: server)
        let bareLoad = load.sent(to: bare.url, of: getpid(), application: BareGateway.application)
        let answer = try await load.answer()["data"]?["messages"]?.bytes
        let byHand = try ["inbox-by-join", "inbox-by-lookup", "inbox-by-rows"].map { name in
            (name, try Pgbench(name, try text("\(name).sql"), [uuid.uuidString.lowercased()], for: uuid, on: server))
        }
        for (name, _) in byHand {
            let own = try await self.answer(to: try text("\(name).sql"), of: uuid, on: server)
            guard own == answer else {
                throw Program.Failure(description: "\(name) gives another answer: \(text(own)).")
            }
        }

        // What the machine's neighbours take from one, they should take from the next as well, and of such a pair's ratio
        // one tells little: many short turns.
        let turns = Turns(rounds: 4 * turns.rounds, seconds: 1)
        let seconds = turns.wholeSeconds
        var contestants: [(Turns) async throws -> Work] = [
            { _ in try await load.run(seconds: seconds) }, { _ in try await inboxStatement.run(seconds: seconds) },
            { _ in try await nested.run(seconds: seconds) }, { _ in try await nestedStatement.run(seconds: seconds) },
            { _ in try await health.run(seconds: seconds) }, { _ in try await bareLoad.run(seconds: seconds) },
        ]
        for (_, statement) in byHand { contestants.append { _ in try await statement.run(seconds: seconds) } }
        contestants.append { _ in try await inboxStatement.run(seconds: seconds, connections: Pgbench.readers) }
        print("engine: side by side, \(turns.rounds) rounds of \(turns.seconds) s")
        for contestant in contestants { _ = try await contestant(turns) }  // warms up
        let work = try await turns.take(contestants)
        await bare.end()

        func ratio(_ one: Int, _ other: Int) -> Double {
            median(zip(work[one], work[other]).map { $0.perSecond / $1.perSecond })
        }
        figures.add(
            "engine.inbox.ratio", ratio(0, 1), "of pgbench with the engine's own statement", target: .atLeast(0.7))
        figures.add(
            "engine.bare.ratio", ratio(5, 1),
            "of pgbench, by a loop that only passes the statement on: one at a time on each connection")
        figures.add(
            "engine.inbox.ratio_of_readers", ratio(0, 6 + byHand.count),
            "of pgbench with as many connections as quick reads share: \(Pgbench.readers)")
        figures.add("engine.bare.server_us", median(work[5].map(\.serverTime)), "µs of processor in that loop each")
        figures.add(
            "engine.bare.database_us", median(work[5].map(\.databaseTime)), "µs of processor in PostgreSQL each")
        let hands = byHand.indices.map { ($0, median(work[6 + $0].map(\.perSecond))) }
        if let best = hands.max(by: { $0.1 < $1.1 })?.0 {
            figures.add(
                "engine.statement.ratio", ratio(1, 6 + best),
                "of the best by hand (\(byHand[best].0)), both by pgbench",
                target: .atLeast(0.95))
        }
        figures.add(
            "engine.nested.ratio", ratio(2, 3), "of pgbench with the engine's own statement", target: .atLeast(0.75))
        for (name, index) in [("inbox", 0), ("nested", 2)] {
            let (own, alone) = (work[index], work[index + 1])
            figures.add("engine.\(name).per_s", median(own.map(\.perSecond)), "requests a second, 16 connections")
            figures.add(
                "engine.\(name).pgbench_per_s", median(alone.map(\.perSecond)), "transactions a second by pgbench")
            figures.add(
                "engine.\(name).pgbench_us", median(alone.map(\.databaseTime)),
                "µs of processor in PostgreSQL each, by pgbench")
            figures.add("engine.\(name).p50_ms", median(own.map(\.p50)), "ms, half are faster")
            figures.add("engine.\(name).p99_ms", median(own.map(\.p99)), "ms, 99 of 100 are faster")
            figures.add("engine.\(name).server_us", median(own.map(\.serverTime)), "µs of processor in the server each")
            figures.add(
                "engine.\(name).database_us", median(own.map(\.databaseTime)), "µs of processor in PostgreSQL each")
        }
        for (index, (name, _)) in byHand.enumerated() {
            figures.add("engine.\(name).per_s", hands[index].1, "transactions a second by pgbench")
            figures.add(
                "engine.\(name).pgbench_us", median(work[6 + index].map(\.databaseTime)),
                "µs of processor in PostgreSQL each")
        }
        figures.add("engine.healthz_per_s", median(work[4].map(\.perSecond)), "requests a second: HTTP's own ceiling")
        figures.add("engine.healthz.server_us", median(work[4].map(\.serverTime)), "µs of processor in the server each")
    }

    /// What the engine sends for a document, as pgbench sends it.
    private func statement(_ name: String, of organization: UUID, on server: DemoServer) throws -> Pgbench {
        let (sql, values) = try compiled(name, for: organization)
        return try Pgbench("\(name)-engine", sql, values, for: organization, on: server)
    }

    /// Likewise, behind HTTP.
    private func bareGateway(_ name: String, of organization: UUID, on server: DemoServer) throws -> BareGateway {
        try BareGateway(
            conninfo: server.tenant, connections: Pgbench.connections,
            [(Pgbench.settings, [organization.uuidString.lowercased(), "15000"]), compiled(name, for: organization)])
    }

    /// One statement, and its values as text.
    private func compiled(_ name: String, for organization: UUID) throws -> (sql: String, values: [String]) {
        let schema = try Schema(
            sources: SchemaFiles.all.map { Source(bytes: $0.bytes, name: $0.name) }, scalars: EngineScalars.all)
        let explanation = Explainer(schema: schema, catalog: try BindingCatalog(schema: schema)).explain(
            EngineRequest(try text("\(name).graphql")), role: .owner, organization: OrganizationID(organization))
        guard explanation.statements.count == 1, let statement = explanation.statements.first,
            let values = statement.values
        else { throw Program.Failure(description: "\(name).graphql is not one statement: \(explanation.errors)") }
        let texts = try values.map { value in
            switch value {
            case .uuid(let uuid): uuid.uuidString.lowercased()
            case .int(let number): String(number)
            case .text(let text): text
            default: throw Program.Failure(description: "\(name).graphql has \(value), which is not sent as text.")
            }
        }
        return (statement.sql, texts)
    }

    /// The one value that a statement by hand answers with, written anew.
    private func answer(to sql: String, of organization: UUID, on server: DemoServer) async throws -> [UInt8]? {
        let id = organization.uuidString.lowercased()
        let output = try await server.psql(
            "--command=\(sql.replacing("$1", with: "'\(id)'"))")
        return try JSONValue(parsing: Array(output.utf8)).bytes
    }

    private func text(_ bytes: [UInt8]?) -> String { String(decoding: bytes ?? [], as: UTF8.self) }

    // MARK: By size

    /// The cost of a request as the database grows, in units of what the machine could do at the time.
    private struct Growth {
        private let load: Load
        private let calibration: Pgbench
        private var costs: [(size: Int, cost: Double)] = []

        init(_ load: Load, _ server: DemoServer) throws {
            self.load = load
            calibration = try Pgbench(calibrationOn: server)
        }

        mutating func measure(_ size: Int, _ turns: Turns) async throws {
            let (load, calibration, seconds) = (load, calibration, turns.wholeSeconds)
            _ = try await load.run(seconds: seconds)
            let work = try await turns.take([
                { _ in try await load.run(seconds: seconds) }, { _ in try await calibration.run(seconds: seconds) },
            ])
            costs.append((size, median(zip(work[0], work[1]).map { $1.perSecond / $0.perSecond })))
        }

        var sizes: String { costs.map { "\($0.size)" }.joined(separator: ", ") }
        var worst: Double { (costs.map(\.cost).max() ?? .nan) / (costs.first?.cost ?? .nan) }
    }

    private func compareSizes(
        _ sizes: [(DemoServer.Organization, Int)], _ turns: Turns, _ server: DemoServer, _ figures: inout Figures
    ) async throws {
        let document = try text("inbox.graphql")
        // What the machine's neighbours take from one, they should take from the next as well, and of such a pair's ratio
        // one tells little: many short turns.
        let turns = Turns(rounds: 4 * turns.rounds, seconds: 1)
        let seconds = turns.wholeSeconds
        var contestants: [(Turns) async throws -> Work] = []
        for (organization, _) in sizes {
            let load = try Load("rows", document, by: organization, to: server)
            _ = try await load.run(seconds: seconds)
            contestants.append { _ in try await load.run(seconds: seconds) }
        }
        let work = try await turns.take(contestants)
        guard let smallest = work.first else { return }
        let costs = work.map { median(zip(smallest, $0).map { $0.perSecond / $1.perSecond }) }
        figures.add(
            "engine.growth.rows", costs.max() ?? .nan,
            "times the cost of the smallest, for \(sizes.map { "\($0.1)" }.joined(separator: ", ")) messages"
                + (turns.isFull ? "" : "; --full adds ten times as many"), target: .atMost(1.3))
    }

    // MARK: Memory

    private func export(
        _ organization: DemoServer.Organization, _ server: DemoServer, _ figures: inout Figures
    ) async throws {
        let document =
            "{ messages(first: 100000) { nodes { id body status direction createdAt contact { name phone } } } }"
        let load = try Load("export", document, by: organization, to: server)
        let before = ProcessFigures.resident(server.process)
        ProcessFigures.forgetPeak(server.process)
        let work = try await load.run(seconds: 5, connections: 1)
        figures.add(
            "engine.export.rss_mb", ProcessFigures.peak(server.process) - before,
            "MB more at the most, while 100,000 messages are exported")
        figures.add("engine.export.seconds", 1 / work.perSecond, "s for such an export")
    }
}

extension Turns {
    /// As `wrk` and `pgbench` take it.
    fileprivate var wholeSeconds: Int { Int(seconds.rounded(.up)) }
}
