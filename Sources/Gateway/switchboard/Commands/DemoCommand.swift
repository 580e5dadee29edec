import ArgumentParser
import Foundation
import Logging

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Everything at once: PostgreSQL, a Twilio sandbox and the server, with three clinics.",
        discussion: """
            Writes demo.json into the state directory when everything answers, and removes it on stop. Ctrl-C stops \
            everything that was started, and leaves the data.
            """)

    @Option(help: "The server's port; without it the last one, if it is free, or any.")
    var port: Int?

    @Option(help: "The sandbox's port; without it the last one, if it is free, or any.")
    var sandboxPort: Int?

    @Option(help: "Where the demo keeps what it makes.")
    var stateDir = ".switchboard"

    @Option(help: "Requests a minute by address, account and organization; 0 for no limit.")
    var apiRate = 600_000

    @Flag(inversion: .prefixedNo, help: "Tell what each answer took, as a server does in development only.")
    var serverTiming = true

    @Flag(help: "Start from nothing: forget the data of earlier starts.")
    var fresh = false

    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel = "notice"

    func validate() throws {
        for (name, value) in [("--port", port), ("--sandbox-port", sandboxPort)] {
            if let value, !(0...65_535).contains(value) { throw ValidationError("\(name) must be 0 to 65535.") }
        }
        if let port, port != 0, port == sandboxPort {
            throw ValidationError("--port and --sandbox-port must differ.")
        }
        guard (0...60_000_000).contains(apiRate) else {
            throw ValidationError("--api-rate must be 0, for no limit, to 60000000.")
        }
        guard LogLevel(rawValue: logLevel) != nil else {
            throw ValidationError(
                "--log-level must be trace, debug, info, notice, warning, error or critical.")
        }
    }

    func run() async throws {
        let logger = Observability.start(level: LogLevel(rawValue: logLevel) ?? .notice)
        try await Demo(
            stateDirectory: URL(fileURLWithPath: stateDir).standardizedFileURL.path, port: port,
            sandboxPort: sandboxPort, apiRate: apiRate == 0 ? nil : apiRate, tellsTimings: serverTiming,
            startsFresh: fresh, logger: logger
        ).run()
    }
}
