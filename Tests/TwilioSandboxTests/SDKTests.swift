import Foundation
import Subprocess
import SystemPackage
import Testing
import TwilioSandbox

/// Twilio's own SDK for Python, and a tester by OpenAPI documents, against a sandbox in this process.
@Suite(.timeLimit(.minutes(10))) struct SDKTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Python")
    private static let root = folder.appending(path: "../../..").standardizedFileURL

    private static var accounts: [SandboxAccount] {
        var clinic = Sandbox.clinic
        clinic.testSid = "AC" + String(repeating: "e", count: 32)
        clinic.testAuthToken = "token-for-tests"
        return [clinic, Sandbox.firm]
    }

    /// Runs a script of `Python/` with the sandbox's address and credentials.
    private func run(_ script: String, _ sandbox: Sandbox, _ arguments: [String]) async throws -> String {
        let python = Self.root.appending(path: ".build/python/bin/python").path
        try #require(FileManager.default.isExecutableFile(atPath: python), "`make test` makes \(python)")
        let result = try await Subprocess.run(
            .path(FilePath(python)),
            arguments: Arguments(
                ["-B", Self.folder.appending(path: script).path, "http://127.0.0.1:\(sandbox.port)"] + arguments),
            input: .none, output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        let output = result.standardOutput + result.standardError
        #expect(result.terminationStatus == .exited(0), "\(output.suffix(20_000))")
        return result.standardOutput
    }

    @Test func `Twilio's SDK cannot tell the sandbox from Twilio`() async throws {
        try await Sandbox.with(accounts: Self.accounts) { sandbox async throws in
            let clinic = Self.accounts[0]
            let firm = Self.accounts[1]
            let output = try await run(
                "drive.py", sandbox,
                [
                    clinic.sid, clinic.authToken, clinic.testSid ?? "", clinic.testAuthToken ?? "", firm.sid,
                    firm.authToken,
                ])
            print(output, terminator: "")
        }
    }

    @Test func `made-up requests get answers of the documented shapes`() async throws {
        try await Sandbox.with(accounts: Self.accounts) { sandbox async throws in
            let clinic = Self.accounts[0]
            let output = try await run("explore.py", sandbox, [clinic.sid, clinic.authToken])
            print(output, terminator: "")
        }
    }
}
