import HummingbirdCore
package import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// The local carrier: answers as Twilio does, and misbehaves on request.
///
/// `run()` serves until its task is cancelled or a graceful shutdown is asked for; it can run once.
package struct SandboxServer: Service {
    package let configuration: SandboxConfiguration
    /// The state, for a program that holds the sandbox in itself.
    package let carrier: Carrier
    private let logger: Logger
    private let listening = ListeningPort()

    /// - Throws: when an account of the configuration is malformed or clashes with another.
    package init(configuration: SandboxConfiguration, logger: Logger) throws(SandboxError) {
        self.configuration = configuration
        self.logger = logger
        carrier = try Carrier(configuration, caller: WebhookCaller(logger: logger))
    }

    package func run() async throws {
        do {
            try await serve()
        } catch {
            listening.fail(error)
            await carrier.caller.shutdown()
            throw error
        }
        await carrier.caller.shutdown()
    }

    /// The port that is listened on.
    ///
    /// - Throws: what binding the address threw, or cancellation.
    package func waitUntilListening() async throws -> Int {
        try await listening.port()
    }

    private func serve() async throws {
        let responder = SandboxResponder(
            carrier: carrier, control: ControlAPI(carrier: carrier), apiLatency: configuration.timings.apiLatency)
        let server = Server(
            childChannelSetup: HTTP1Channel { request, writer, channel in
                try await responder.respond(to: request, writer, channel)
            },
            configuration: ServerConfiguration(
                address: .hostname(configuration.host, port: configuration.port), backlog: 1024),
            onServerRunning: { [listening, configuration, carrier] channel in
                let port = channel.localAddress?.port ?? configuration.port
                let host = ["0.0.0.0", "::"].contains(configuration.host) ? "127.0.0.1" : configuration.host
                carrier.withState { $0.publicBase = "http://\(host):\(port)" }
                listening.succeed(port)
            },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await carrier.followClock() }
            group.addTask { await carrier.makeCalls() }
            defer { group.cancelAll() }
            try await server.run()
        }
    }
}
