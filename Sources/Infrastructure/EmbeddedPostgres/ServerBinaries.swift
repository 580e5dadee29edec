import FoundationEssentials
import Glibc

/// A folder with the server programs of PostgreSQL 15 or later.
package struct ServerBinaries: Sendable, Hashable {
    package let folder: String
    /// The major version, 15 or more.
    package let major: Int

    static let oldestMajor = 15
    static let installCommand = "apt-get install postgresql"
    private static let programs = ["initdb", "postgres", "pg_ctl"]

    /// `SWITCHBOARD_PG_BIN` alone if it is set; else Debian's, the highest version first; else those on `PATH`.
    ///
    /// - Parameters:
    ///   - wanted: the major version that made the data, which alone can read them; nil for new data.
    ///   - user: who must be able to run them.
    package static func find(
        for wanted: Int?, as user: ClusterUser, environment: [String: String] = ProcessInfo.processInfo.environment,
        debianRoot: String = "/usr/lib/postgresql"
    ) async throws(ClusterError) -> ServerBinaries {
        if let folder = environment["SWITCHBOARD_PG_BIN"], !folder.isEmpty {
            guard let binaries = await examine(folder, as: user) else {
                throw ClusterError(
                    .binariesMissing,
                    "SWITCHBOARD_PG_BIN is \(folder), where initdb, postgres and pg_ctl of PostgreSQL "
                        + "\(oldestMajor) or later do not run for user \(user.name): correct it, or unset it.")
            }
            return try binaries.checked(for: wanted)
        }
        let onPath = (environment["PATH"] ?? "").split(separator: ":").map(String.init).filter { $0.hasPrefix("/") }
        var found: ServerBinaries?
        for folder in debianFolders(debianRoot) + onPath {
            guard let binaries = await examine(folder, as: user) else { continue }
            if wanted == nil || wanted == binaries.major { return binaries }
            found = found ?? binaries
        }
        guard let found else {
            throw ClusterError(
                .binariesMissing,
                "PostgreSQL \(oldestMajor) or later is not installed: run `\(installCommand)`, "
                    + "or set SWITCHBOARD_PG_BIN to the folder of its initdb, postgres and pg_ctl.")
        }
        return try found.checked(for: wanted)
    }

    private func checked(for wanted: Int?) throws(ClusterError) -> ServerBinaries {
        if let wanted, wanted != major {
            throw ClusterError(
                .version,
                "The data were made by PostgreSQL \(wanted), and here is PostgreSQL \(major): "
                    + "run `apt-get install postgresql-\(wanted)`, or start anew with --fresh.")
        }
        return self
    }

    private static func debianFolders(_ root: String) -> [String] {
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return versions.compactMap { Int($0) }.sorted(by: >).map { "\(root)/\($0)/bin" }
    }

    /// Nil unless all programs are there and `postgres` runs for that user and is young enough.
    private static func examine(_ folder: String, as user: ClusterUser) async -> ServerBinaries? {
        guard programs.allSatisfy({ access("\(folder)/\($0)", X_OK) == 0 }) else { return nil }
        let answer = await Tool.run("\(folder)/postgres", ["--version"], as: user)
        guard answer.status == 0, let major = major(of: answer.output), major >= oldestMajor else { return nil }
        return ServerBinaries(folder: folder, major: major)
    }

    /// From `postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)` or `postgres (PostgreSQL) 18devel`.
    static func major(of versionLine: String) -> Int? {
        let words = versionLine.split(separator: " ")
        guard words.count >= 3, words[1] == "(PostgreSQL)" else { return nil }
        return Int(words[2].prefix(while: \.isNumber))
    }
}
