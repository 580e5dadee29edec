package import Foundation

/// One file of `migrations/`. Comment lines at its top may say:
/// - `-- compatible-with: 0003`: the newest migration that a binary must know to run on a database that has this one;
///   without it, this one itself;
/// - `-- outside-transaction`: for what PostgreSQL refuses inside one (`CREATE INDEX CONCURRENTLY`). Its statements are
///   separated by lines that say `-- next`, each runs by itself, and as a kill may come between them, each must do no
///   harm when it runs again.
package struct Migration: Sendable, Hashable {
    /// `0001_accounts.sql`.
    package let name: String
    package let sql: String
    /// The number in the name, from 1 on.
    package let version: Int
    package let compatibleWith: Int
    package let isOutsideTransaction: Bool

    /// - Throws: `.invalid` when the name is not four digits, `_`, a word and `.sql`, or the header cannot be right.
    package init(name: String, sql: String) throws(MigrationError) {
        guard let match = name.wholeMatch(of: /([0-9]{4})_[a-z0-9_]+\.sql/), let version = Int(match.1), version > 0
        else { throw .invalid(name: name, reason: "its name must be like 0001_accounts.sql") }
        guard !sql.utf8.contains(0) else { throw .invalid(name: name, reason: "it contains U+0000") }
        var compatibleWith = version
        var isOutsideTransaction = false
        for line in sql.split(separator: "\n", omittingEmptySubsequences: false) {
            guard line.hasPrefix("--") else { break }
            let words = line.dropFirst(2).split(separator: " ")
            if words == ["outside-transaction"] { isOutsideTransaction = true }
            if words.first == "compatible-with:" {
                guard words.count == 2, let number = Int(words[1]), (1...version).contains(number) else {
                    throw .invalid(name: name, reason: "compatible-with must name this or an earlier migration")
                }
                compatibleWith = number
            }
        }
        self.name = name
        self.sql = sql
        self.version = version
        self.compatibleWith = compatibleWith
        self.isOutsideTransaction = isOutsideTransaction
    }

    /// What is sent at once.
    var scripts: [String] {
        guard isOutsideTransaction else { return [sql] }
        return sql.split(separator: /(?m)^-- next[ \t]*$/).map(String.init)
    }

    /// The migrations of a folder, in order. `0000_…` is left out: it is for `Migrator.bootstrap`.
    package static func load(from directory: String) throws(MigrationError) -> [Migration] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: directory)
        } catch {
            throw .invalid(name: directory, reason: "the folder cannot be read")
        }
        var migrations: [Migration] = []
        for name in names.sorted() where name.hasSuffix(".sql") && !name.hasPrefix("0000") {
            let path = directory + "/" + name
            guard let data = FileManager.default.contents(atPath: path), let sql = String(data: data, encoding: .utf8)
            else { throw .invalid(name: name, reason: "it cannot be read as UTF-8") }
            migrations.append(try Migration(name: name, sql: sql))
        }
        return migrations
    }
}

/// Where one migration stands in one database.
package struct MigrationStatus: Sendable, Equatable {
    package enum State: Sendable, Equatable {
        case applied(at: Date)
        case pending
        /// Applied, but the file is no longer what was applied.
        case changed(at: Date)
        /// Applied by a newer binary; this one does not know it.
        case unknown(at: Date)
    }

    package let version: Int
    package let name: String
    package let state: State
}
