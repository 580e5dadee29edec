import Logging
import NIOCore

/// One request, from its head to the line in the log.
struct RequestPipeline<Executor: GraphQLExecutor>: Sendable {
    let configuration: ServerConfiguration
    let graphQL: GraphQLEndpoint<Executor>
    let webhooks: WebhookEndpoint
    let files: FileEndpoint
    let operations: OperationsEndpoints
    let metrics: RequestMetrics
    let logger: Logger
    let date = HTTPDate()

    nonisolated(nonsending) func respond(to request: Request, from client: ClientPresence) async {
        let facts = RequestFacts(
            request, peer: client.address, trustedProxies: configuration.trustedProxies)
        let route = Route(path: Substring(request.target.utf8.prefix { $0 != UInt8(ascii: "?") }))
        var timings = Timings(isOn: configuration.isDevelopment, since: facts.startedAt)

        var reply = await reply(to: request, from: client, on: route, facts, timings: &timings)
        finishHeaders(of: &reply, for: request, on: route, facts, timings)

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

    private func finishHeaders(
        of reply: inout Reply, for request: Request, on route: Route, _ facts: RequestFacts, _ timings: Timings
    ) {
        reply.headers[.requestID] = facts.requestID
        reply.headers[.date] = date.text()
        reply.headers[.xContentTypeOptions] = "nosniff"
        if route == .graphQL {
            if reply.headers[.cacheControl] == nil { reply.headers[.cacheControl] = "no-store" }
            configuration.cors.addHeaders(to: &reply, for: request)
            if let header = timings.header { reply.headers[.serverTiming] = header }
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
        logger.log(
            level: observation.level, "\(observation.method) \(observation.route.template) \(observation.status.code)",
            metadata: observation.metadata(duration: duration, end: end))
    }
}
