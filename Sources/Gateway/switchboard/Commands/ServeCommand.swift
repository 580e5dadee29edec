import ArgumentParser
import Logging

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "The server: API, webhooks and workers.",
        discussion: """
            Settings come from the environment, and what is not there from the JSON file of --config, whose keys are the \
            same words in lower case, nested: {"switchboard": {"database": "…", "public": {"url": "…"}}}.

            \(Settings.help)
            """)

    @Option(help: "A JSON file with settings; the environment goes before it.")
    var config: String?

    func run() async throws {
        let settings = try await Settings.load(file: config)
        let logger = Observability.start(level: settings.logLevel)
        let gateway = try await Gateway.assemble(settings, logger: logger)
        try await gateway.run(logger: logger)
    }
}
