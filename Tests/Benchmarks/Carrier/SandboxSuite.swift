import FoundationEssentials
import GraphQL

/// How many messages the sandbox carrier takes in a second, so that it never is what a test waits for.
struct SandboxSuite: BenchmarkSuite {
    static let name = "sandbox"

    private static let connections = 32

    func run(_ turns: Turns, _ figures: inout Figures) async throws {
        try await SandboxProcess.with { sandbox in
            let request = "\(sandbox.folder)/create.lua"
            let credential = Data("\(SandboxProcess.account):\(SandboxProcess.token)".utf8).base64EncodedString()
            try Data(
                """
                return {
                  method = "POST",
                  body = "To=%2B14155550123&From=%2B12125550100&Body=Your+appointment+is+tomorrow+at+ten",
                  headers = {
                    ["Content-Type"] = "application/x-www-form-urlencoded",
                    ["Authorization"] = "Basic \(credential)",
                  },
                }
                """.utf8
            ).write(to: URL(filePath: request))
            let work = try await turns.take([
                { turns in
                    try await Self.creates(sandbox, request, seconds: max(1, Int(turns.seconds.rounded())))
                }
            ])
            figures.add(
                "sandbox.creates_per_s", median(work[0]), "messages a second by wrk, \(Self.connections) connections",
                target: .atLeast(5_000))
        }
    }

    /// Fails when any request did.
    private static func creates(_ sandbox: SandboxProcess, _ request: String, seconds: Int) async throws -> Double {
        let output = try await Program.run(
            "wrk",
            [
                "--threads", "1", "--connections", "\(connections)", "--duration", "\(seconds)s", "--timeout", "60s",
                "--script", "Tests/Benchmarks/Engine/wrk.lua", sandbox.messages, "--", request,
            ])
        guard let line = output.split(separator: "\n").last(where: { $0.hasPrefix("{") }) else {
            throw Program.Failure(description: "wrk said nothing that is understood: \(output)")
        }
        let result = try JSONValue(parsing: Array(line.utf8))
        guard result.number("failed") == 0, result.number("requests") > 0 else {
            throw Program.Failure(description: "The sandbox did not take every message: \(line)")
        }
        return result.number("requests") / result.number("microseconds") * 1_000_000
    }
}
