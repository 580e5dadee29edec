import Curl
import EmbeddedPostgres
import Foundation
import Glibc
import GraphQL
import Logging
import OrderedCollections
import TestSupport
import TwilioSandbox

/// A whole installation that is treated badly: a PostgreSQL of its own, the sandbox, two servers of the real binary, and
/// three organizations that text. Everything is told by the sandbox's own count at the end.
final class CrashRun {
    struct Failure: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    struct Organization {
        let slug: String
        let account: SandboxAccount
        var key = ""
    }

    /// What was done to it.
    struct Injuries {
        var serverKills = 0
        var databaseKills = 0
        /// What nobody did to them.
        var crashes = 0
        /// Where servers have died by themselves, each time.
        var failpoints: [String] = []
    }

    let folder: String
    let cluster: PostgresCluster
    let carrier: Task<Void, any Error>
    let carrierURL: String
    let transport: HTTPTransport
    let ports: [Int]
    var servers: [Process?] = [nil, nil]
    /// Where each server is to die, if anywhere.
    private var armed: [String?] = [nil, nil]
    /// Failpoints that are still to come, in order.
    private var failpoints: [String]
    var organizations: [Organization]
    var injuries = Injuries()
    private var generator: SplitMix

    static let database = "crash"
    /// Every place at which a server can be made to die; those that leave the most behind first.
    static let failpoints = [
        "post.after", "chunk.after-commit", "attempt.after-commit", "outcome.before-commit", "chunk.before-commit",
        "post.before", "outcome.after-commit", "attempt.before-commit",
    ]

    struct SplitMix: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    func random(_ range: Range<Int>) -> Int { Int.random(in: range, using: &generator) }

    // MARK: Setting up

    init(seed: UInt64) async throws {
        generator = SplitMix(state: seed)
        failpoints = Self.failpoints
        folder = "/tmp/crash-\(UUID().uuidString.prefix(8).lowercased())"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
        cluster = try await PostgresCluster.start(
            ClusterConfiguration(
                lifetime: .ephemeral, roles: TestCluster.roles, settings: ["max_connections": "150"]),
            logger: Logger(label: "postgres") { _ in SwiftLogNoOpLogHandler() })
        transport = try HTTPTransport()
        let accounts = (0..<3).map { index in
            SandboxAccount(
                sid: "AC\(Self.secret())", authToken: Self.secret(), friendlyName: "Clinic \(index)",
                apiKeys: [], numbers: (0..<2).map { SandboxNumber(phoneNumber: "+1212555010\(index * 2 + $0)") },
                pastMessages: [])
        }
        organizations = accounts.enumerated().map { Organization(slug: "clinic-\($0)", account: $1) }
        let sandbox = try SandboxServer(
            configuration: SandboxConfiguration(port: 0, accounts: accounts, timings: .immediate),
            logger: Logger(label: "sandbox") { _ in SwiftLogNoOpLogHandler() })
        carrier = Task { try await sandbox.run() }
        carrierURL = "http://127.0.0.1:\(try await sandbox.waitUntilListening())"
        ports = [try FreePort.find(), try FreePort.find()]
    }

    private static func secret() -> String { UUID().uuidString.lowercased().replacing("-", with: "") }

