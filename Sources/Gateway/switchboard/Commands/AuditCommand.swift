import Accounts
import ArgumentParser
import Audit
import Foundation
import Logging
import Postgres

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Prove and export the audit log.",
        subcommands: [Verify.self, Export.self, Checkpoint.self])

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Find rows that were changed, removed, moved, inserted, kept from being sealed or cut off.",
            discussion:
                "What waits is sealed first. Ends with code 1 when something was found. A log whose end was cut off, "
                + "chain and rows alike, shows only against checkpoints that were kept elsewhere.")

        @Option(help: "One organization's slug; without it all, and the platform's own log.")
        var organization: String?

        @Option(
            help:
                "A file of checkpoints, as `switchboard audit checkpoint` prints them; every organization in it is looked at."
        )
        var checkpoints: String?

        @OptionGroup var options: SettingsOptions

        func run() async throws {
            let (settings, logger) = try await options.load()
            let kept = try checkpoints.map { try AuditCheckpoint.read(lines: Self.text(of: $0)) } ?? []
            try await Administration.withAccounts(settings, logger: logger) { accounts in
                let organizations = try await accounts.audit.organizations(
                    slug: organization, among: accounts.organizations, and: kept)
                // What was written while no server ran is sealed now, so that what still waits is stuck.
                do {
                    try await accounts.audit.sealer.sealAll()
                } catch {
                    logger.error("the audit log is not sealed", metadata: ["reason": "\(error)"])
                }
                let slugs = try await accounts.organizations.slugs()
                var wrong = 0
                for organization in organizations {
                    let report = try await accounts.audit.verifier.verify(
                        organization, against: kept, signer: accounts.audit.checkpoints.publicKey)
                    wrong += report.findings.count
                    print(Self.summary(of: report, slugs))
                    for finding in report.findings { print("  \(finding)") }
                }
                try await accounts.audit.record("audit.verify", of: organizations)
                if wrong > 0 { throw ExitCode(1) }
            }
        }

        private static func summary(of report: AuditReport, _ slugs: [OrganizationID: String]) -> String {
            let id = "\(report.organization)"
            let name =
                report.organization == .platform ? "platform" : slugs[report.organization].map { "\($0) (\(id))" } ?? id
            var parts = ["\(report.sealed) sealed", "\(report.unsealed) not sealed yet"]
            parts.append(report.findings.isEmpty ? "nothing wrong" : "\(report.findings.count) wrong")
            return "\(name): \(parts.joined(separator: ", "))"
        }

        private static func text(of path: String) throws -> String {
            guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
                throw SettingsError("The file of checkpoints \(path) cannot be read; check its path and permissions.")
            }
            guard text.contains(where: { !$0.isWhitespace }) else {
                throw SettingsError(
                    "The file of checkpoints \(path) is empty; expected lines as `switchboard audit checkpoint` prints them."
                )
            }
            return text
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the log as lines of JSON, oldest first.")

        @Option(help: "One organization's slug; without it all, and the platform's own log.")
        var organization: String?

        @Option(help: "Events from this moment on: RFC 3339, such as 2026-01-31T00:00:00Z.", transform: moment)
        var from: Date = .distantPast

        @Option(help: "Events before this moment: RFC 3339.", transform: moment)
        var to: Date = .distantFuture

        @OptionGroup var options: SettingsOptions

        func validate() throws {
            guard from < to else { throw ValidationError("--to must be after --from.") }
        }

        func run() async throws {
            try await options.withAccounts { accounts in
                let organizations = try await accounts.audit.organizations(
                    slug: organization, among: accounts.organizations)
                // Written first: what cannot be recorded is not exported.
                try await accounts.audit.record("audit.export", of: organizations)
                let export = AuditExport(database: accounts.audit.database)
                for organization in organizations {
                    try await export.lines(of: organization, from: from, to: to) { print($0) }
                }
            }
        }
    }

    struct Checkpoint: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the signed head of each log: keep it where no administrator of the database can change it."
        )

        @Option(help: "One organization's slug; without it all, and the platform's own log.")
        var organization: String?

        @OptionGroup var options: SettingsOptions

        func run() async throws {
            try await options.withAccounts { accounts in
                try await accounts.audit.sealer.sealAll()
                for organization in try await accounts.audit.organizations(
                    slug: organization, among: accounts.organizations)
                {
                    if let checkpoint = try await accounts.audit.checkpoints.make(of: organization) {
                        print(try checkpoint.line())
                    }
                }
            }
        }
    }
}

/// A moment of the command line.
private func moment(_ text: String) throws -> Date {
    guard let date = try? Date(text, strategy: .iso8601) else {
        throw ValidationError("\"\(text)\" is no moment; expected RFC 3339, such as 2026-01-31T00:00:00Z.")
    }
    return date
}
