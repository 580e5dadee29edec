import FoundationEssentials
import Glibc

/// The sandbox carrier as it is shipped, answering at once, with one account, in a folder that goes with it.
final class SandboxProcess {
    static let account = "AC" + String(repeating: "a", count: 32)
    static let token = String(repeating: "5", count: 32)
    static let own = "+12125550100"

    /// Without a slash at the end.
    let url: String
    let folder: String
    private let process: pid_t

    /// Returns when it answers.
    static func start() async throws -> SandboxProcess {
        let parent = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        var template = "\(parent)/switchboard-bench-XXXXXX".utf8CString
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
        guard let folder = made else {
            throw Program.Failure(
                description: "No folder can be made in \(parent): set TMPDIR to one that is writable.")
        }
        do {
            let accounts = """
                {"accounts": [{"sid": "\(account)", "authToken": "\(token)", "numbers": [{"phoneNumber": "\(own)"}]}]}
                """
            try Data(accounts.utf8).write(to: URL(filePath: "\(folder)/accounts.json"))
            let log = "\(folder)/sandbox.log"
            let process = try DemoServer.spawn(
                try DemoServer.program,
                ["sandbox", "--port", "0", "--latency", "0", "--config", "\(folder)/accounts.json"], log: log)
            for _ in 0..<200 {
                let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
                if let line = text.split(separator: "\n").first(where: { $0.hasPrefix("Listening on ") }) {
                    return SandboxProcess(
                        url: String(line.dropFirst("Listening on ".count)), folder: folder, process: process)
                }
                guard waitpid(process, nil, WNOHANG) == 0 else { break }
                try await Task.sleep(for: .milliseconds(50))
            }
            kill(process, SIGTERM)
            let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
            throw Program.Failure(description: "The sandbox did not start: \(text)")
        } catch {
            try? FileManager.default.removeItem(atPath: folder)
            throw error
        }
    }

    private init(url: String, folder: String, process: pid_t) {
        (self.url, self.folder, self.process) = (url, folder, process)
    }

    /// Where messages are made.
    var messages: String { "\(url)/2010-04-01/Accounts/\(Self.account)/Messages.json" }

    /// Seconds of processor time that it has used.
    var processorTime: Double { ProcessFigures.processorTime(process) }

    /// Runs something with a sandbox of its own.
    static func with(_ body: (SandboxProcess) async throws -> Void) async throws {
        let sandbox = try await start()
        do {
            try await body(sandbox)
        } catch {
            await sandbox.stop()
            throw error
        }
        await sandbox.stop()
    }

    private func stop() async {
        await Program.end(process)
        try? FileManager.default.removeItem(atPath: folder)
    }
}
