import GraphQL
import Logging
import NIOCore
import QueryEngine

/// `/graphql`: from an HTTP request to a reply, in the order in which a request can fail.
final class GraphQLEndpoint<Executor: GraphQLExecutor>: Sendable {
    let executor: Executor
    let access: any Access
    let documents: DocumentPolicy
    let limits: ServerLimits
    let streams: LiveStreams
    let places: RequestPlaces

    init(
        executor: Executor, access: any Access, documents: DocumentPolicy, limits: ServerLimits, streams: LiveStreams,
        places: RequestPlaces
    ) {
        self.executor = executor
        self.access = access
        self.documents = documents
        self.limits = limits
        self.streams = streams
        self.places = places
    }

    nonisolated(nonsending) func reply(
        to request: Request, from client: ClientPresence, _ facts: RequestFacts, timings: inout Timings
    ) async -> Reply {
        var mediaType = ResponseMediaType.json
        do {
            let method = try GraphQLMethod(request.method)
            guard let acceptance = Acceptance(request.headers[values: .accept]) else { throw Self.notAcceptable }
            mediaType = acceptance.preferred
            try Preflight.check(request.headers, method: method)
            if method == .post { try checkContent(request.headers) }
            let caller = try await caller(of: request, facts)
            timings.mark("access")
            let operations = try await operations(of: request, method: method)
            timings.mark("read")
            // Only now: a body that comes slowly, or never, takes nobody's place.
            try places.enter(caller.organization)
            defer { places.leave(caller.organization) }
            let reply =
                switch operations {
                case .single(let operation):
                    try await answer(
                        try documents.engineRequest(for: operation, of: caller.organization), from: client,
                        for: caller, acceptance: acceptance, request: request)
                case .batch(let operations):
                    try await answer(operations, from: client, for: caller, as: mediaType)
                }
            timings.mark("execute")
            return reply
        } catch let refusal as Refusal {
            // What is wrong with the HTTP is said in HTTP; what is wrong with the GraphQL, in the stream that was asked
            // for.
            if mediaType == .eventStream, refusal.isOfOperation {
                return Reply(.ok, contentType: mediaType.contentType, body: EventEncoder.failure(refusal.json))
            }
            return refusal.reply(as: mediaType == .eventStream ? .json : mediaType)
        } catch {
            return Refusal(.requestTimeout, .requestTimeout, "The connection ended before the request was whole.")
                .reply()
        }
    }

