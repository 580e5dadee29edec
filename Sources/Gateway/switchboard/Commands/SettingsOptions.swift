import ArgumentParser
import Logging

/// What every command that works on an installation's database takes.
struct SettingsOptions: ParsableArguments {
    @Option(help: "A JSON file with settings; the environment goes before it. See `switchboard serve --help`.")
    var config: String?

    func load() async throws -> (Settings, Logger) {
        let settings = try await Settings.load(file: config)
        return (settings, Observability.start(level: settings.logLevel))
    }

    /// Works on the accounts of the installation that the settings name.
    func withAccounts(_ body: @Sendable (AccountTools) async throws -> Void) async throws {
        let (settings, logger) = try await load()
        try await Administration.withAccounts(settings, logger: logger, body)
    }
}
