import Accounts
import ArgumentParser
import Credentials
import Foundation
import Postgres
import Vault

struct VaultCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vault", abstract: "Keys and sealed secrets: status, rotation, shredding.",
        discussion: "Servers go on meanwhile, and every command may be run again after it was stopped or killed.",
        subcommands: [Status.self, RotateRoot.self, RotateOrganization.self, Shred.self])

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "What lies under which key.")

        @OptionGroup var options: SettingsOptions

        func run() async throws {
            try await options.withAccounts { accounts in
                let report = try await accounts.vault.status.report()
                let held = accounts.vault.vault.heldRootKeyIDs
                print("Root key in force: \(report.rootKeyInForce ?? "none")")
                print("Root keys held here: \(held.joined(separator: ", "))")
                for (key, count) in report.platformKeys.sorted(by: { $0.key < $1.key }) {
                    print("Keys of the platform under root key \(key): \(count)")
                }
                for organization in report.organizations {
                    let roots = organization.rootKeys.keys.sorted().joined(separator: ", ")
                    var line = "\(organization.slug): \(organization.secrets) secrets, root key \(roots)"
                    if organization.retiredKeys > 0 {
                        line +=
                            "; a rotation did not come to its end, \(organization.secretsUnderRetired) secrets are "
                            + "under a retired key: run `switchboard vault rotate-org \(organization.slug)`"
                    }
                    print(line)
                }
                if let inForce = report.rootKeyInForce {
                    let left = try await accounts.vault.status.keysNotUnder(inForce)
                    if left > 0 {
                        print("\(left) keys are under another root key: run `switchboard vault rotate-root`.")
                    }
                }
            }
        }
    }

    struct RotateRoot: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate-root", abstract: "Wrap all keys under another root key.",
            discussion: """
                1. rotate-root --prepare makes the next key beside the one in force (FILE.next). Copy it to every node, \
                and into the backup of keys. With a descriptor or a command, set SWITCHBOARD_ROOT_KEY_NEXT_FD or \
                _NEXT_COMMAND on every node and restart them one by one.
                2. rotate-root moves every key; run it again until nothing is left.
                3. rotate-root --finish on every node puts FILE.next in the place of FILE; the former is kept beside it. \
                With a descriptor or a command, change the settings.
                """)

        @Flag(help: "Only make the next key's file.")
        var prepare = false

        @Flag(help: "Put the next key's file in the place of the former, once nothing is under that any more.")
        var finish = false

        @OptionGroup var options: SettingsOptions

        func validate() throws {
            guard !(prepare && finish) else { throw ValidationError("Give --prepare or --finish, not both.") }
        }

        func run() async throws {
            let (settings, logger) = try await options.load()
            try await Administration.withAccounts(settings, logger: logger) { accounts in
                if prepare {
                    try Self.prepare(settings)
                } else if finish {
                    try await Self.finish(settings, accounts.vault)
                } else {
                    try await Self.rotate(settings, accounts.vault)
                }
            }
        }

        private static func prepare(_ settings: Settings) throws {
            guard case .file(let path) = settings.rootKey.current, settings.rootKey.next == nil else {
                throw SettingsError(
                    "--prepare makes a file; here the next root key comes from SWITCHBOARD_ROOT_KEY_NEXT_*.")
            }
            let next = try RootKey.makeNext(path: path)
            print("The next root key \(next.id) is in \(RootKey.nextPath(of: path)).")
            print("Copy it to every node and into your backup of keys, then run `switchboard vault rotate-root`.")
        }

        private static func rotate(_ settings: Settings, _ tools: VaultTools) async throws {
            let next: any RootKeyProvider
            if let source = settings.rootKey.next {
                // A descriptor was read when the vault was opened, and its key is held since.
                guard case .descriptor = source else {
                    next = try source.open()
                    return try await rotate(to: next.rootKeyID, tools)
                }
                let others = tools.vault.heldRootKeyIDs.filter { $0 != tools.vault.rootKeyID }
                return try await rotate(to: others.first ?? tools.vault.rootKeyID, tools)
            }
            guard let found = try settings.rootKey.current.openNext() else {
                throw SettingsError(
                    "There is no next root key: make it with `switchboard vault rotate-root --prepare`, or set "
                        + "SWITCHBOARD_ROOT_KEY_NEXT_FILE, _FD or _COMMAND.")
            }
            try await rotate(to: found.rootKeyID, tools)
        }

        private static func rotate(to id: String, _ tools: VaultTools) async throws {
            let report = try await tools.rotation(to: id).run { step in
                switch step {
                case .keyChanged: progress("Root key \(id) is in force.")
                case .moved(let count): progress("\(count) keys moved")
                case .organization(let organization): progress("organization \(organization) moved")
                case .destroyed: break
                }
            }
            print("\(report.moved) keys moved to root key \(id), \(report.left) left.")
            for problem in report.refused { print("  \(problem)") }
            if report.left > 0 { throw ExitCode(1) }
        }

        private static func finish(_ settings: Settings, _ tools: VaultTools) async throws {
            guard case .file(let path) = settings.rootKey.current,
                let next = try settings.rootKey.current.openNext()
            else { throw SettingsError("There is no file of a next root key beside the one in force.") }
            guard try await tools.status.rootKeyInForce() == next.rootKeyID,
                try await tools.status.keysNotUnder(next.rootKeyID) == 0
            else {
                throw SettingsError(
                    "Not everything is under root key \(next.rootKeyID) yet: run `switchboard vault rotate-root` first."
                )
            }
            let kept = try RootKey.promoteNext(path: path)
            print("Root key \(next.rootKeyID) is in \(path). The former is kept in \(kept): backups of before need it.")
        }
    }

    struct RotateOrganization: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate-org", abstract: "Give an organization a new key, and move its secrets under it.")

        @Argument(help: "The organization's slug.")
        var organization: String

        @OptionGroup var options: SettingsOptions

        func run() async throws {
            try await options.withAccounts { accounts in
                guard let tenant = try await accounts.organizations.find(slug: organization) else {
                    throw AccountError.noSuchOrganization(organization)
                }
                let report = try await accounts.vault.organizations.run(tenant) { step in
                    switch step {
                    case .keyChanged: progress("The new key is in force.")
                    case .moved(let count): progress("\(count) secrets moved")
                    case .organization, .destroyed: break
                    }
                }
                print("\(report.moved) secrets moved, \(report.left) left; \(report.destroyed) former keys destroyed.")
                for problem in report.refused { print("  \(problem)") }
                if !report.refused.isEmpty {
                    print(
                        "What does not open stays under its former key. Revoke the credential (revokeCredential) and "
                            + "register its account anew; the next rotate-org then destroys the key.")
                }
                if report.left > 0 { throw ExitCode(1) }
            }
        }
    }

    struct Shred: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Destroy an organization's keys and secrets, and revoke its credentials and webhooks, for good.",
            discussion: "Copies in backups are still wrapped by the root key of then: destroy those backups too, or "
                + "rotate the root key and destroy the former one.")

        @Argument(help: "The organization's slug.")
        var organization: String

        @Option(help: "The slug once more, since this cannot be undone.")
        var confirm: String?

        @OptionGroup var options: SettingsOptions

        func validate() throws {
            guard confirm == organization else {
                throw ValidationError(
                    "This destroys every secret of \(organization) and cannot be undone; to go on, add "
                        + "--confirm \(organization).")
            }
        }

        func run() async throws {
            try await options.withAccounts { accounts in
                guard let tenant = try await accounts.organizations.find(slug: organization) else {
                    throw AccountError.noSuchOrganization(organization)
                }
                let report = try await accounts.vault.shredder.shred(tenant)
                print(
                    "Destroyed \(report.keys) keys and \(report.secrets) secrets; revoked \(report.credentials) "
                        + "credentials and \(report.hooks) webhooks.")
            }
        }
    }
}

/// On standard error, so that standard output is for the result.
private func progress(_ text: String) {
    FileHandle.standardError.write(Data("\(text)\n".utf8))
}
