import FoundationEssentials
import Glibc
import GraphQL

/// The server as it is shipped, with a database, in a folder that goes with it.
final class DemoServer {
    struct Organization {
        /// As the API has it, `org_…`.
        let id: String
        let slug: String
        let apiKey: String
        let accountSid: String
        let authToken: String
        let numbers: [String]

        var uuid: UUID? {
            let digits = Array(id.dropFirst("org_".count))
            guard digits.count == 32 else { return nil }
            let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
            return UUID(uuidString: groups.joined(separator: "-"))
        }
    }

    let process: pid_t
    /// Without a slash at the end.
    let url: String
    /// The carrier; without a slash at the end.
    let sandbox: String
    /// As the administrator.
    let administrator: String
    let organizations: [Organization]
    /// For files of ours, too.
    let folder: String

    /// As the role that the engine's statements run as.
    var tenant: String { administrator.replacing("user=switchboard_admin", with: "user=switchboard_tenant") }

    /// The program beside our own, so that both are of one build.
    static var program: String {
        get throws {
            let ours = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            let program = URL(filePath: ours).deletingLastPathComponent().path + "/switchboard"
            guard FileManager.default.isExecutableFile(atPath: program) else {
                throw Program.Failure(description: "\(program) is not built: `make bench` builds it.")
            }
            return program
        }
    }

    /// Returns when it answers.
    static func start() async throws -> DemoServer {
        let parent = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        var template = "\(parent)/switchboard-bench-XXXXXX".utf8CString
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
        guard let folder = made else {
            throw Program.Failure(
                description: "No folder can be made in \(parent): set TMPDIR to one that is writable.")
        }
        // The database's own user passes through when we are root.
        chmod(folder, 0o711)
        do {
            let arguments = [
                "demo", "--state-dir", folder, "--port", "0", "--sandbox-port", "0", "--log-level", "error",
                "--api-rate", "0", "--no-server-timing",
            ]
            let process = try spawn(try program, arguments, log: "\(folder)/demo.log")
            let file = "\(folder)/demo.json"
            for _ in 0..<1_200 {
                // It is written at once, when all answer.
                if let text = try? Data(contentsOf: URL(filePath: file)), !text.isEmpty {
                    return try DemoServer(process, folder, try JSONValue(parsing: Array(text)))
                }
                guard waitpid(process, nil, WNOHANG) == 0 else { break }
                try await Task.sleep(for: .milliseconds(50))
            }
            kill(process, SIGTERM)
            let log = (try? String(contentsOfFile: "\(folder)/demo.log", encoding: .utf8)) ?? ""
            throw Program.Failure(description: "The server did not start: \(log)")
        } catch {
            try? FileManager.default.removeItem(atPath: folder)
            throw error
        }
    }

    private init(_ process: pid_t, _ folder: String, _ demo: JSONValue) throws {
        func text(_ value: JSONValue, _ key: String) throws -> String {
            guard case .string(let text)? = value[key] else {
                throw Program.Failure(description: "demo.json has no \(key).")
            }
            return text
        }
        guard case .array(let organizations)? = demo["organizations"] else {
            throw Program.Failure(description: "demo.json has no organizations.")
        }
        self.process = process
        self.folder = folder
        url = String(try text(demo, "graphql").dropLast("/graphql".count))
        sandbox = try text(demo, "sandbox")
        administrator = try text(demo, "database")
        self.organizations = try organizations.map {
            Organization(
                id: try text($0, "id"), slug: try text($0, "slug"), apiKey: try text($0, "apiKey"),
                accountSid: try text($0, "accountSid"), authToken: try text($0, "authToken"),
                numbers: $0["numbers"]?.arrayValue?.compactMap(\.stringValue) ?? [])
        }
    }

    /// Ends it, waits for that, and removes the folder.
    func stop() async {
        // Its database ends with it, in whatever way it ends.
        await Program.end(process)
        // What supervises the database may still be tidying up in it.
        for _ in 0..<100 where FileManager.default.fileExists(atPath: folder) {
            try? FileManager.default.removeItem(atPath: folder)
            try? await Task.sleep(for: .milliseconds(100))
        }
    }

    /// - Returns: rows, a line each, columns parted by `|`.
    @discardableResult
    func psql(_ arguments: String...) async throws -> String {
        try await Program.run(
            "psql",
            [
                "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1",
                "--dbname=\(administrator)",
            ]
                + arguments)
    }

    /// - Parameter settings: of the environment, beside what is there.
    static func spawn(
        _ program: String, _ arguments: [String], settings: [String: String] = [:], log: String
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // The threads of a task hold signals back, and a process inherits that: it could not be told to stop.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        var environment =
            ProcessInfo.processInfo.environment.merging(settings) { $1 }.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in words + environment { free(pointer) } }
        var process: pid_t = 0
        let failure = posix_spawn(&process, program, &actions, &attributes, &words, &environment)
        guard failure == 0 else {
            throw Program.Failure(description: "\(program) cannot be started: \(String(cString: strerror(failure)))")
        }
        return process
    }
}
