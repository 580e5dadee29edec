import Foundation
import Subprocess

/// PostgreSQL's own client: a second opinion beside ours, and able to prepare what ours is tested on.
package enum Psql {
    /// What `psql` said when it failed.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// Runs each statement in a transaction of its own, up to the first error.
    ///
    /// - Returns: rows, a line each, columns parted by `|`, without the last newline.
    package static func run(_ sql: String, conninfo: String) async throws -> String {
        // By a file, not by standard input: a psql that cannot connect ends without reading, and swift-subprocess 1.0.2
        // then ends the whole process over the descriptor that it could not write to.
        let script = FileManager.default.temporaryDirectory.appendingPathComponent("switchboard-\(UUID()).sql")
        try Data(sql.utf8).write(to: script)
        defer { try? FileManager.default.removeItem(at: script) }
        let result = try await Subprocess.run(
            .name("psql"),
            arguments: [
                "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1",
                "--dbname=\(conninfo)",
                "--file=\(script.path)",
            ],
            input: .none, output: .string(limit: 16 << 20), error: .string(limit: 1 << 20))
        guard case .exited(0) = result.terminationStatus else {
            throw Failure(description: result.standardError)
        }
        var output = result.standardOutput[...]
        while output.last == "\n" { output.removeLast() }
        return String(output)
    }
}
