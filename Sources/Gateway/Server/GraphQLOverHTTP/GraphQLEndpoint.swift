import GraphQL
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import QueryEngine

/// `/graphql`: from an HTTP request to a reply, in the order in which a request can fail.
struct GraphQLEndpoint<Executor: GraphQLExecutor>: Sendable {
    let executor: Executor
    let access: any Access
    let limits: ServerLimits
    let streams: LiveStreams

    func reply(to request: inout Request, _ facts: RequestFacts, timings: inout Timings) async -> Reply {
        var mediaType = ResponseMediaType.json
        do {
            let method = try GraphQLMethod(request.method)
            guard let acceptance = Acceptance(request.headers[values: .accept]) else { throw Self.notAcceptable }
            mediaType = acceptance.preferred
            try Preflight.check(request.headers, method: method)
            if method == .post { try checkContent(request.headers) }
            let caller = try await caller(of: request, facts)
            timings.mark("access")
            let operations = try await operations(of: &request, method: method)
            timings.mark("read")
            if mediaType == .eventStream {
                return try await stream(operations, of: request, for: caller, refusals: mediaType)
            }
            let reply = await execute(operations, for: caller, acceptance: acceptance, request: request)
            timings.mark("execute")
            return reply
        } catch let refusal as Refusal {
            // What is wrong with the HTTP is said in HTTP; what is wrong with the GraphQL, in the stream that was asked
            // for (graphql-sse, "Distinct connections mode").
            if mediaType == .eventStream, refusal.status == .badRequest {
                return Reply(.ok, contentType: mediaType.contentType, body: EventEncoder.failure(refusal.json))
            }
            return refusal.reply(as: mediaType == .eventStream ? .json : mediaType)
        } catch {
            return Refusal(.requestTimeout, .requestTimeout, "The connection ended before the request was whole.")
                .reply()
        }
    }

    private func caller(of request: Request, _ facts: RequestFacts) async throws(Refusal) -> Caller {
        guard let token = BearerToken(request.headers[.authorization]) else {
            throw Self.unauthenticated("Sign in: send the header \"Authorization: Bearer <API key>\".")
        }
        do {
            return try await access.caller(
                bearer: token.value, organization: request.headers[.organization], requestID: facts.requestID)
        } catch {
            switch error {
            case .unauthenticated:
                throw Self.unauthenticated("The API key is not known, or no longer valid; use another one.")
            case .forbidden(let message): throw Refusal(.forbidden, .forbidden, message)
            case .tooManyRequests(let delay):
                throw Refusal(
                    .tooManyRequests, .tooManyRequests, "Too many requests; try again in \(Refusal.seconds(delay)) s.",
                    headers: [.retryAfter: Refusal.seconds(delay)])
            case .unavailable:
                throw Refusal(
                    .serviceUnavailable, .unavailable, "The service cannot reach its database; try again in a moment.",
                    headers: [.retryAfter: "1"])
            }
        }
    }

    /// What can be known of a body from its headers.
    private func checkContent(_ headers: HTTPFields) throws(Refusal) {
        guard let type = headers[.contentType].flatMap(MediaType.init), type.name == "application/json", type.isUTF8
        else {
            throw Refusal(
                .unsupportedMediaType, .unsupportedMediaType,
                "Send the request as JSON in UTF-8, with the header \"Content-Type: application/json\".",
                headers: [.accept: "application/json"])
        }
        if let encoding = headers[.contentEncoding], encoding.lowercased() != "identity" {
            throw Refusal(
                .unsupportedMediaType, .unsupportedMediaType, "Send the body as it is, without Content-Encoding.",
                headers: [.acceptEncoding: "identity"])
        }
        if let length = headers[.contentLength].flatMap(Int.init), length > limits.graphQLBody { throw tooLarge }
    }

    private func operations(of request: inout Request, method: GraphQLMethod) async throws -> Operations {
        let reader = OperationReader(batchLimit: limits.batchedOperations)
        switch method {
        case .get:
            let target = request.head.path ?? ""
            let query = target.firstIndex(of: "?").map { target[target.index(after: $0)...] } ?? ""
            return .single(try reader.operation(parameters: FormParameters(query: query)))
        case .post:
            guard let body = try await request.collect(upTo: limits.graphQLBody) else { throw tooLarge }
            return try reader.operations(body: Array(body.readableBytesView))
        }
    }

    private func execute(
        _ operations: Operations, for caller: Caller, acceptance: Acceptance, request: Request
    ) async -> Reply {
        let mediaType = acceptance.preferred
        switch operations {
        case .single(let operation):
            let answer = await executor.execute(operation, for: caller)
            if answer.failure == .wrongOperationType {
                guard acceptance.allowsEventStream else { return Self.needsStream.reply(as: mediaType) }
                do {
                    return try await stream(operations, of: request, for: caller, refusals: mediaType)
                } catch {
                    return error.reply(as: mediaType)
                }
            }
            return reply(answer, as: mediaType)
        case .batch(let requests):
            // In series, so that one request never uses more of the database than one operation does.
            var json = ByteBuffer(string: "[")
            for (index, request) in requests.enumerated() {
                if index > 0 { json.writeString(",") }
                var answer = await executor.execute(request, for: caller)
                if answer.failure == .wrongOperationType {
                    answer = GraphQLAnswer(failure: .request, json: Self.needsStream.json)
                }
                json.writeImmutableBuffer(answer.json)
            }
            json.writeString("]")
            return Reply(.ok, contentType: mediaType.contentType, body: json)
        }
    }

    private func reply(_ answer: GraphQLAnswer, as mediaType: ResponseMediaType) -> Reply {
        var reply = Reply(
            StatusTable.status(for: answer.failure, as: mediaType), contentType: mediaType.contentType,
            body: answer.json)
        if answer.failure == .mutationNotAllowed { reply.headers[.allow] = "POST" }
        return reply
    }

    /// A query or mutation that is asked for as a stream gets its one response as the one event.
    private func stream(
        _ operations: Operations, of request: Request, for caller: Caller, refusals: ResponseMediaType
    ) async throws(Refusal) -> Reply {
        guard case .single(let operation) = operations else {
            throw Refusal(.badRequest, .badRequest, "A stream carries one operation; send an object, not an array.")
        }
        let place = try streams.open(for: caller.organization)
        // Opened before the status line goes out: whoever sees the 200 misses nothing that happens after it.
        let source = await GraphQLStreamSource(
            opening: operation, on: executor, access: access, caller: caller,
            lastEventID: request.headers[.lastEventID])
        return Reply(events: LiveStream(place: place, source: source))
    }

    private var tooLarge: Refusal {
        Refusal(
            .contentTooLarge, .bodyTooLarge,
            "The body is larger than \(limits.graphQLBody) bytes; send a smaller document, or fewer variables.",
            headers: [.connection: "close"], details: [("limit", .int(Int64(limits.graphQLBody)))])
    }

    private static var notAcceptable: Refusal {
        Refusal(
            .notAcceptable, .notAcceptable,
            "Accept application/graphql-response+json, application/json, or text/event-stream for subscriptions.")
    }

    private static var needsStream: Refusal {
        Refusal(
            .notAcceptable, .notAcceptable,
            "A subscription is answered as a stream; send the header \"Accept: text/event-stream\".")
    }

    private static func unauthenticated(_ message: String) -> Refusal {
        Refusal(.unauthorized, .unauthenticated, message, headers: [.wwwAuthenticate: "Bearer"])
    }
}
