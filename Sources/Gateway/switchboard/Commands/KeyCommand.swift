import Accounts
import ArgumentParser
import Audit
import Foundation
import QueryEngine

struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "API keys.",
        subcommands: [Create.self, List.self, Revoke.self, RotateSigning.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create an API key. It is printed once and cannot be seen again.")

        @Option(help: "The slug of the organization that it is for.")
        var organization: String?

        @Flag(help: "A key of the platform, for an admin or an auditor.")
        var platform = false

        @Option(help: "OWNER, ADMIN, AGENT or VIEWER; with --platform PLATFORM_ADMIN or PLATFORM_AUDITOR.")
        var role: String

        @Option(help: "What it is for.")
        var label = "Made at the command line"

        @Option(help: "Days until it ends by itself; never when left out. Not for keys of the platform.")
        var days: Int?

        @OptionGroup var options: SettingsOptions

        func validate() throws {
            guard platform != (organization != nil) else {
                throw ValidationError("Give --organization with a slug, or --platform.")
            }
            guard let parsed = Role(rawValue: role), parsed.isOfPlatform == platform else {
                throw ValidationError(
                    platform
                        ? "--role must be PLATFORM_ADMIN or PLATFORM_AUDITOR for a key of the platform."
                        : "--role must be OWNER, ADMIN, AGENT or VIEWER for a key of an organization.")
            }
            guard days.map({ $0 > 0 && !platform }) ?? true else {
                throw ValidationError("--days must be 1 or more, and is for keys of organizations.")
            }
            guard (1...200).contains(label.unicodeScalars.count) else {
                throw ValidationError("--label must have 1 to 200 characters.")
            }
        }

        func run() async throws {
            let (settings, logger) = try await options.load()
            guard let role = Role(rawValue: role) else { throw ValidationError("--role is not a role.") }
            try await Administration.withAccounts(settings, logger: logger) { accounts in
                guard let slug = organization else {
                    print(try await accounts.keys.issueForPlatform(role: role, label: label, actor: .commandLine))
                    return
                }
                guard let id = try await accounts.organizations.find(slug: slug) else {
                    throw AccountError.noSuchOrganization(slug)
                }
                let expiresAt = days.map { Date(timeIntervalSinceNow: Double($0) * 86_400) }
                print(
                    try await accounts.keys.issue(
                        for: id, role: role, label: label, expiresAt: expiresAt, actor: .commandLine))
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The API keys of an organization, oldest first. Never a token.")

        @Option(help: "The slug of the organization.")
        var organization: String

        @OptionGroup var options: SettingsOptions

        func run() async throws {
            let (settings, logger) = try await options.load()
            try await Administration.withAccounts(settings, logger: logger) { accounts in
                let tenant = try await accounts.organization(organization)
                for key in try await accounts.keys.list(of: tenant) {
                    print(
                        OpaqueID.encode(key.id, prefix: "key"), key.role, "…\(key.hint)",
                        key.isRevoked ? "revoked" : "live",
                        "expires \(key.expiresAt?.formatted(.iso8601) ?? "never")",
                        "used \(key.lastUsedAt?.formatted(.iso8601) ?? "never")", key.label, separator: "\t")
                }
            }
        }
    }

    struct RotateSigning: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sign access tokens with a new key. Nobody is signed out.")

        @OptionGroup var options: SettingsOptions

        func run() async throws {
            let (settings, logger) = try await options.load()
            try await Administration.withAccounts(settings, logger: logger) { accounts in
                let id = try await accounts.desk.signingKeys.rotate(audit: accounts.audit.log, actor: .commandLine)
                print("Access tokens are signed with the key \(id.uuidString.lowercased()) from now on.")
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End an API key of an organization for good, on every node within a second.")

        @Argument(help: "The key's id, as the audit names it.")
        var id: String

        @Option(help: "The slug of the organization that it is for.")
        var organization: String

        @OptionGroup var options: SettingsOptions

        func run() async throws {
            let (settings, logger) = try await options.load()
            guard let key = UUID(uuidString: id) ?? OpaqueID.decode(id, prefix: "key") else {
                throw AccountError.noSuchKey
            }
            try await Administration.withAccounts(settings, logger: logger) { accounts in
                guard let tenant = try await accounts.organizations.find(slug: organization) else {
                    throw AccountError.noSuchOrganization(organization)
                }
                try await accounts.keys.revoke(key, of: tenant, actor: .commandLine)
                print("Revoked.")
            }
        }
    }
}
