import Accounts
import Curl
import Foundation
import Logging
import MigrationFiles
import Postgres
import Vault

/// Looks at an installation, from the machine up to one organization's account, and says what to do about what is wrong.
struct Doctor: Sendable {
    let settings: Settings
    let logger: Logger
    /// The slug of the organization whose Twilio account is asked; `nil` for none.
    let organization: String?

    private static let roles = [
        "switchboard_owner", "switchboard_tenant", "switchboard_vault", "switchboard_edge", "switchboard_queue",
        "switchboard_platform", "switchboard_backup",
    ]

    func examine() async -> [Finding] {
        var findings = [Self.lockedMemory(), Self.hardening(), publicURL()]
        let database = Database(configuration: DatabaseConfiguration(conninfo: settings.database), logger: logger)
        findings += await examine(database)
        await database.close()
        return findings
    }

    private func examine(_ database: Database) async -> [Finding] {
        do {
            try await database.ping()
        } catch {
            return [
                .wrong(
                    "database", "it does not answer: \(error)",
                    "Check SWITCHBOARD_DATABASE, that PostgreSQL runs, and that pg_hba.conf lets switchboard_tenant in."
                )
            ]
        }
        var findings = [Finding.right("database", "answers")]
        for role in DatabaseRole.allCases where role != .tenant {
            do {
                try await database.ping(as: role)
            } catch {
                findings.append(
                    .wrong(
                        "database", "\(role.rawValue) is not let in",
                        "Let it in by pg_hba.conf, and put its password into libpq's passfile if it needs one."))
            }
        }
        do {
            findings.append(try await version(database))
            findings += try await rolesAndGrants(database)
            findings.append(try await clock(database))
        } catch {
            findings.append(
                .wrong(
                    "database", "it could not be examined: \(error)", "Run `switchboard migrate bootstrap` and `up`."))
        }
        do {
            try await Migrator(migrations: Migrations.all(), logger: logger).check(conninfo: settings.database)
            findings.append(.right("migrations", "as this binary needs them"))
            findings += try await walls(database)
        } catch {
            return findings + [.wrong("migrations", "\(error)", "Run `switchboard migrate up`.")]
        }
        return findings + (await rootKey(database))
    }

    // MARK: The machine

    private static func lockedMemory() -> Finding {
        do {
            let arena = try SecretArena.shared()
            guard arena.capacity >= 256 * 1024 else {
                return .warning(
                    "locked memory", "\(arena.capacity / 1024) KiB could be locked, enough for a few hundred secrets",
                    "Raise the limit: LimitMEMLOCK=64M in the systemd unit, or `ulimit -l 65536`.")
            }
            return .right("locked memory", "\(arena.capacity / 1024) KiB")
        } catch {
            return .wrong(
                "locked memory", "\(error)",
                "Raise the limit: LimitMEMLOCK=64M in the systemd unit, or `ulimit -l 65536`.")
        }
    }

    private static func hardening() -> Finding {
        do {
            try ProcessHardening.apply()
            return .right("core dumps", "off")
        } catch {
            return .wrong("core dumps", "\(error)", "Start it where prctl and setrlimit are allowed.")
        }
    }

    private func publicURL() -> Finding {
        guard let host = URLComponents(string: settings.publicURL)?.host else {
            return .wrong("public URL", "\(settings.publicURL) has no host", "Set SWITCHBOARD_PUBLIC_URL.")
        }
        if settings.publicURL.hasPrefix("https://") { return .right("public URL", settings.publicURL) }
        let isHere = ["127.0.0.1", "localhost", "[::1]"].contains(host)
        return isHere
            ? .warning(
                "public URL", "\(settings.publicURL) is reached from this machine only",
                "Set SWITCHBOARD_PUBLIC_URL to the https URL under which Twilio reaches this server.")
            : .wrong(
                "public URL", "\(settings.publicURL) is not https: texts would cross the network in the clear",
                "Put a proxy with a certificate before it, and set SWITCHBOARD_PUBLIC_URL to its https URL.")
    }

    // MARK: The database

