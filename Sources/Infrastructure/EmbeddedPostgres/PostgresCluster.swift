import FoundationEssentials
import Glibc
package import Logging
import ServiceLifecycle

/// A private PostgreSQL cluster: reached over a unix socket only, by the user who started it, without a password.
///
/// It ends when `stop()` is called, when `run()` is shut down, when the last reference goes, and when the process
/// ends, in whatever way.
package final class PostgresCluster: Service {
    /// The superuser of the cluster.
    package static let administrator = "switchboard_admin"

    /// Where it came to be.
    package let location: ClusterLocation
    private let supervisor: Supervisor
    /// Held until the server is gone; nil for an ephemeral cluster.
    private let directory: StateDirectory?
    private let logger: Logger

    private init(location: ClusterLocation, supervisor: Supervisor, directory: StateDirectory?, logger: Logger) {
        self.location = location
        self.supervisor = supervisor
        self.directory = directory
        self.logger = logger
    }

    /// Returns when the cluster accepts connections. A cluster that is still ending (its process was killed a moment
    /// ago) is waited for; one that another process holds is an error.
    package static func start(
        _ configuration: ClusterConfiguration, logger: Logger
    ) async throws(ClusterError) -> PostgresCluster {
        var configuration = configuration
        let user = try ClusterUser.current()
        var directory: StateDirectory?
        if case .kept(let wanted) = configuration.lifetime {
            let held = try StateDirectory.hold(wanted)
            configuration.lifetime = .kept(stateDirectory: held.path)
            directory = held
        }
        let location = try await ClusterLocation.choose(for: configuration.lifetime, user: user)
        if let remark = location.remark { logger.notice("\(remark)") }
        let binaries = try await ServerBinaries.find(
            for: configuration.startsEmpty ? nil : major(at: location), as: user)
        let arguments = SupervisorScript.Arguments(
            folder: location.folder, binaries: binaries.folder, socketFolder: location.socketFolder,
            isEphemeral: configuration.lifetime == .ephemeral, mark: location.mark,
            startsEmpty: configuration.startsEmpty, administrator: administrator,
            settings: ClusterSettings.settings(configuration, at: location), accessRules: ClusterSettings.accessRules,
            userMap: ClusterSettings.userMap(configuration, administrator: administrator, user: user))
        let cluster = PostgresCluster(
            location: location, supervisor: Supervisor(arguments, user: user), directory: directory, logger: logger)
        do {
            try await cluster.becomeReady(after: nil)
        } catch {
            await cluster.stop()
            throw error
        }
        logger.info("PostgreSQL \(binaries.major) accepts connections in \(location.socketFolder).")
        return cluster
    }

    /// A libpq connection string without a user.
    package func conninfo(database: String = "postgres") -> String {
        "host=\(location.socketFolder) port=\(SocketAddress.port) dbname=\(Self.quoted(database))"
    }

    /// A libpq connection string as the superuser.
    package func administratorConninfo(database: String = "postgres") -> String {
        "\(conninfo(database: database)) user=\(Self.administrator)"
    }

    /// Ends connections and the server, and waits until all its processes are gone. Does nothing the second time.
    package func stop() async {
        supervisor.stop()
        let ending = await ended()
        if ending.status != 0 { logger.warning("PostgreSQL did not end well; its log is \(location.log).") }
    }

    /// Shuts the server down and starts it again on the same data: every connection is lost. Not to be called twice
    /// at once.
    package func restart() async throws(ClusterError) {
        let former = supervisor.server
        supervisor.restart()
        try await becomeReady(after: former)
    }

    /// Until graceful shutdown or cancellation, and then until the server is gone.
    ///
    /// - Throws: `ClusterError` when the server ends by itself.
    package func run() async throws {
        let ending = await withTaskCancellationOrGracefulShutdownHandler {
            await ended()
        } onCancelOrGracefulShutdown: {
            self.supervisor.stop()
        }
        if !ending.wasAsked { throw failure(ending) }
    }
}

extension PostgresCluster {
    private func ended() async -> Supervisor.Ending {
        let ending = await supervisor.ended()
        directory?.release()
        return ending
    }

    private static let patience = Duration.seconds(120)
    private static let glance = Duration.milliseconds(10)

    /// Watches the server's own account of itself, as `pg_ctl` does: the first line of `postmaster.pid` is the process,
    /// the eighth its status. A file of an earlier process does not count.
    private func becomeReady(after former: pid_t?) async throws(ClusterError) {
        let deadline = ContinuousClock.now + Self.patience
        while ContinuousClock.now < deadline {
            if let ending = supervisor.ending { throw failure(ending) }
            if let server = supervisor.server, server != former, isReady(server) { return }
            do {
                try await Task.sleep(for: Self.glance)
            } catch {
                throw ClusterError(.server, "The start of PostgreSQL was cancelled.")
            }
        }
        throw ClusterError(
            .server, "PostgreSQL was not ready within \(Self.patience): see \(location.log), then start again.")
    }

    private func isReady(_ server: pid_t) -> Bool {
        guard let text = try? String(contentsOfFile: "\(location.data)/postmaster.pid", encoding: .utf8) else {
            return false
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.count >= 8 && lines[0] == "\(server)" && lines[7].hasPrefix("ready")
    }

    /// The major version that made the data; nil if there are none.
    private static func major(at location: ClusterLocation) -> Int? {
        (try? String(contentsOfFile: "\(location.data)/PG_VERSION", encoding: .utf8))
            .flatMap { Int($0.prefix(while: \.isNumber)) }
    }

    private func failure(_ ending: Supervisor.Ending) -> ClusterError {
        if ending.status == SupervisorScript.lockIsHeld {
            return ClusterError(
                .inUse,
                "An earlier PostgreSQL in \(location.folder) does not end: stop its processes, then start again.")
        }
        let reason = ServerLog.lastComplaint(in: location.log) ?? ending.complaint
        let what =
            ending.status == SupervisorScript.initializationFailed ? "could not make its data" : "ended by itself"
        return ClusterError(
            .server, "PostgreSQL \(what)\(reason.isEmpty ? "" : " (\(reason))"): see \(location.log), then start again."
        )
    }

    private static func quoted(_ value: String) -> String {
        "'\(value.replacing("\\", with: "\\\\").replacing("'", with: "\\'"))'"
    }
}
