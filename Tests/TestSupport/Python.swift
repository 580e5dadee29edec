import FoundationEssentials
import Subprocess
import SystemPackage

/// The Python that `.ci/python` makes for tests, with the packages of `.ci/requirements.txt`.
package enum Python {
    /// Why a script gave no answer.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// Runs a script to its end.
    ///
    /// - Parameters:
    ///   - script: its path from the root of the repository.
    ///   - environment: what is different from ours.
    /// - Returns: what it wrote to standard output, at most 256 MB.
    /// - Throws: `Failure` with what it wrote to standard error, when it did not end well.
    package static func run(
        _ script: String, _ arguments: [String], environment: [String: String] = [:]
    ) async throws -> String {
        let interpreter = RepositoryFile.path(".build/python/bin/python")
        guard FileManager.default.isExecutableFile(atPath: interpreter) else {
            throw Failure(description: "There is no \(interpreter). `make test` makes it, as does `make python`.")
        }
        let overrides = environment.map { (Environment.Key(stringLiteral: $0.key), Optional($0.value)) }
        let result = try await Subprocess.run(
            .path(FilePath(interpreter)), arguments: Arguments(["-I", "-B", RepositoryFile.path(script)] + arguments),
            environment: .inherit.updating(Dictionary(uniqueKeysWithValues: overrides)), input: .none,
            output: .string(limit: 256 << 20), error: .string(limit: 1 << 20))
        guard case .exited(0) = result.terminationStatus else {
            throw Failure(description: "\(script) ended with \(result.terminationStatus): \(result.standardError)")
        }
        return result.standardOutput
    }
}
