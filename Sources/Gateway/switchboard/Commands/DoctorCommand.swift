import ArgumentParser

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Look at an installation, and say what to do about what is wrong.",
        discussion: "Ends with code 1 when something is wrong. Nothing is changed.")

    @Option(help: "The slug of an organization whose Twilio account is asked as well.")
    var organization: String?

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        let (settings, logger) = try await options.load()
        let findings = await Doctor(settings: settings, logger: logger, organization: organization).examine()
        for finding in findings { print(finding.lines) }
        if findings.contains(where: { $0.state == .wrong }) { throw ExitCode(1) }
    }
}
