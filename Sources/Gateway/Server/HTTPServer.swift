import Glibc
package import Logging
import ServiceLifecycle
import Sockets
import Synchronization

/// The edge: everything that comes from outside comes through here.
///
/// A `Service`: `run()` listens until graceful shutdown, then takes no new connection, ends live streams with
/// `complete`, and waits `ServerTimeouts.drain` for the requests under way.
package final class HTTPServer<Executor: GraphQLExecutor>: Service {
    private let configuration: ServerConfiguration
    private let pipeline: RequestPipeline<Executor>
    private let streams: LiveStreams
    private let connections: OpenConnections
    private let listening = ListeningPort()
    private let stopping: StopFlag
    private let logger: Logger

    /// - Parameters:
    ///   - files: what signed links lead to; without it, none leads anywhere.
    ///   - readiness: what `/readyz` asks. Each name appears there.
    ///   - metrics: what `/metrics` shows; the same registry that swift-metrics was bootstrapped with.
    package init(
        configuration: ServerConfiguration, executor: Executor, access: any Access, webhooks: any WebhookHandler,
        files: (any FileSource)? = nil, readiness: [ReadinessCheck], metrics: PrometheusRegistry, logger: Logger
    ) {
        self.configuration = configuration
        self.logger = logger
        let stopping = StopFlag()
        self.stopping = stopping
        let streams = LiveStreams(limits: configuration.limits)
        self.streams = streams
        connections = OpenConnections(limit: configuration.limits.connections)
        pipeline = RequestPipeline(
            configuration: configuration,
            graphQL: GraphQLEndpoint(
                executor: executor, access: access, documents: configuration.documents, limits: configuration.limits,
                streams: streams, places: RequestPlaces(limits: configuration.limits)),
            webhooks: WebhookEndpoint(
                handler: webhooks, throttle: HookThrottle(rates: configuration.hookThrottle),
                limits: configuration.limits, timeouts: configuration.timeouts),
            files: FileEndpoint(source: files),
            operations: OperationsEndpoints(
                readiness: Readiness(checks: readiness, timeout: configuration.timeouts.readinessCheck),
                metrics: metrics, isStopping: { stopping.isSet }),
            metrics: RequestMetrics(metrics, connections: connections), logger: logger)
    }

    /// The port that the server listens on, once it does.
    package func waitUntilListening() async throws(ServerError) -> Int {
        try await listening.value()
    }

    /// - Throws: `ServerError` when it cannot listen.
    package func run() async throws {
        defer { listening.resolve(.failure(.stopped)) }
        let listener = try await listen()
        listening.resolve(.success(listener.port))
        let isGraceful = (try? await gracefulShutdown()) != nil
        await listener.close()
        if isGraceful {
            stopping.set()
            streams.drain()
            connections.tell(.drain)
            if await !isDrained() {
                logger.warning("Requests were still under way at the end of the drain; they are cut off.")
            }
        }
        connections.tell(.cut)
        await connections.waitUntilNone()
    }

    private func listen() async throws -> ListeningSocket {
        let pipeline = pipeline
        let settings = Connection.Settings(
            limits: configuration.limits, timeouts: configuration.timeouts, connections: connections
        ) { request, client in
            pipeline.begin(request, from: client)
        } respond: { request, client in
            await pipeline.respond(to: request, from: client)
        }
        do throws(ListeningSocket.Failure) {
            return try await ListeningSocket.listen(host: configuration.host, port: configuration.port) {
                Connection(settings, $0).open()
            }
        } catch {
            let failure = ServerError(error, host: configuration.host, port: configuration.port)
            listening.resolve(.failure(failure))
            throw failure
        }
    }

    /// Whether all connections ended by themselves in the time that they have for it.
    private func isDrained() async -> Bool {
        let (connections, delay) = (connections, configuration.timeouts.drain)
        return await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                await connections.waitUntilNone()
                return true
            }
            group.addTask {
                try? await Task.sleep(for: delay)
                // So that the other one ends, too.
                let isDrained = connections.isNone
                connections.tell(.cut)
                return isDrained
            }
            let isDrained = await group.next() ?? true
            group.cancelAll()
            return isDrained
        }
    }
}

/// Set once, when the server begins to stop.
final class StopFlag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .relaxed) }

    func set() {
        value.store(true, ordering: .relaxed)
    }
}

extension ServerError {
    init(_ failure: ListeningSocket.Failure, host: String, port: Int) {
        switch failure {
        case .unknownHost, .system(errno: EADDRNOTAVAIL): self = .addressNotAvailable(host: host)
        case .system(errno: EADDRINUSE): self = .portInUse(host: host, port: port)
        case .system(errno: EACCES): self = .portNotPermitted(host: host, port: port)
        case .system(let code): self = .cannotListen(host: host, port: port, reason: String(cString: strerror(code)))
        }
    }
}
