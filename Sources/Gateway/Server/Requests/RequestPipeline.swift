import Logging
import NIOCore
import NIOHTTP1

/// One request, from its head to the line in the log.
final class RequestPipeline<Executor: GraphQLExecutor>: Sendable {
    let configuration: ServerConfiguration
    let graphQL: GraphQLEndpoint<Executor>
    let webhooks: WebhookEndpoint
    let files: FileEndpoint
    let operations: OperationsEndpoints
    let metrics: RequestMetrics
    let logger: Logger
    let date = HTTPDate()

    init(
        configuration: ServerConfiguration, graphQL: GraphQLEndpoint<Executor>, webhooks: WebhookEndpoint,
        files: FileEndpoint, operations: OperationsEndpoints, metrics: RequestMetrics, logger: Logger
    ) {
        self.configuration = configuration
        self.graphQL = graphQL
        self.webhooks = webhooks
        self.files = files
        self.operations = operations
        self.metrics = metrics
        self.logger = logger
    }

    /// The largest body, in bytes, that is read where other connections wait for their turn.
    private static var smallBody: Int { 8_192 }

    /// Begins what can be answered without a task: nearly every query of a client that has asked the same before.
    ///
    /// - Returns: how to cancel it; `nil` where nothing was begun, and `respond` is to be called.
    func begin(_ request: Request, from client: ClientPresence) -> (@Sendable () -> Void)? {
        guard request.method == .POST, request.target == "/graphql",
            let body = request.exchange.wholeBody(upTo: min(Self.smallBody, configuration.limits.graphQLBody))
        else { return nil }
        let facts = RequestFacts(
            request, peer: client.address, trustedProxies: configuration.trustedProxies)
        let timings = Timings(isOn: configuration.isDevelopment, since: facts.startedAt)
        return graphQL.begin(request, body: body, facts, timings: timings) { [self] response, mediaType, timings in
            guard let response else { return request.exchange.runAfterAll() }
            var fields: AnswerFields = [.contentType: mediaType.contentType]
            finish(&fields, for: request, on: .graphQL, facts, timings)
            let observation = RequestObservation(
                route: .graphQL, method: request.method, status: .ok, facts: facts, hook: nil)
            request.exchange.answer(.ok, fields, response) { [self] isSent in
                let duration = ContinuousClock.now - facts.startedAt
                metrics.record(observation, latency: duration)
                guard logger.logLevel <= observation.level else { return }
                // Whoever reads the log may be slow, and nobody else is to wait for that.
                let end = isSent && !client.isGone ? StreamMailbox.End.completed : .disconnected
                Task { self.log(observation, duration, end) }
            }
        }
    }

    nonisolated(nonsending) func respond(to request: Request, from client: ClientPresence) async {
        let facts = RequestFacts(
            request, peer: client.address, trustedProxies: configuration.trustedProxies)
        let route = Route(path: Substring(request.target.utf8.prefix { $0 != UInt8(ascii: "?") }))
        var timings = Timings(isOn: configuration.isDevelopment, since: facts.startedAt)

        var reply = await reply(to: request, from: client, on: route, facts, timings: &timings)
        finish(&reply.headers, for: request, on: route, facts, timings)

        let observation = RequestObservation(
            route: route, method: request.method, status: reply.status, facts: facts, hook: route.hookPrefix)
        let isStream = reply.isStream
        let end = await write(reply, for: request, client)
        observed(observation, isStream: isStream, end: end)
    }

    nonisolated(nonsending) private func reply(
        to request: Request, from client: ClientPresence, on route: Route, _ facts: RequestFacts,
        timings: inout Timings
    ) async -> Reply {
        switch route {
        case .graphQL:
            if let reply = configuration.cors.preflightReply(to: request) { return reply }
            return await graphQL.reply(to: request, from: client, facts, timings: &timings)
        case .twilioHook(let hook, let rest):
            return await webhooks.reply(to: request, hook: hook, rest: rest, facts)
        case .file(let token): return await files.reply(to: request.method, token: token)
        case .home: return HomePage.reply(to: request.method)
        case .health: return operations.health(request.method)
        case .readiness: return await operations.readiness(request.method)
        case .metrics: return operations.metrics(request.method)
        case .unknown:
            return Refusal(.notFound, .notFound, "There is nothing here; the API is at /graphql.").reply()
        }
    }

    private func finish(
        _ fields: inout AnswerFields, for request: Request, on route: Route, _ facts: RequestFacts, _ timings: Timings
    ) {
        fields[.requestID] = facts.requestID
        fields[.date] = date.text()
        fields[.xContentTypeOptions] = "nosniff"
        if route == .graphQL {
            if fields[.cacheControl] == nil { fields[.cacheControl] = "no-store" }
            configuration.cors.addHeaders(to: &fields, for: request)
            if let header = timings.header { fields[.serverTiming] = header }
        }
    }

    nonisolated(nonsending) private func write(_ reply: consuming Reply, for request: Request, _ client: ClientPresence)
        async -> StreamMailbox.End
    {
        let exchange = request.exchange
        switch reply.body {
        case .bytes(let bytes):
            let isSent = await exchange.send(reply.status, reply.headers, bytes)
            return isSent && !client.isGone ? .completed : .disconnected
        case .events(let stream):
            reply.headers[.connection] = "close"
            metrics.streamOpened()
            defer { metrics.streamClosed() }
            let timeouts = configuration.timeouts
            do {
                try await exchange.begin(reply.status, reply.headers)
                let end = try await client.whileHere {
                    try await stream.run(timeouts) { try await exchange.write($0) }
                } onLeave: {
                    stream.disconnect()
                }
                if end != .disconnected { try await exchange.finish() }
                return end
            } catch {
                return .disconnected
            }
        case .pieces(let pieces):
            // Without a length it goes out in chunks. When it breaks, it is not finished, and the connection ends before
            // the last chunk: nobody takes the part for the whole.
            reply.headers[.connection] = "close"
            do {
                try await exchange.begin(reply.status, reply.headers)
                try await client.whileHere {
                    try await pieces.run { try await exchange.write($0) }
                } onLeave: {
                    pieces.cancel()
                }
                try await exchange.finish()
                return .completed
            } catch {
                return .disconnected
            }
        }
    }

    private func observed(_ observation: RequestObservation, isStream: Bool, end: StreamMailbox.End) {
        let duration = ContinuousClock.now - observation.facts.startedAt
        // How long somebody listened is no latency.
        metrics.record(observation, latency: isStream ? nil : duration)
        log(observation, duration, end)
    }

    private func log(_ observation: RequestObservation, _ duration: Duration, _ end: StreamMailbox.End) {
        logger.log(
            level: observation.level, "\(observation.method) \(observation.route.template) \(observation.status.code)",
            metadata: observation.metadata(duration: duration, end: end))
    }
}
