import Accounts
import Audit
import Logging
import QueryEngine
import Server
import ServiceLifecycle
import TestWorld
import Testing

/// The edge over the real engine and a real database, with two clinics that may ask.
struct RealServer: Sendable {
    let port: Int
    let world: World
    let clinic: Clinic
    /// The clinic's key; in requests, `sb_good` stands for it.
    let key: String
    /// Another clinic's.
    let otherKey: String

    static func with(
        _ configuration: ServerConfiguration = configured { _ in }, engine: EngineConfiguration = EngineConfiguration(),
        limits: AccountLimits = AccountLimits(), _ body: @Sendable (RealServer) async throws -> Void
    ) async throws {
        try await withWorld(WorldOptions(isWorking: false, engine: engine, limits: limits)) { world in
            let clinic = try await world.makeTextingClinic(0)
            let other = try await world.makeClinic(1)
            let key = try await world.keys.issue(
                for: clinic.organization, role: .owner, label: "desk", actor: .commandLine)
            let otherKey = try await world.keys.issue(
                for: other.organization, role: .owner, label: "desk", actor: .commandLine)
            let server = HTTPServer(
                configuration: configuration, executor: world.engine,
                access: WorldAccess(finder: world.accounts.finder), webhooks: StubWebhooks(), readiness: [],
                metrics: PrometheusRegistry(), logger: world.logger)
            let group = ServiceGroup(configuration: .init(services: [.init(service: server)], logger: world.logger))
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                let port = try await server.waitUntilListening()
                do {
                    try await body(
                        RealServer(port: port, world: world, clinic: clinic, key: key, otherKey: otherKey))
                } catch {
                    await group.triggerGracefulShutdown()
                    throw error
                }
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
            }
        }
    }

    /// Sends one request on a connection of its own.
    func ask(_ text: String) async throws -> RawConnection.Response {
        try await ServerTests.ask(port, signed(text))
    }

    /// A request with the clinic's key in it.
    func signed(_ text: String) -> String { text.replacing("sb_good", with: key) }

    /// A key of the clinic with another role.
    func issue(_ role: Role) async throws -> String {
        try await world.keys.issue(for: clinic.organization, role: role, label: "other", actor: .commandLine)
    }
}

/// One real server for all tests of a suite, for those that leave it as it was.
struct SharedServer: SuiteTrait, TestScoping {
    @TaskLocal private static var running: RealServer?

    static var current: RealServer { get throws { try #require(running) } }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await RealServer.with { server in
            try await Self.$running.withValue(server) { try await function() }
        }
    }
}

extension Trait where Self == SharedServer {
    static var sharedServer: Self { SharedServer() }
}
