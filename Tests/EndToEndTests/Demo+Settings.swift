extension Demo {
    /// The environment of a program that works on the demo's database beside it.
    ///
    /// - Parameter more: by the names of the settings without `SWITCHBOARD_`.
    func settings(port: Int = 0, _ more: [String: String] = [:]) throws -> [String: String?] {
        // Without its user: each role connects as itself.
        let database = try text("database").split(separator: " ").filter { !$0.hasPrefix("user=") }
        var environment: [String: String?] = [
            "SWITCHBOARD_DATABASE": database.joined(separator: " "),
            "SWITCHBOARD_ROOT_KEY_FILE": place.rootKey,
            "SWITCHBOARD_PUBLIC_URL": "http://127.0.0.1:\(port)", "SWITCHBOARD_PORT": "\(port)",
            "SWITCHBOARD_TWILIO_URL": try text("sandbox"),
        ]
        for (name, value) in more { environment["SWITCHBOARD_\(name)"] = value }
        return environment
    }

    /// Runs a command of the binary on the demo's database.
    func command(_ arguments: [String]) async throws -> Place.Finished {
        try await place.run(.switchboard, arguments, environment: try settings(["PUBLIC_URL": try server]))
    }
}