    func prepare() async throws {
        let roles = try String(contentsOfFile: RepositoryFile.path("migrations/0000_roles.sql"), encoding: .utf8)
        _ = try await Psql.run(roles, conninfo: cluster.administratorConninfo())
        _ = try await Psql.run(
            "CREATE DATABASE \(Self.database) OWNER switchboard_owner", conninfo: cluster.administratorConninfo())
        _ = try await command(["migrate", "up"])
        for index in organizations.indices {
            let slug = organizations[index].slug
            _ = try await command(["org", "create", "Clinic \(index)", "--slug", slug])
            organizations[index].key =
                try await command([
                    "key", "create", "--organization", slug, "--role", "OWNER",
                ]).split(separator: "\n").last.map(String.init) ?? ""
        }
        for server in servers.indices { try await startServer(server) }
        for organization in organizations {
            let account = organization.account
            let answer = try await ask(
                """
                mutation R($i: RegisterTwilioCredentialInput!) {
                  registerTwilioCredential(input: $i) { credential { status } userErrors { code message } }
                }
                """,
                ["accountSid": .string(account.sid), "authToken": .string(account.authToken)], organization)
            guard answer["registerTwilioCredential"]?["credential"]?["status"] == "VERIFIED" else {
                throw Failure("not registered: \(answer)")
            }
            _ = try await psql(
                account.numbers.map {
                    """
                    INSERT INTO phone_numbers (org_id, credential_id, number, display_name, country_code, number_type, voice,
                        sms, mms, segments_per_second)
                      SELECT o.id, c.id, '\($0.phoneNumber)', 'line', 'US', 'LOCAL', true, true, true, 0
                      FROM organizations o JOIN credentials c ON c.org_id = o.id WHERE o.slug = '\(organization.slug)';
                    """
                }.joined())
        }
    }