    private func version(_ database: Database) async throws -> Finding {
        let row = try await database.query(as: .tenant, DoctorQueries.server).rows.first
        let release = ServerRelease(number: row?.int("version") ?? 0)
        let name = row?.string("name") ?? "\(release.major).\(release.minor)"
        let update = "a minor release needs a restart and nothing else. Newer ones: \(ServerRelease.announcements)"
        switch release.verdict {
        case .tooOld: return .wrong("PostgreSQL", "\(name) is too old", "Upgrade to PostgreSQL 15 or newer.")
        case .rowSecurityHoles(let minor):
            return .wrong(
                "PostgreSQL", "\(name) has known holes in row-level security (such as CVE-2025-8713)",
                "Update to \(release.major).\(minor) or newer; \(update)")
        case .outdated(let minor, let day):
            return .warning(
                "PostgreSQL", "\(name) is older than \(release.major).\(minor) of \(day), which mends security holes",
                "Update to the newest of \(release.major); \(update)")
        case .current(let day):
            return .right(
                "PostgreSQL", "\(name), no older than the newest security release known to this binary, of \(day)")
        case .unknownMajor:
            return .warning(
                "PostgreSQL", "\(name) is newer than this binary, which knows of no holes in it",
                "See \(ServerRelease.announcements)")
        }
    }

    private func rolesAndGrants(_ database: Database) async throws -> [Finding] {
        var findings: [Finding] = []
        let names = PostgresValue.texts(Self.roles)
        let found = try await database.query(as: .tenant, DoctorQueries.roles, [names]).rows
        let missing = Set(Self.roles).subtracting(found.compactMap { $0.string("rolname") }).sorted()
        if !missing.isEmpty {
            findings.append(
                .wrong("roles", "missing: \(missing.joined(separator: ", "))", "Run `switchboard migrate bootstrap`."))
        }
        for row in found where row.bool("is_powerful") == true {
            let name = row.string("rolname") ?? ""
            findings.append(
                .wrong(
                    "roles", "\(name) may do more than it must",
                    "Make \(name) NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION"
                        + (name == "switchboard_backup" ? "." : " NOBYPASSRLS.")))
        }
        for row in try await database.query(as: .tenant, DoctorQueries.unprotected).rows {
            findings.append(
                .wrong(
                    "grants", "row-level security is not enabled and forced on \(row.string("relname") ?? "")",
                    "ALTER TABLE … ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; and find out who changed it."))
        }
        for row in try await database.query(as: .tenant, DoctorQueries.forbidden, [names]).rows {
            findings.append(
                .wrong(
                    "grants", row.string("found") ?? "", "Revoke it; ARCHITECTURE.md lists what each role has."))
        }
        return findings.isEmpty ? [.right("roles and grants", "nothing that is known to be dangerous")] : findings
    }

    /// Everything that was granted, and every policy, beside what the migrations make: a grant of one column and a policy
    /// that lets everybody in are found like any other.
    private func walls(_ database: Database) async throws -> [Finding] {
        let expected = String(decoding: MigrationFiles.walls, as: UTF8.self).split(separator: "\n").map(String.init)
        let found = try await Walls.lines(of: database)
        let added = Set(found).subtracting(expected).sorted().map {
            Finding.wrong(
                "grants and policies", "no migration makes this: \($0)",
                "Revoke or drop it, and find out who made it; ARCHITECTURE.md lists what each role has.")
        }
        let missing = Set(expected).subtracting(found).sorted().map {
            Finding.wrong(
                "grants and policies", "this is gone: \($0)",
                "Make it again as owner, as the migrations have it, and find out who took it away.")
        }
        return added.isEmpty && missing.isEmpty
            ? [.right("grants and policies", "those of the migrations, and no other")] : added + missing
    }

    private func clock(_ database: Database) async throws -> Finding {
        let before = Date()
        let row = try await database.query(as: .tenant, DoctorQueries.clock).rows.first
        let now = Date()
        guard let theirs = row?.timestamp("now") else {
            return .wrong("clock", "the database told no time", "Look at PostgreSQL's log.")
        }
        let middle = before.addingTimeInterval(now.timeIntervalSince(before) / 2)
        let drift = abs(theirs.timeIntervalSince(middle))
        guard drift > 2 else { return .right("clock", "the database's and this machine's agree") }
        return .wrong(
            "clock", "the database's and this machine's are \(Int(drift)) s apart",
            "Let both follow a time server (chrony, systemd-timesyncd).")
    }

    // MARK: Secrets

    private func rootKey(_ database: Database) async -> [Finding] {
        do {
            let isFirst = try await PlatformKeyStore.isEmpty(database)
            guard !isFirst else {
                return [.right("root key", "nothing was sealed yet; it is made at the first start")]
            }
            let vault = try await RootKeys.open(settings.rootKey, for: database)
            let findings = [Finding.right("root key", "opens this database (\(vault.rootKeyID))")]
            guard let organization else { return findings }
            return findings
                + (await TwilioExamination(settings: settings, logger: logger).examine(
                    organization, vault: vault, database: database))
        } catch {
            return [
                .wrong(
                    "root key", "\(error)", "Put the root key's file back at SWITCHBOARD_ROOT_KEY_FILE, with mode 0600."
                )
            ]
        }
    }
}
