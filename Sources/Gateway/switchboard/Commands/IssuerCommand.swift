import Accounts
import ArgumentParser
import Foundation
import QueryEngine

struct IssuerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "issuer", abstract: "Identity providers of organizations, whose tokens are taken.",
        subcommands: [Add.self, List.self, Remove.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take the tokens (JWT) of an identity provider for one organization.",
            discussion: """
                A token must name this issuer and this audience, be signed by a key of the set with one of the \
                algorithms, and have a subject and an expiry. Its bearer is known by issuer and subject, never by e-mail.
                """)

        @Option(help: "The organization's slug.")
        var organization: String

        @Option(help: "The value of `iss`.")
        var issuer: String

        @Option(help: "The value that `aud` must be or hold.")
        var audience: String

        @Option(help: "A file with the provider's JSON Web Key Set; needed unless --keys-url is given.")
        var keys: String?

        @Option(
            help: ArgumentHelp(
                "Where the provider publishes its keys: an https URL.",
                discussion: "What is found there goes before the file, which serves while nothing can be had."))
        var keysURL: String?

        @Option(help: "Signature algorithms that are taken, separated by commas.")
        var algorithms = "RS256,ES256"

        @Option(help: "The claim that says what the bearer may do.")
        var roleClaim = "role"

        @Option(help: "What a value of that claim stands for, as VALUE=ROLE; may be given several times.")
        var map: [String] = []

        @Option(help: "The role of whoever has no such value; without it they are refused.")
        var defaultRole: String?

        @OptionGroup var options: SettingsOptions

        func run() async throws {
            let set = try keys.map { path in
                guard let set = try? String(contentsOfFile: path, encoding: .utf8) else {
                    throw SettingsError("The file of keys \(path) cannot be read; check its path and permissions.")
                }
                return set
            }
            var roles: [String: Role] = [:]
            for entry in map {
                guard let split = entry.lastIndex(of: "="),
                    let role = Role(rawValue: String(entry[split...].dropFirst()))
                else { throw ValidationError("--map \(entry): expected VALUE=ROLE, such as clinic-admins=ADMIN.") }
                roles[String(entry[..<split])] = role
            }
            let fallback = try defaultRole.map { text in
                guard let role = Role(rawValue: text) else { throw ValidationError("--default-role is not a role.") }
                return role
            }
            let registration = OutsideIssuers.Registration(
                issuer: issuer, audience: audience, algorithms: algorithms.split(separator: ",").map(String.init),
                keys: set, keysURL: keysURL, roleClaim: roleClaim, roleMap: roles, defaultRole: fallback)
            try await options.withAccounts { accounts in
                let id = try await accounts.desk.issuers.register(
                    registration, for: try await accounts.organization(organization))
                print(id.uuidString.lowercased())
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The issuers of an organization.")

        @Option(help: "The organization's slug.")
        var organization: String

        @OptionGroup var options: SettingsOptions

        func run() async throws {
            try await options.withAccounts { accounts in
                let tenant = try await accounts.organization(organization)
                for found in try await accounts.desk.issuers.list(of: tenant) {
                    print(found.id.uuidString.lowercased(), found.issuer, found.audience, separator: "\t")
                }
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take no more tokens of an issuer, on every node within a second.")

        @Argument(help: "Its id, as `switchboard issuer list` shows it.")
        var id: String

        @Option(help: "The organization's slug.")
        var organization: String

        @OptionGroup var options: SettingsOptions

        func run() async throws {
            guard let issuer = UUID(uuidString: id) else { throw AccountError.noSuchIssuer }
            try await options.withAccounts { accounts in
                try await accounts.desk.issuers.remove(issuer, of: try await accounts.organization(organization))
                print("Removed.")
            }
        }
    }
}
