import Subprocess

extension Demo {
    /// What the command line, and another server, are told of this demo's installation.
    private func settings(_ more: [String: String]) throws -> [String: String?] {
        // Without its user: each role connects as itself.
        let database = try text("database").split(separator: " ").filter { !$0.hasPrefix("user=") }
        var environment: [String: String?] = [
            "SWITCHBOARD_DATABASE": database.joined(separator: " "), "SWITCHBOARD_ROOT_KEY_FILE": place.rootKey,
            "SWITCHBOARD_PUBLIC_URL": try server, "SWITCHBOARD_TWILIO_URL": try text("sandbox"),
        ]
        for (name, value) in more { environment["SWITCHBOARD_\(name)"] = value }
        return environment
    }

    /// Runs a command of administration to its end.
    func command(_ arguments: String...) async throws -> Place.Finished {
        try await place.run(.switchboard, arguments, environment: try settings([:]))
    }

    /// Runs one that must succeed, and gives the lines that it prints.
    func lines(_ arguments: String...) async throws -> [String] {
        let finished = try await place.run(.switchboard, arguments, environment: try settings([:]))
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
            environment: try settings(["PUBLIC_URL": url, "PORT": "\(port)"].merging(more) { $1 }))
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
