import FoundationEssentials
import Glibc
import GraphQL
import OrderedCollections

/// What one turn of one contestant came to.
struct Work {
    var perSecond = 0.0
    /// Milliseconds; only of what wrk measured.
    var p50 = Double.nan
    var p99 = Double.nan
    /// Microseconds of processor time for each request; only of the server's turns.
    var serverTime = Double.nan
    var databaseTime = Double.nan
}

/// Asks the server by `wrk`, over HTTP/1.1 connections that stay open.
struct Load {
    let server: DemoServer
    private let name: String
    private let path: String
    private var url: String
    /// Whose work it is: a process, and what its database connections are called.
    private var process: pid_t
    private var application = "switchboard%"

    private static let script = "Tests/Benchmarks/Engine/wrk.lua"

    /// The health check, which says what HTTP alone could do.
    init(health server: DemoServer) throws {
        self.server = server
        (url, process) = (server.url, server.process)
        (name, path) = ("healthz", "/healthz")
        try write([#"method = "GET""#])
    }

    /// - Parameter document: a GraphQL document without variables.
    init(_ name: String, _ document: String, by organization: DemoServer.Organization, to server: DemoServer) throws {
        self.server = server
        (url, process) = (server.url, server.process)
        (self.name, path) = ("\(name)-\(organization.slug)", "/graphql")
        let body = JSONValue.object(["query": .string(document)]).bytes
        let members = [
            #"method = "POST""#, "token = \(Self.quoted(organization.apiKey))",
            "body = \(Self.quoted(String(decoding: body, as: UTF8.self)))",
        ]
        try write(members)
        try write(members + ["keep = \(Self.quoted(answerFile))"], suffix: ".once")
    }

    /// The same requests to another program that answers them with the server's database.
    func sent(to url: String, of process: pid_t, application: String) -> Load {
        var load = self
        (load.url, load.process, load.application) = (url, process, application)
        return load
    }

    /// Fails when any request did.
    func run(seconds: Int, connections: Int = 16) async throws -> Work {
        let backends = try await backends()
        let before = (ProcessFigures.processorTime(process), backends.map(ProcessFigures.processorTime))
        let result = try await wrk(seconds: seconds, connections: connections, file)
        let after = (ProcessFigures.processorTime(process), backends.map(ProcessFigures.processorTime))
        let requests = result.number("requests")
        let database = zip(before.1, after.1).reduce(0) { $0 + $1.1 - $1.0 }
        return Work(
            perSecond: requests / result.number("microseconds") * 1_000_000, p50: result.number("p50"),
            p99: result.number("p99"), serverTime: (after.0 - before.0) / requests * 1_000_000,
            databaseTime: database / requests * 1_000_000)
    }

    /// The answer to one request.
    func answer() async throws -> JSONValue {
        _ = try await wrk(seconds: 1, connections: 1, file + ".once")
        return try JSONValue(parsing: Array(try Data(contentsOf: URL(filePath: answerFile))))
    }

    private var file: String { "\(server.folder)/\(name).lua" }
    private var answerFile: String { "\(server.folder)/\(name).json" }

    private func wrk(seconds: Int, connections: Int, _ request: String) async throws -> JSONValue {
        let output = try await Program.run(
            "wrk",
            [
                "--threads", "1", "--connections", "\(connections)", "--duration", "\(seconds)s", "--timeout", "60s",
                "--script", Self.script, url + path, "--", request,
            ])
        guard let line = output.split(separator: "\n").last(where: { $0.hasPrefix("{") }) else {
            throw Program.Failure(description: "wrk said nothing that is understood: \(output)")
        }
        let result = try JSONValue(parsing: Array(line.utf8))
        guard result.number("failed") == 0, result.number("requests") > 0 else {
            throw Program.Failure(description: "The server did not answer every request of \(name): \(line)")
        }
        return result
    }

    /// The processes of the database that serve it.
    private func backends() async throws -> [pid_t] {
        try await server.psql(
            "--command=SELECT pid FROM pg_stat_activity WHERE application_name LIKE '\(application)'"
        ).split(separator: "\n").compactMap { pid_t($0) }
    }

    /// The key is in a file of mode 0600, not in an argument.
    private func write(_ members: [String], suffix: String = "") throws {
        let text = "return { \(members.joined(separator: ", ")) }\n"
        let descriptor = open(file + suffix, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Program.Failure(description: "\(file) cannot be written.") }
        defer { close(descriptor) }
        _ = Array(text.utf8).withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n") + "\""
    }
}
