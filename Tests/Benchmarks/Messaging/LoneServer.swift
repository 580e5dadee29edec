import Curl
import FoundationEssentials
import Glibc
import TestSupport

/// `switchboard serve` with its database and its carrier in processes of their own, so that what it holds is its own.
final class LoneServer {
    let database: TestDatabase
    private let process: pid_t
    private let url: String
    private let carrier: SandboxProcess
    private let apiKey: String
    private let transport: HTTPTransport

    private init(
        _ database: TestDatabase, _ process: pid_t, _ url: String, _ carrier: SandboxProcess, _ apiKey: String,
        _ transport: HTTPTransport
    ) {
        self.database = database
        self.process = process
        self.url = url
        self.carrier = carrier
        self.apiKey = apiKey
        self.transport = transport
    }

    /// MB of 1,000,000 bytes.
    var resident: Double { ProcessFigures.resident(process) }

    /// Its only organization, which has the sandbox's only account.
    func clinic() async throws -> TextingClinic {
        try await TextingClinic.open(
            DemoServer.Organization(
                id: "", slug: Self.slug, apiKey: apiKey, accountSid: SandboxProcess.account,
                authToken: SandboxProcess.token, numbers: [SandboxProcess.own]),
            at: url, sandbox: carrier.url, over: transport)
    }

    private static let slug = "harbor-clinic"

    /// Runs something with a server, and ends all of it.
    static func with(_ body: (LoneServer) async throws -> Void) async throws {
        try await SandboxProcess.with { carrier in
            try await withMigratedDatabase { database in
                let transport = try HTTPTransport()
                do {
                    try await with(database, carrier, transport, body)
                } catch {
                    await transport.shutdown()
                    throw error
                }
                await transport.shutdown()
            }
        }
    }

    private static func with(
        _ database: TestDatabase, _ carrier: SandboxProcess, _ transport: HTTPTransport,
        _ body: (LoneServer) async throws -> Void
    ) async throws {
        let port = try FreePort.find()
        let url = "http://127.0.0.1:\(port)"
        let settings = [
            "SWITCHBOARD_DATABASE": database.conninfo, "SWITCHBOARD_ROOT_KEY_FILE": "\(carrier.folder)/root.key",
            "SWITCHBOARD_PUBLIC_URL": url, "SWITCHBOARD_PORT": "\(port)", "SWITCHBOARD_TWILIO_URL": carrier.url,
            "SWITCHBOARD_API_RATE": "0", "SWITCHBOARD_LOG_LEVEL": "error",
        ]
        let program = try DemoServer.program
        _ = try await Program.run(program, ["org", "create", "Harbor Clinic", "--slug", slug], settings: settings)
        let key = try await Program.run(
            program, ["key", "create", "--organization", slug, "--role", "OWNER"], settings: settings)
        guard let apiKey = key.split(separator: "\n").last else {
            throw Program.Failure(description: "No API key was printed.")
        }
        let log = "\(carrier.folder)/server.log"
        let server = LoneServer(
            database, try DemoServer.spawn(program, ["serve"], settings: settings, log: log), url, carrier,
            String(apiKey), transport)
        do {
            try await server.ready(log)
            try await body(server)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    private func ready(_ log: String) async throws {
        for _ in 0..<600 {
            let answer = try? await transport.send(HTTPRequest(.get, "\(url)/readyz"))
            if answer?.status == 200 { return }
            guard waitpid(process, nil, WNOHANG) == 0 else { break }
            try await Task.sleep(for: .milliseconds(50))
        }
        let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        throw Program.Failure(description: "The server did not start: \(text)")
    }

    private func stop() async {
        await Program.end(process)
    }
}
