import FoundationEssentials
import Glibc
import Subprocess
import SystemPackage

/// A program that runs to its end.
enum Program {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// - Returns: its standard output.
    static func run(_ name: String, _ arguments: [String]) async throws -> String {
        let result = try await Subprocess.run(
            .name(name), arguments: Arguments(arguments), input: .none,
            output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        guard result.terminationStatus.isSuccess else {
            throw Failure(description: "\(name) failed: \(result.standardError)")
        }
        return result.standardOutput
    }
}