    nonisolated(nonsending) private func caller(of request: Request, _ facts: RequestFacts) async throws(Refusal)
        -> Caller
    {
        let claim = AccessClaim(
            bearer: try Self.bearer(request.headers)?.value, organization: request.headers[.organization],
            address: facts.clientAddress, requestID: facts.requestID)
        do {
            return try await access.caller(of: claim)
        } catch {
            switch error {
            case .unauthenticated where claim.bearer == nil: throw Self.signIn
            case .unauthenticated:
                throw Self.unauthenticated(
                    "The API key or access token is not known, or no longer valid; use another one.")
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

    /// A header that we cannot read is no request without one: who sends it means to be somebody.
    private static func bearer(_ headers: RequestFields) throws(Refusal) -> BearerToken? {
        guard let authorization = headers[.authorization] else { return nil }
        guard let token = BearerToken(authorization) else { throw signIn }
        return token
    }

    /// What the head of a POST says, where nothing is wrong with it and one answer is enough.
    private func noted(_ request: Request) -> RequestNotes.Head? {
        if let noted = request.notes.head { return noted }
        let headers = request.headers
        guard let acceptance = Acceptance(headers[values: .accept]), acceptance.preferred != .eventStream,
            (try? checkContent(headers)) != nil, let bearer = try? Self.bearer(headers)
        else { return nil }
        let head = RequestNotes.Head(
            acceptance: acceptance, bearer: bearer, organization: headers[.organization])
        request.notes.head = head
        return head
    }

    private func noted(_ body: ByteBuffer, of request: Request) -> RequestNotes.Body? {
        if let noted = request.notes.body(body) { return noted }
        let reader = OperationReader(batchLimit: limits.batchedOperations)
        guard case .single(let operation)? = try? reader.operations(body: Array(body.readableBytesView)) else {
            return nil
        }
        return request.notes.note(operation, of: body)
    }

    /// Begins a POST whose caller is known and whose query is remembered, if a task need not wait for it.
    ///
    /// - Parameter done: called once if it was begun; with `nil` when `reply` has to find the answer after all.
    /// - Returns: how to cancel it; `nil` where nothing was begun, since it is for `reply` to find the answer, or to refuse.
    func begin(
        _ request: Request, body: ByteBuffer, _ facts: RequestFacts, timings: Timings,
        done: @escaping @Sendable (EngineResponse?, ResponseMediaType, Timings) -> Void
    ) -> (@Sendable () -> Void)? {
        var timings = timings
        guard let head = noted(request), let caller = access.knownCaller(of: head.claim(facts)) else { return nil }
        timings.mark("access")
        guard let body = noted(body, of: request),
            var query = try? documents.engineRequest(for: body.operation, of: caller.organization),
            (try? places.enter(caller.organization)) != nil
        else { return nil }
        query.allowsExport = true
        timings.mark("read")
        // Counted last: what is not begun is counted by `reply`.
        let cancel = executor.begin(query, for: caller, memo: body.memo, ifAllowed: { access.admit(caller) }) {
            [places, timings] response in
            places.leave(caller.organization)
            var timings = timings
            timings.mark("execute")
            done(response, head.acceptance.preferred, timings)
        }
        if cancel == nil { places.leave(caller.organization) }
        return cancel
    }

    /// What can be known of a body from its headers.
    private func checkContent(_ headers: RequestFields) throws(Refusal) {
        let type = headers[.contentType]
        guard type == "application/json" || type.flatMap(MediaType.init)?.isJSON == true else {
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

    nonisolated(nonsending) private func operations(of request: Request, method: GraphQLMethod) async throws
        -> Operations
    {
        let reader = OperationReader(batchLimit: limits.batchedOperations)
        switch method {
        case .get:
            let target = request.target
            let query = target.firstIndex(of: "?").map { target[target.index(after: $0)...] } ?? ""
            return .single(try reader.operation(parameters: FormParameters(query: query)))
        case .post:
            guard let body = try await request.collect(upTo: limits.graphQLBody) else { throw tooLarge }
            return try reader.operations(body: Array(body.readableBytesView))
        }
    }

    nonisolated(nonsending) private func answer(
        _ operation: EngineRequest, from client: ClientPresence, for caller: Caller, acceptance: Acceptance,
        request: Request
    ) async throws(Refusal) -> Reply {
        let mediaType = acceptance.preferred
        if mediaType == .eventStream { return try await stream(operation, of: request, for: caller) }
        // One operation in JSON: the reply can be as long as it likes.
        var exportable = operation
        exportable.allowsExport = true
        let answer = await client.whileHere { [exportable] in await execute(exportable, for: caller) }
        guard answer.failure == .wrongOperationType else { return reply(answer, as: mediaType) }
        guard acceptance.allowsEventStream else { throw Self.needsStream }
        return try await stream(operation, of: request, for: caller)
    }

    /// A batch is carried out in series, so that it never uses more of the database than one operation does.
    nonisolated(nonsending) private func answer(
        _ operations: [OperationRequest], from client: ClientPresence, for caller: Caller,
        as mediaType: ResponseMediaType
    ) async throws(Refusal) -> Reply {
        guard mediaType != .eventStream else {
            throw Refusal(.badRequest, .badRequest, "A stream carries one operation; send an object, not an array.")
        }
        let json = await client.whileHere {
            var json = ByteBuffer(string: "[")
            for (index, operation) in operations.enumerated() where !Task.isCancelled {
                if index > 0 { json.writeString(",") }
                do throws(Refusal) {
                    let request = try documents.engineRequest(for: operation, of: caller.organization)
                    let answer = await execute(request, for: caller)
                    if answer.failure == .wrongOperationType { throw Self.needsStream }
                    json.writeImmutableBuffer(answer.json)
                } catch {
                    json.writeImmutableBuffer(error.json)
                }
            }
            json.writeString("]")
            return json
        }
        return Reply(.ok, contentType: mediaType.contentType, body: json)
    }

    nonisolated(nonsending) private func execute(_ operation: EngineRequest, for caller: Caller) async -> GraphQLAnswer
    {
        let answer = await executor.execute(operation, for: caller)
        if answer.failure == .forbidden || answer.failure == .unauthenticated { await access.noteDenied(caller) }
        return answer
    }

    private func reply(_ answer: GraphQLAnswer, as mediaType: ResponseMediaType) -> Reply {
        if let pieces = answer.pieces { return Reply(pieces: pieces, contentType: mediaType.contentType) }
        var reply = Reply(
            StatusTable.status(for: answer.failure, as: mediaType), contentType: mediaType.contentType,
            body: answer.json)
        if answer.failure == .mutationNotAllowed { reply.headers[.allow] = "POST" }
        if answer.failure == .unauthenticated { reply.headers[.wwwAuthenticate] = "Bearer" }
        return reply
    }

    /// A query or mutation that is asked for as a stream gets its one response as the one event.
    nonisolated(nonsending) private func stream(
        _ operation: EngineRequest, of request: Request, for caller: Caller
    ) async throws(Refusal) -> Reply {
        let place = try streams.open(for: caller.organization)
        // Opened before the status line goes out: whoever sees the 200 misses nothing that happens after it.
        let source = await GraphQLStreamSource(
            opening: operation, on: executor, access: access, caller: caller,
            lastEventID: request.headers[.lastEventID], mailbox: place.mailbox)
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

    private static var signIn: Refusal {
        unauthenticated("Sign in: send the header \"Authorization: Bearer\" with an API key or an access token.")
    }

    private static func unauthenticated(_ message: String) -> Refusal {
        Refusal(.unauthorized, .unauthenticated, message, headers: [.wwwAuthenticate: "Bearer"])
    }
}

extension RequestNotes.Head {
    fileprivate func claim(_ facts: RequestFacts) -> AccessClaim {
        AccessClaim(
            bearer: bearer?.value, organization: organization, address: facts.clientAddress, requestID: facts.requestID,
            memo: memo)
    }
}
