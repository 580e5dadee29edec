import Accounts
import ArgumentParser
import Foundation
import QueryEngine

struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Users of the platform.",
        subcommands: [
            Create.self, List.self, AddToOrganization.self, ResetPassword.self, Suspend.self, Resume.self,
            SetPlatformRole.self,
        ])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create a user, and print a token by which they choose a password.",
            discussion: """
                The first admin of an installation: switchboard user create --email you@example.com --platform-role \
                PLATFORM_ADMIN. The token goes into the mutation resetPassword, works once, and lasts an hour.
                """)

        @Option(help: "What they sign in with.")
        var email: String

        @Option(help: "Their name; the e-mail when left out.")
        var name: String?

        @Option(help: "PLATFORM_ADMIN or PLATFORM_AUDITOR.")
        var platformRole: String?

        @Flag(help: "Read the password from standard input, one line, instead of printing a token.")
        var passwordFromStdin = false

        @OptionGroup var options: SettingsOptions

        func validate() throws { _ = try UserCommand.platformRole(platformRole) }

        func run() async throws {
            let role = try UserCommand.platformRole(platformRole)
            let password = passwordFromStdin ? readLine(strippingNewline: true) ?? "" : nil
            try await options.withAccounts { accounts in
                let id = try await accounts.users.create(
                    email: email, name: name, password: password, platformRole: role)
                print("Created the user \(email) (\(OpaqueID.encode(id, prefix: "usr"))).")
                if password == nil {
                    print("Token for a password, good for one hour:")
                    print(try await accounts.users.makeReset(for: id))
                }
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Every user, by e-mail.")

        @OptionGroup var options: SettingsOptions

        func run() async throws {
            try await options.withAccounts { accounts in
                var last = ""
                while true {
                    let page = try await accounts.users.list(after: last)
                    for user in page {
                        print(
                            user.email, OpaqueID.encode(user.id, prefix: "usr"),
                            user.isSuspended ? "suspended" : "active", user.platformRole?.rawValue ?? "-", user.name,
                            separator: "\t")
                    }
                    guard let end = page.last else { return }
                    last = end.email
                }
            }
        }
    }

    struct AddToOrganization: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Make a user a member of an organization.")

        @Option(help: "The user's e-mail.")
        var email: String

        @Option(help: "The organization's slug.")
        var organization: String

        @Option(help: "OWNER, ADMIN, AGENT or VIEWER.")
        var role: String

        @OptionGroup var options: SettingsOptions

        func validate() throws {
            guard Role(rawValue: role)?.isOfOrganization == true else {
                throw ValidationError("--role must be OWNER, ADMIN, AGENT or VIEWER.")
            }
        }

        func run() async throws {
            guard let role = Role(rawValue: role) else { throw ValidationError("--role is not a role.") }
            try await options.withAccounts { accounts in
                let user = try await accounts.user(email)
                let tenant = try await accounts.organization(organization)
                do {
                    try await accounts.desk.members.add(
                        user.id, email: user.email, name: user.name, role: role, to: tenant)
                } catch AccountRefusal.alreadyMember {
                    throw SettingsError("\(user.email) belongs to \(organization) already.")
                }
                print("Added.")
            }
        }
    }

    struct ResetPassword: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a token by which a user chooses another password; it works once, within an hour.",
            discussion: "The token goes into the mutation resetPassword, which signs the user out everywhere.")

        @Argument(help: "The user's e-mail.")
        var email: String

        @OptionGroup var options: SettingsOptions

        func run() async throws {
            try await options.withAccounts { accounts in
                print(try await accounts.users.makeReset(for: try await accounts.user(email).id))
            }
        }
    }

    struct Suspend: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sign a user out everywhere, and let them in no more.")

        @Argument(help: "The user's e-mail.")
        var email: String

        @OptionGroup var options: SettingsOptions

        func run() async throws {
            try await options.withAccounts { accounts in
                try await accounts.users.suspend(try await accounts.user(email).id, true)
                print("Suspended.")
            }
        }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let a suspended user sign in again.")

        @Argument(help: "The user's e-mail.")
        var email: String

        @OptionGroup var options: SettingsOptions

        func run() async throws {
            try await options.withAccounts { accounts in
                try await accounts.users.suspend(try await accounts.user(email).id, false)
                print("Resumed.")
            }
        }
    }

    struct SetPlatformRole: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Give a user a role of the platform, or take it.")

        @Argument(help: "The user's e-mail.")
        var email: String

        @Option(help: "PLATFORM_ADMIN or PLATFORM_AUDITOR; left out, the role is taken.")
        var role: String?

        @OptionGroup var options: SettingsOptions

        func validate() throws { _ = try UserCommand.platformRole(role) }

        func run() async throws {
            let role = try UserCommand.platformRole(role)
            try await options.withAccounts { accounts in
                try await accounts.users.setPlatformRole(role, of: try await accounts.user(email).id)
                print(role == nil ? "Taken." : "Given.")
            }
        }
    }

    private static func platformRole(_ text: String?) throws -> Role? {
        guard let text else { return nil }
        guard let role = Role(rawValue: text), role.isOfPlatform else {
            throw ValidationError("The role must be PLATFORM_ADMIN or PLATFORM_AUDITOR.")
        }
        return role
    }
}
