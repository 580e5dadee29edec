import FoundationEssentials
import Glibc
import Postgres

/// Sends one statement by `pgbench`, prepared, from as many connections as the server's pool has.
struct Pgbench {
    /// `DatabaseConfiguration`'s own number for the tenants' role.
    static let connections = DatabaseConfiguration(conninfo: "").connections[.tenant] ?? 1
    /// As many of them as quick reads share.
    static let readers = min(connections, DatabaseConfiguration(conninfo: "").readers)

    /// What the engine sends before a statement: the tenant, and how many milliseconds it may take.
    static let settings =
        "SELECT set_config('switchboard.org_id', $1, true), set_config('statement_timeout', $2, true)"

    private let server: DemoServer
    private let arguments: [String]

    /// A tenant's statement, in a pipeline behind the settings that the engine sends with each.
    ///
    /// - Parameters:
    ///   - sql: with `$1…$n`.
    ///   - values: for these.
    init(_ name: String, _ sql: String, _ values: [String], for organization: UUID, on server: DemoServer) throws {
        // pgbench binds what begins with a colon.
        let script = """
            \\startpipeline
            \(Self.named(Self.settings, "s"));
            \(Self.named(sql, "p"));
            \\endpipeline

            """
        self.server = server
        let file = "\(server.folder)/\(name).sql"
        try Data(script.utf8).write(to: URL(filePath: file))
        arguments =
            ["--define=s1=\(organization.uuidString.lowercased())", "--define=s2=15000"]
            + values.enumerated().map { "--define=p\($0 + 1)=\($1)" } + ["--file=\(file)", server.tenant]
    }

    /// A statement of pure reckoning, to tell how fast the machine is at the moment.
    init(calibrationOn server: DemoServer) throws {
        self.server = server
        let file = "\(server.folder)/calibration.sql"
        try Data("SELECT count(*) FROM generate_series(1, 2000);\n".utf8).write(to: URL(filePath: file))
        arguments = ["--file=\(file)", server.tenant]
    }

    func run(seconds: Int, connections: Int = Self.connections) async throws -> Work {
        let main = try await server.psql("--command=SELECT pg_read_file('postmaster.pid')")
            .split(separator: "\n").first.flatMap { pid_t($0) }
        let before = main.map(ProcessFigures.processorTimeOfEndedChildren) ?? .nan
        let output = try await Program.run(
            "pgbench",
            [
                "--no-vacuum", "--protocol=prepared", "--client=\(connections)", "--jobs=2", "--time=\(seconds)",
            ] + arguments)
        // "tps = 4223.129714 (without initial connection time)"
        let line = output.split(separator: "\n").first { $0.hasPrefix("tps = ") }
        guard let figure = line?.split(separator: " ").dropFirst(2).first.flatMap({ Double($0) }), figure > 0 else {
            throw Program.Failure(description: "pgbench said nothing that is understood: \(output)")
        }
        // Its connections are closed now, and so their processes count as ended.
        try await Task.sleep(for: .milliseconds(100))
        let after = main.map(ProcessFigures.processorTimeOfEndedChildren) ?? .nan
        return Work(perSecond: figure, databaseTime: (after - before) / (figure * Double(seconds)) * 1_000_000)
    }

    /// pgbench's own form of `$n`.
    private static func named(_ sql: String, _ prefix: String) -> String {
        var text = ""
        let characters = Array(sql)
        for (index, character) in characters.enumerated() {
            let isParameter =
                character == "$" && index + 1 < characters.count && characters[index + 1].isNumber
                && (index == 0 || !(characters[index - 1].isLetter || characters[index - 1].isNumber))
            text += isParameter ? ":\(prefix)" : String(character)
        }
        return text
    }
}
