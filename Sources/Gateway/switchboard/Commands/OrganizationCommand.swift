import Accounts
import ArgumentParser
import Postgres

struct OrganizationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "org", abstract: "Organizations.",
        subcommands: [Create.self, List.self, Suspend.self, Resume.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Create an organization.")

        @Argument(help: "Its name, for people.")
        var name: String

        @Option(help: "Unique: 1 to 63 lower-case letters, digits and hyphens.")
        var slug: String

        @OptionGroup var options: SettingsOptions

        func run() async throws {
            try await options.withAccounts { accounts in
                let id = try await accounts.organizations.create(slug: slug, name: name)
                print("Created the organization \"\(name)\" (\(slug), \(id)).")
                print("Its first API key: switchboard key create --organization \(slug) --role OWNER")
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Every organization, by slug.")

        @OptionGroup var options: SettingsOptions

        func run() async throws {
            try await options.withAccounts { accounts in
                var last = ""
                while true {
                    let page = try await accounts.organizations.list(after: last)
                    for organization in page {
                        print(
                            organization.slug, organization.id, organization.isSuspended ? "suspended" : "active",
                            organization.name, separator: "\t")
                    }
                    guard let end = page.last else { return }
                    last = end.slug
                }
            }
        }
    }

    struct Suspend: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let its keys and members in no more, on every node within a second.",
            discussion: "What it has queued still goes out. `switchboard org resume` takes it back.")

        @Argument(help: "Its slug.")
        var slug: String

        @OptionGroup var options: SettingsOptions

        func run() async throws {
            try await options.withAccounts { accounts in
                try await accounts.organizations.suspend(try await accounts.organization(slug), true)
                print("Suspended.")
            }
        }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let its keys and members in again.")

        @Argument(help: "Its slug.")
        var slug: String

        @OptionGroup var options: SettingsOptions

        func run() async throws {
            try await options.withAccounts { accounts in
                try await accounts.organizations.suspend(try await accounts.organization(slug), false)
                print("Resumed.")
            }
        }
    }
}
