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

        @OptionGroup var owner: KeyOwner

        @Option(help: "OWNER, ADMIN, AGENT or VIEWER; with --platform PLATFORM_ADMIN or PLATFORM_AUDITOR.")
        var role: String

        @Option(help: "What it is for.")
        var label = "Made at the command line"

        @Option(help: "Days until it ends by itself; never when left out.")
        var days: Int?

        @OptionGroup var options: SettingsOptions

        func validate() throws {
            guard let parsed = Role(rawValue: role), parsed.isOfPlatform == owner.platform else {
                throw ValidationError(
                    owner.platform
                        ? "--role must be PLATFORM_ADMIN or PLATFORM_AUDITOR for a key of the platform."
                        : "--role must be OWNER, ADMIN, AGENT or VIEWER for a key of an organization.")
            }
            guard days.map({ (1...36_500).contains($0) }) ?? true else {
                throw ValidationError("--days must be 1 to 36500.")
            }
            guard (1...200).contains(label.unicodeScalars.count) else {
                throw ValidationError("--label must have 1 to 200 characters.")
            }
        }

        func run() async throws {
            guard let role = Role(rawValue: role) else { throw ValidationError("--role is not a role.") }
            let expiresAt = days.map { Date(timeIntervalSinceNow: Double($0) * 86_400) }
            try await options.withAccounts { accounts in
                guard let slug = owner.organization else {
                    print(
                        try await accounts.keys.issueForPlatform(
                            role: role, label: label, expiresAt: expiresAt, actor: .commandLine))
                    return
                }
                guard let id = try await accounts.organizations.find(slug: slug) else {
                    throw AccountError.noSuchOrganization(slug)
                }
                print(
                    try await accounts.keys.issue(
                        for: id, role: role, label: label, expiresAt: expiresAt, actor: .commandLine))
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The API keys of an organization or of the platform, oldest first. Never a token.")

        @OptionGroup var owner: KeyOwner
        @OptionGroup var options: SettingsOptions

        func run() async throws {
            try await options.withAccounts { accounts in
                let keys =
                    if let slug = owner.organization {
                        try await accounts.keys.list(of: try await accounts.organization(slug))
                    } else {
                        try await accounts.keys.listOfPlatform()
                    }
                for key in keys {
                    print(
                        OpaqueID.encode(key.id, prefix: "key"), key.role, "…\(key.hint)",
                        key.isRevoked ? "revoked" : "live",
                        "expires \(key.expiresAt?.formatted(.iso8601) ?? "never")",
                        owner.platform ? "-" : "used \(key.lastUsedAt?.formatted(.iso8601) ?? "never")", key.label,
                        separator: "\t")
                }
            }
        }
    }

    struct RotateSigning: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sign access tokens with a new key. Nobody is signed out.")

        @OptionGroup var options: SettingsOptions

        func run() async throws {
            try await options.withAccounts { accounts in
                let id = try await accounts.desk.signingKeys.rotate(audit: accounts.audit.log, actor: .commandLine)
                print("Access tokens are signed with the key \(id.uuidString.lowercased()) from now on.")
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End an API key of an organization or of the platform for good, on every node within a second.")

        @Argument(help: "The key's id, as `key list` and the audit name it.")
        var id: String

        @OptionGroup var owner: KeyOwner
        @OptionGroup var options: SettingsOptions

        func run() async throws {
            guard let key = UUID(uuidString: id) ?? OpaqueID.decode(id, prefix: "key") else {
                throw AccountError.noSuchKey
            }
            try await options.withAccounts { accounts in
                if let slug = owner.organization {
                    try await accounts.keys.revoke(
                        key, of: try await accounts.organization(slug), actor: .commandLine)
                } else {
                    try await accounts.keys.revokeForPlatform(key, actor: .commandLine)
                }
                print("Revoked.")
            }
        }
    }
}

/// Whose keys are meant: an organization's or the platform's.
struct KeyOwner: ParsableArguments {
    @Option(help: "The slug of the organization that they are for.")
    var organization: String?

    @Flag(help: "Keys of the platform, of its admins and auditors.")
    var platform = false

    func validate() throws {
        guard platform != (organization != nil) else {
            throw ValidationError("Give --organization with a slug, or --platform.")
        }
    }
}
