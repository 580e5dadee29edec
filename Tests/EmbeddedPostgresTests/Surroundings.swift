import EmbeddedPostgres
import FoundationEssentials
import Glibc
import Logging
import TestSupport
import Testing

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// PostgreSQL runs as somebody else then, and some places do not serve.
let startedByRoot = geteuid() == 0

/// A directory that every user may pass through, gone afterwards.
func withDirectory<Result>(
    isolation: isolated (any Actor)? = #isolation, _ body: (String) async throws -> Result
) async throws -> Result {
    let path = "/tmp/embedded-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}

func start(
    _ lifetime: ClusterConfiguration.Lifetime, roles: [String] = [], settings: [String: String] = [:],
    startsEmpty: Bool = false
) async throws -> PostgresCluster {
    try await PostgresCluster.start(
        ClusterConfiguration(lifetime: lifetime, roles: roles, settings: settings, startsEmpty: startsEmpty),
        logger: quiet)
}

/// A cluster for this one call, stopped afterwards.
func withCluster<Result>(
    _ lifetime: ClusterConfiguration.Lifetime, roles: [String] = [], settings: [String: String] = [:],
    startsEmpty: Bool = false, isolation: isolated (any Actor)? = #isolation,
    _ body: (PostgresCluster) async throws -> Result
) async throws -> Result {
    let cluster = try await start(lifetime, roles: roles, settings: settings, startsEmpty: startsEmpty)
    do {
        let result = try await body(cluster)
        await cluster.stop()
        return result
    } catch {
        await cluster.stop()
        throw error
    }
}

extension PostgresCluster {
    func psql(_ sql: String) async throws -> String { try await Psql.run(sql, conninfo: administratorConninfo()) }

    /// The process that accepts connections, by its own account.
    var process: pid_t? {
        (try? String(contentsOfFile: "\(location.folder)/data/postmaster.pid", encoding: .utf8))
            .flatMap { $0.split(separator: "\n").first }.flatMap { pid_t($0) }
    }
}

/// Waits for what another process is about to do; false when it has not come about within 20 s.
func eventually(_ condition: () async throws -> Bool) async throws -> Bool {
    for _ in 0..<1000 {
        if try await condition() { return true }
        try await Task.sleep(for: .milliseconds(20))
    }
    return false
}

func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

func permissions(_ path: String) -> mode_t? {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : nil
}

/// What start() was refused with; nil when it was not refused.
func refusal(_ lifetime: ClusterConfiguration.Lifetime) async -> ClusterError? {
    do {
        try await start(lifetime).stop()
        return nil
    } catch {
        return error as? ClusterError
    }
}
