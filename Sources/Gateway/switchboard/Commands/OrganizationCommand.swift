import Accounts
import ArgumentParser
import Postgres

struct OrganizationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "org", abstract: "Organizations.", subcommands: [Create.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Create an organization.")

        @Argument(help: "Its name, for people.")
        var name: String

        @Option(help: "Unique: 1 to 63 lower-case letters, digits and hyphens.")
        var slug: String

        @OptionGroup var options: SettingsOptions

        func run() async throws {
            let (settings, logger) = try await options.load()
            try await Administration.withAccounts(settings, logger: logger) { accounts in
                let id = try await accounts.organizations.create(slug: slug, name: name)
                print("Created the organization \"\(name)\" (\(slug), \(id)).")
                print("Its first API key: switchboard key create --organization \(slug) --role OWNER")
            }
        }
    }
}
