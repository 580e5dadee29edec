import Logging
import Server
import ServiceLifecycle
import TestWorld

/// A server on a free port, with everything around it that a test looks at.
struct RunningServer: Sendable {
    let port: Int
    let executor: StubExecutor
    let access: StubAccess
    let webhooks: StubWebhooks
    let metrics: PrometheusRegistry
    private let log: LogLines
    /// Every line of its log.
    var logged: [String] { log.all }
    /// Begins a graceful shutdown.
    let stop: @Sendable () async -> Void

    /// Runs a server for as long as the body does. The server has ended when this returns.
    static func with(
        _ configuration: ServerConfiguration = configured { _ in }, readiness: [ReadinessCheck] = [],
        files: (any FileSource)? = nil, _ body: @Sendable (RunningServer) async throws -> Void
    ) async throws {
        let executor = StubExecutor()
        let access = StubAccess()
        let webhooks = StubWebhooks()
        let metrics = PrometheusRegistry()
        let log = LogLines()
        let server = HTTPServer(
            configuration: configuration, executor: executor, access: access, webhooks: webhooks,
            files: files, readiness: readiness, metrics: metrics, logger: log.logger())
        let group = ServiceGroup(
            configuration: .init(services: [.init(service: server)], logger: log.logger()))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let port = try await server.waitUntilListening()
            let running = RunningServer(
                port: port, executor: executor, access: access, webhooks: webhooks, metrics: metrics, log: log,
                stop: { await group.triggerGracefulShutdown() })
            do {
                try await body(running)
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    /// Waits until something is so, for at most five seconds.
    static func eventually(_ condition: @Sendable () async -> Bool) async -> Bool {
        for _ in 0..<500 {
            if await condition() { return true }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return false
    }
}

/// A configuration for a test: a free port, and a drain that no test waits long for.
func configured(_ change: (inout ServerConfiguration) -> Void) -> ServerConfiguration {
    var configuration = ServerConfiguration()
    configuration.port = 0
    configuration.timeouts.drain = .seconds(3)
    change(&configuration)
    return configuration
}
