import Subprocess
import TestSupport

extension Demo {
    /// Runs a command of administration to its end.
    func command(_ arguments: String...) async throws -> Place.Finished {
        try await command(arguments)
    }

    /// Runs one that must succeed, and gives the lines that it prints.
    func lines(_ arguments: String...) async throws -> [String] {
        let finished = try await command(arguments)
        guard finished.status == .exited(0) else { throw Unexpected("\(arguments): \(finished)") }
        return finished.output.split(separator: "\n").map(String.init)
    }

    /// Another server over the same database, for as long as the body runs; the body gets its URL.
    ///
    /// - Parameter more: settings without `SWITCHBOARD_`.
    func withSecondNode<Result>(
        _ more: [String: String] = [:], isolation: isolated (any Actor)? = #isolation,
        _ body: (_ url: String) async throws -> Result
    ) async throws -> Result {
        let port = try FreePort.find()
        let url = "http://127.0.0.1:\(port)"
        let program = try await RunningProgram.start(
            try Executable.switchboard.path, ["serve"], folder: place.root,
            environment: try settings(port: port, more))
        do {
            let result = try await Caller.with { caller in
                try await eventually("the server is ready") {
                    guard program.status == nil else { throw Unexpected("It ended: \(try program.errors)") }
                    return (try? await caller.get(url + "/readyz").status) == 200
                }
                return try await body(url)
            }
            try await program.end()
            return result
        } catch {
            try? await program.end()
            throw error
        }
    }
}
