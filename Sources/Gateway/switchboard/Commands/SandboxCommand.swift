import ArgumentParser
import Foundation
import Logging
import ServiceLifecycle
import TwilioSandbox

struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox", abstract: "A local carrier that answers as Twilio does.",
        discussion: "GET /_control documents how it is made to misbehave and to receive messages.")

    @Option(help: "The port to listen on; 0 picks a free one.")
    var port = 8090

    @Option(help: "A JSON file of accounts; without it one account is made and printed.")
    var config: String?

    @Option(help: "Makes everything random repeatable, but for the tokens.")
    var seed: UInt64 = 1

    @Option(help: "Milliseconds between a request and its answer.")
    var latency = 40

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port must be 0 to 65535.") }
        guard (0...60_000).contains(latency) else { throw ValidationError("--latency must be 0 to 60000.") }
    }

    func run() async throws {
        let logger = Observability.start(level: .info)
        let accounts: [SandboxAccount]
        if let config {
            accounts = try SandboxAccounts.load(path: config)
        } else {
            accounts = SandboxAccounts.generate(["Sandbox"])
        }
        let server = try SandboxServer(
            configuration: SandboxConfiguration(
                port: port, seed: seed, accounts: accounts,
                timings: SandboxTimings(apiLatency: .milliseconds(latency))), logger: logger)
        if config == nil, let account = accounts.first {
            print("Account SID  \(account.sid)")
            print("Auth token   \(account.authToken)")
            print("Numbers      \(account.numbers.map(\.phoneNumber).joined(separator: " "))")
        }
        let group = ServiceGroup(untilSignal: [server], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let port = try await server.waitUntilListening()
            print("Listening on http://127.0.0.1:\(port)")
            fflush(nil)
            try await tasks.waitForAll()
        }
    }
}
