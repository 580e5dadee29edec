import FoundationEssentials
import Glibc
import Subprocess
import SystemPackage

/// Programs, and how they end.
enum Program {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// - Parameters:
    ///   - name: of a program on the path, or a path.
    ///   - settings: of the environment, beside what is there.
    /// - Returns: its standard output.
    static func run(
        _ name: String, _ arguments: [String], settings: [String: String] = [:]
    ) async throws -> String {
        let program: Executable = name.contains("/") ? .path(FilePath(name)) : .name(name)
        let updates = Dictionary(uniqueKeysWithValues: settings.map { (Environment.Key(stringLiteral: $0), $1) })
        let result = try await Subprocess.run(
            program, arguments: Arguments(arguments), environment: .inherit.updating(updates), input: .none,
            output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        guard result.terminationStatus.isSuccess else {
            throw Failure(description: "\(name) failed: \(result.standardError)")
        }
        return result.standardOutput
    }

    /// Tells a child to end, and waits until it has; after 30 s it is killed.
    static func end(_ process: pid_t) async {
        kill(process, SIGTERM)
        let deadline = ContinuousClock.now + .seconds(30)
        while waitpid(process, nil, WNOHANG) == 0 {
            if ContinuousClock.now > deadline { kill(process, SIGKILL) }
            try? await Task.sleep(for: .milliseconds(20))
        }
    }
}
