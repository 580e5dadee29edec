import FoundationEssentials
import Glibc
import Subprocess
import SystemPackage

/// A program that runs to its end.
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
}