    func tearDown() async {
        for case let process? in servers where process.isRunning {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        carrier.cancel()
        _ = await carrier.result
        await transport.shutdown()
        await cluster.stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    // MARK: Programs

    private func environment(port: Int, failpoint: String?) -> [String: String] {
        var environment = ProcessInfo.processInfo.environment
        environment["SWITCHBOARD_DATABASE"] = cluster.conninfo(database: Self.database)
        environment["SWITCHBOARD_ROOT_KEY_FILE"] = folder + "/root.key"
        environment["SWITCHBOARD_PUBLIC_URL"] = "http://127.0.0.1:\(port)"
        environment["SWITCHBOARD_PORT"] = "\(port)"
        environment["SWITCHBOARD_TWILIO_URL"] = carrierURL
        environment["SWITCHBOARD_LOG_LEVEL"] = "error"
        environment["SWITCHBOARD_FAILPOINT"] = failpoint
        return environment
    }

    private func process(_ arguments: [String], port: Int, failpoint: String? = nil, output: Pipe?) throws -> Process {
        let runner = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let process = Process()
        process.executableURL = URL(filePath: runner).deletingLastPathComponent().appending(path: "switchboard")
        process.arguments = arguments
        process.environment = environment(port: port, failpoint: failpoint)
        process.standardInput = FileHandle.nullDevice
        if let output { process.standardOutput = output } else { process.standardOutput = FileHandle.nullDevice }
        _ = FileManager.default.createFile(atPath: "\(folder)/\(port).err", contents: nil)
        process.standardError = FileHandle(forWritingAtPath: "\(folder)/\(port).err")
        try process.run()
        return process
    }

    private func command(_ arguments: [String]) async throws -> String {
        let pipe = Pipe()
        let process = try process(arguments, port: ports[0], output: pipe)
        let text = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let errors = (try? String(contentsOfFile: "\(folder)/\(ports[0]).err", encoding: .utf8)) ?? ""
            throw Failure("\(arguments) failed: \(text) \(errors)")
        }
        return text
    }

    private func launch(_ index: Int, failpoint: String? = nil) throws {
        servers[index] = try process(["serve"], port: ports[index], failpoint: failpoint, output: nil)
    }

    /// Starts a server, and waits until it serves.
    func startServer(_ index: Int) async throws {
        try launch(index)
        let deadline = ContinuousClock.now + .seconds(120)
        while ContinuousClock.now < deadline {
            let answer = try? await transport.send(HTTPRequest(.get, "http://127.0.0.1:\(ports[index])/readyz"))
            if answer?.status == 200 { return }
            // While PostgreSQL recovers nobody can start; whoever looks after the process starts it again.
            if servers[index]?.isRunning == false {
                end(index)
                try launch(index)
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        let errors = (try? String(contentsOfFile: "\(folder)/\(ports[index]).err", encoding: .utf8)) ?? ""
        throw Failure("server \(index) does not become ready: \(errors)")
    }

    private func end(_ index: Int) {
        guard let process = servers[index] else { return }
        let wasRunning = process.isRunning
        if wasRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        servers[index] = nil
        let isKilled = process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL
        if process.terminationReason == .uncaughtSignal, !isKilled { injuries.crashes += 1 }
        guard let point = armed[index] else { return }
        armed[index] = nil
        if !wasRunning, isKilled {
            injuries.failpoints.append(point)
        } else if !failpoints.contains(point) {
            // It never came there: another time.
            failpoints.append(point)
        }
    }

    // MARK: Injuries

    func killServer() async throws {
        let index = random(0..<2)
        end(index)
        injuries.serverKills += 1
        try await startServer(index)
    }

    /// All that serve, at once: nobody is at work any more.
    func killServers() {
        for index in servers.indices where servers[index] != nil {
            end(index)
            injuries.serverKills += 1
        }
    }

    /// Servers that have died by themselves serve again.
    func revive() async throws {
        for index in servers.indices where servers[index]?.isRunning != true {
            end(index)
            try await startServer(index)
        }
    }

    /// The next failpoint that no server has died at yet. Lists are taken by either server, so both are made to die there.
    /// Answers whether it waits for a list.
    func armFailpoint() async throws -> Bool {
        guard !failpoints.isEmpty else {
            failpoints = Self.failpoints
            return try await armFailpoint()
        }
        let point = failpoints.removeFirst()
        let isOfLists = point.hasPrefix("chunk")
        let one = random(0..<2)
        for index in isOfLists ? [0, 1] : [one] {
            end(index)
            armed[index] = point
            try launch(index, failpoint: "\(point):\(isOfLists ? 1 : random(1..<4))")
        }
        return isOfLists
    }

    /// Kills one backend, which makes PostgreSQL end all the others and recover from its log.
    func killDatabase() async throws {
        let pid = try await psql(
            "SELECT pid FROM pg_stat_activity WHERE usename = 'switchboard_tenant' ORDER BY random() LIMIT 1")
        guard let pid = pid_t(pid) else { return }
        kill(pid, SIGKILL)
        injuries.databaseKills += 1
    }

    // MARK: Asking

    func psql(_ sql: String) async throws -> String {
        var last: (any Error)?
        for _ in 0..<100 {
            do {
                return try await Psql.run(sql, conninfo: cluster.administratorConninfo(database: Self.database))
            } catch {
                last = error
                try await Task.sleep(for: .milliseconds(100))
            }
        }
        throw last ?? Failure("no answer")
    }

    /// Asks until a server answers: whoever is asked may have died.
    func ask(_ document: String, _ input: JSONValue, _ organization: Organization) async throws -> JSONValue {
        let body: JSONValue = ["query": .string(document), "variables": ["i": input]]
        let deadline = ContinuousClock.now + .seconds(240)
        var last = ""
        while ContinuousClock.now < deadline {
            let port = ports[random(0..<2)]
            do {
                let answer = try await transport.send(
                    HTTPRequest(
                        .post, "http://127.0.0.1:\(port)/graphql",
                        headers: HTTPHeaders([
                            .init(name: "Content-Type", value: "application/json"),
                            .init(name: "Authorization", value: "Bearer \(organization.key)"),
                        ]), body: body.bytes))
                let json = try JSONValue(parsing: answer.body)
                if let data = json["data"], !data.isNull, json["errors"] == nil { return data }
                last = String(decoding: answer.body, as: UTF8.self)
            } catch {
                last = "\(error)"
                try await revive()
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw Failure("nobody answered: \(last)")
    }

    @discardableResult
    func control(_ path: String, _ json: String? = nil, deletes: Bool = false) async throws -> JSONValue {
        let answer = try await transport.send(
            HTTPRequest(
                deletes ? .delete : json == nil ? .get : .post, "\(carrierURL)/_control\(path)",
                body: json.map { Array($0.utf8) }, responseSizeLimit: 1 << 28, reusePool: "control"))
        return answer.body.isEmpty ? .null : try JSONValue(parsing: answer.body)
    }
}
