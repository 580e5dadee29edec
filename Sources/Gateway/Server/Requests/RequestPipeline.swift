import HTTPTypes
import Hummingbird
import HummingbirdCore
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

    func respond(
        to request: Request, with writer: consuming ResponseWriter, from client: ClientPresence
    ) async throws {
        var request = request
        let facts = RequestFacts(
            request, peer: client.address, trustedProxies: configuration.trustedProxies)
        let route = Route(path: Substring((request.head.path ?? "").utf8.prefix { $0 != UInt8(ascii: "?") }))
        var timings = Timings(isOn: configuration.isDevelopment, since: facts.startedAt)

        var reply = await reply(to: &request, from: client, on: route, facts, timings: &timings)
        finishHeaders(of: &reply, for: request, on: route, facts, timings)

        let observation = RequestObservation(
            route: route, method: request.method, status: reply.status, facts: facts, hook: route.hookPrefix)
        do {
            let end = try await write(reply, to: writer, for: request, client)
            observed(observation, isStream: reply.isStream, end: end)
        } catch {
            observed(observation, isStream: reply.isStream, end: .disconnected)
            throw error
        }
    }

    private func reply(
        to request: inout Request, from client: ClientPresence, on route: Route, _ facts: RequestFacts,
        timings: inout Timings
    ) async -> Reply {
        switch route {
        case .graphQL:
            if let reply = configuration.cors.preflightReply(to: request) { return reply }
            return await graphQL.reply(to: &request, from: client, facts, timings: &timings)
        case .twilioHook(let hook, let rest):
            return await webhooks.reply(to: &request, hook: hook, rest: rest, facts)
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
        // RFC 9112, section 9.6: who is asked to close says that it will, and then does.
        if request.headers[.connection]?.lowercased() == "close" { reply.headers[.connection] = "close" }
    }

    private func write(
        _ reply: Reply, to writer: consuming ResponseWriter, for request: Request, _ client: ClientPresence
    ) async throws -> StreamMailbox.End {
        var head = HTTPResponse(status: reply.status, headerFields: reply.headers)
        switch reply.body {
        case .bytes(let bytes):
            if reply.status != .noContent { head.headerFields[.contentLength] = String(bytes.readableBytes) }
            let hasBody = bytes.readableBytes > 0 && request.method != .head
            try await writer.write(
                response: head, body: hasBody ? ResponseBody(byteBuffer: bytes) : ResponseBody())
            return client.isGone ? .disconnected : .completed
        case .events(let stream):
            // A stream has watched its connection, so no other request can follow on it.
            head.headerFields[.connection] = "close"
            metrics.streamOpened()
            defer { metrics.streamClosed() }
            var bodyWriter = try await writer.writeHead(head)
            let timeouts = configuration.timeouts
            let end = try await request.body.consumeWithInboundCloseHandler { _ in
                try await stream.run(timeouts) { bytes in try await bodyWriter.write(bytes) }
            } onInboundClosed: {
                stream.disconnect()
            }
            guard end != .disconnected else { throw StreamAbandoned() }
            try await bodyWriter.finish(nil)
            return end
        case .pieces(let pieces):
            // Without a length it goes out in chunks. When it breaks, what is thrown ends the connection before the last
            // chunk, so nobody takes the part for the whole.
            head.headerFields[.connection] = "close"
            var bodyWriter = try await writer.writeHead(head)
            try await request.body.consumeWithInboundCloseHandler { _ in
                try await pieces.run { bytes in try await bodyWriter.write(bytes) }
            } onInboundClosed: {
                pieces.cancel()
            }
            try await bodyWriter.finish(nil)
            return .completed
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

/// The client of a stream went away: the connection ends with it.
struct StreamAbandoned: Error {}
