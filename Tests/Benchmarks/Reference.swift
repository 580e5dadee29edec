import FoundationEssentials
import GraphQL
import OrderedCollections
import Subprocess
import SystemPackage

/// A program in another language that does the same work with somebody else's code.
///
/// Each turn is a process of its own. It reads one JSON object from its standard input, warms up, measures for
/// `seconds` as `Turns.best` does, and prints one JSON object of figures.
struct Reference {
    let program: String
    /// From the project's folder.
    let script: String

    /// `nil` where the program or the script is not there.
    init?(program: String, script: String) {
        let places = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        let isThere =
            program.contains("/")
            ? FileManager.default.isExecutableFile(atPath: program)
            : places.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
        guard isThere, FileManager.default.fileExists(atPath: script) else { return nil }
        (self.program, self.script) = (program, script)
    }

    func run(_ input: OrderedDictionary<String, JSONValue>) async throws -> JSONValue {
        let executable: Executable = program.contains("/") ? .path(FilePath(program)) : .name(program)
        let result = try await Subprocess.run(
            executable, arguments: [script], input: .array(JSONValue.object(input).bytes),
            output: .bytes(limit: 1 << 20), error: .string(limit: 1 << 16))
        guard result.terminationStatus.isSuccess else {
            throw Failure(description: "\(script) failed: \(result.standardError)")
        }
        return try JSONValue(parsing: result.standardOutput)
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }
}

extension JSONValue {
    /// A member that is a number, whatever its form.
    func number(_ key: String) -> Double {
        switch self[key] {
        case .int(let value)?: Double(value)
        case .number(let text)?: Double(text) ?? .nan
        default: .nan
        }
    }
}
