import Accounts
import EmbeddedPostgres
import Foundation
import Logging
import MigrationFiles
import Postgres
import QueryEngine
import Server
import ServiceLifecycle
import TwilioSandbox
import Vault

/// A whole Switchboard with a carrier and a database of its own, and three clinics to play with.
struct Demo: Sendable {
    let stateDirectory: String
    /// The server's port; `nil` is the last one if it is free, or any.
    let port: Int?
    let sandboxPort: Int?
    /// Requests a minute; `nil` for as many as there come.
    let apiRate: Int?
    let tellsTimings: Bool
    let startsFresh: Bool
    let logger: Logger

    private static let databaseName = "switchboard"
    private static let roles = ["switchboard_owner", "switchboard_backup"] + DatabaseRole.allCases.map(\.rawValue)

    func run() async throws {
        let startedAt = ContinuousClock.now
        for wanted in [port, sandboxPort] { try DemoPort.check(wanted: wanted) }
        let cluster = try await PostgresCluster.start(
            ClusterConfiguration(
                lifetime: .kept(stateDirectory: stateDirectory), roles: Self.roles, startsEmpty: startsFresh),
            logger: logger)
        do {
            try await run(on: cluster, since: startedAt)
        } catch {
            await cluster.stop()
            throw error
        }
    }

    private func run(on cluster: PostgresCluster, since startedAt: ContinuousClock.Instant) async throws {
        let folder = DemoFolder(path: stateDirectory)
        try folder.forgetDemoFile()
        if startsFresh { try folder.forgetSecrets() }
        try await prepareDatabase(cluster)

        let known = try folder.state()
        var state = known ?? DemoState.make()
        state.port = try DemoPort.choose(wanted: port, last: known?.port, sparing: sandboxPort)
        state.sandboxPort = try DemoPort.choose(wanted: sandboxPort, last: known?.sandboxPort, sparing: state.port)

        let sandbox = try SandboxServer(
            // Another seed at each start: the sandbox forgets its messages and the database does not, and Twilio never
            // gives out a SID twice. Past messages bring their own.
            configuration: SandboxConfiguration(
                port: state.sandboxPort, seed: UInt64.random(in: 1...UInt64.max), accounts: state.accounts),
            logger: logger)
        var settings = Settings(
            database: cluster.conninfo(database: Self.databaseName),
            rootKey: RootKeySettings(current: .file(folder.rootKey)),
            publicURL: "http://127.0.0.1:\(state.port)")
        settings.twilioURL = "http://127.0.0.1:\(state.sandboxPort)"
        settings.server.port = state.port
        settings.server.isDevelopment = tellsTimings
        settings.apiRate = apiRate

        let gateway = try await Gateway.assemble(settings, logger: logger)
        do {
            try await state.settle(in: gateway)
            try folder.keep(state)
        } catch {
            await gateway.abandon()
            throw error
        }
        let file = DemoFile(
            state: state, database: cluster.administratorConninfo(database: Self.databaseName))
        try await serve(
            gateway, behind: [cluster, sandbox],
            whenReady: {
                _ = try await sandbox.waitUntilListening()
                _ = try await gateway.server.waitUntilListening()
                try await gateway.pointNumbersHere(file)
                try folder.write(file)
                print(file.greeting(stateDirectory: stateDirectory, after: ContinuousClock.now - startedAt))
                // To a pipe or a file, print() would keep it until the end.
                fflush(nil)
            })
        try folder.forgetDemoFile()
    }

    /// Runs everything until a signal. What stands first in `foundations` stops last.
    private func serve(
        _ gateway: Gateway, behind foundations: [any Service], whenReady: @escaping @Sendable () async throws -> Void
    ) async throws {
        let group = ServiceGroup(untilSignal: foundations + gateway.services, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            tasks.addTask {
                do {
                    try await whenReady()
                } catch {
                    await group.triggerGracefulShutdown()
                    throw error
                }
            }
            do {
                try await tasks.waitForAll()
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
        }
    }

    private func prepareDatabase(_ cluster: PostgresCluster) async throws {
        try await Migrator.bootstrap(
            conninfo: cluster.administratorConninfo(), script: String(decoding: MigrationFiles.roles, as: UTF8.self))
        try await Migrator.createDatabase(
            Self.databaseName, owner: "switchboard_owner", conninfo: cluster.administratorConninfo())
        let owner = Settings.conninfo(cluster.conninfo(database: Self.databaseName), user: "switchboard_owner")
        _ = try await Migrator(migrations: Migrations.all(), logger: logger).up(conninfo: owner)
    }
}
