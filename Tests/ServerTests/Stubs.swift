import Foundation
import GraphQL
import Logging
import NIOCore
import OrderedCollections
import Postgres
import QueryEngine
import Server
import ServiceLifecycle
import Synchronization

/// Answers as an engine would for the few documents that the tests ask, and hands out events that a test gives.
final class StubExecutor: GraphQLExecutor {
    struct Asked: Sendable {
        var document: String
        var operationName: String?
        var variables: [String: JSONValue]
    }

    /// Letters in the answer to `{ large }`: more than the sockets of both ends hold.
    static let largeText = 20_000_000

    private let state = Mutex<(asked: [Asked], lastEventIDs: [String?], ended: Int)>(([], [], 0))
    private let feed = Mutex<AsyncStream<GraphQLEvent>.Continuation?>(nil)

    var asked: [Asked] { state.withLock { $0.asked } }
    var lastEventIDs: [String?] { state.withLock { $0.lastEventIDs } }
    /// Subscriptions that were opened and are over.
    var endedSubscriptions: Int { state.withLock { $0.ended } }

    func emit(_ json: String, id: String? = nil) {
        _ = feed.withLock {
            $0?.yield(GraphQLEvent(id: id, answer: GraphQLAnswer(failure: nil, json: ByteBuffer(string: json))))
        }
    }

    func endFeed() {
        feed.withLock { $0?.finish() }
    }

    func execute(_ request: EngineRequest, for caller: Caller) async -> GraphQLAnswer {
        let document = String(decoding: request.document, as: UTF8.self)
        state.withLock {
            $0.asked.append(
                Asked(
                    document: document, operationName: request.operationName,
                    variables: Dictionary(uniqueKeysWithValues: request.variables.map { ($0.key, $0.value) })))
        }
        switch document {
        case "{ __typename }", "query Query { __typename }": return Self.answer(#"{"data":{"__typename":"Query"}}"#)
        case "{ partial }":
            return Self.answer(#"{"errors":[{"message":"No.","path":["partial"]}],"data":{"partial":null}}"#)
        case "{ slow }":
            try? await Task.sleep(for: .milliseconds(400))
            return Self.answer(#"{"data":{"slow":true}}"#)
        case "{ stuck }":
            try? await Task.sleep(for: .seconds(60))
            return Self.answer(#"{"data":{"stuck":true}}"#)
        case "{ large }": return Self.answer(#"{"data":"\#(String(repeating: "x", count: Self.largeText))"}"#)
        case "{ export }": return pieces(ending: true, request)
        case "{ brokenExport }": return pieces(ending: false, request)
        case "{ endlessExport }":
            let (waiting, cancel) = AsyncStream.makeStream(of: Void.self)
            return GraphQLAnswer(
                failure: nil, json: ByteBuffer(),
                pieces: AnswerPieces { [self] write in
                    try await write(ByteBuffer(string: "{"))
                    for await _ in waiting {}
                    state.withLock { $0.ended += 1 }
                    throw CancellationError()
                } cancel: {
                    cancel.finish()
                })
        case "{ forbidden }": return Self.refused(.forbidden, "FORBIDDEN")
        case "mutation { __typename }":
            return request.allowsMutation
                ? Self.answer(#"{"data":{"__typename":"Mutation"}}"#) : Self.refused(.mutationNotAllowed, "NOT_BY_GET")
        case "subscription { changes }": return Self.refused(.wrongOperationType, "WRONG_OPERATION_TYPE")
        case "query CoerceFailure($id: ID!){ __typename }":
            return request.variables["id"] == .null || request.variables["id"] == nil
                ? Self.refused(.request, "BAD_USER_INPUT") : Self.answer(#"{"data":{"__typename":"Query"}}"#)
        case let text where text.contains("__type("): return Self.answer(#"{"data":{"__type":null}}"#)
        case "{": return Self.refused(.request, "GRAPHQL_PARSE_FAILED")
        default: return Self.refused(.request, "GRAPHQL_VALIDATION_FAILED")
        }
    }

    func events(
        of request: EngineRequest, for caller: Caller, after eventID: String?,
        revalidate: @escaping @Sendable () async -> Bool
    ) -> AsyncStream<GraphQLEvent> {
        state.withLock { $0.lastEventIDs.append(eventID) }
        let document = String(decoding: request.document, as: UTF8.self)
        let (stream, continuation) = AsyncStream<GraphQLEvent>.makeStream()
        switch document {
        case "subscription { changes }":
            continuation.onTermination = { [self] _ in state.withLock { $0.ended += 1 } }
            feed.withLock { $0 = continuation }
        case "subscription {":
            continuation.yield(GraphQLEvent(id: nil, answer: Self.refused(.request, "GRAPHQL_PARSE_FAILED")))
            continuation.finish()
        default:
            continuation.yield(GraphQLEvent(id: nil, answer: Self.refused(.wrongOperationType, "WRONG_OPERATION_TYPE")))
            continuation.finish()
        }
        return stream
    }

    /// What an export would: refused where the reply could not be in pieces.
    private func pieces(ending: Bool, _ request: EngineRequest) -> GraphQLAnswer {
        guard request.allowsExport else { return Self.refused(.request, "BAD_PAGE_SIZE") }
        return GraphQLAnswer(
            failure: nil, json: ByteBuffer(),
            pieces: AnswerPieces { write in
                try await write(ByteBuffer(string: "{\"data\":["))
                for index in 0..<1_000 { try await write(ByteBuffer(string: "\(index == 0 ? "" : ",")\(index)")) }
                guard ending else { throw CancellationError() }
                try await write(ByteBuffer(string: "]}"))
            } cancel: {
            })
    }

    private static func answer(_ json: String) -> GraphQLAnswer {
        GraphQLAnswer(failure: nil, json: ByteBuffer(string: json))
    }

    private static func refused(_ failure: EngineResponse.Failure, _ code: String) -> GraphQLAnswer {
        GraphQLAnswer(
            failure: failure,
            json: ByteBuffer(string: #"{"errors":[{"message":"Refused.","extensions":{"code":"\#(code)"}}]}"#))
    }
}

/// Knows the key `sb_good`, until it is revoked, and others for each way not to be let in.
final class StubAccess: Access {
    private let revoked = Atomic(false)
    static let organization = OrganizationID(UUID())

    private let unreachable = Atomic(false)

    /// From now on nobody can say whether a key is still good.
    func lose() { unreachable.store(true, ordering: .relaxed) }

    func revoke() { revoked.store(true, ordering: .relaxed) }

    func caller(of claim: AccessClaim) async throws(AccessError) -> Caller {
        let (organization, requestID) = (claim.organization, claim.requestID)
        switch claim.bearer ?? "" {
        case "sb_good" where !revoked.load(ordering: .relaxed):
            if organization == "org_foreign" { throw .forbidden("You do not belong to this organization.") }
            return Caller(
                kind: .apiKey(id: UUID()), role: .owner, organization: Self.organization, requestID: requestID)
        case "sb_busy": throw .tooManyRequests(retryAfter: .milliseconds(2_500))
        case "sb_down": throw .unavailable
        default: throw .unauthenticated
        }
    }

    func standing(of caller: Caller) async -> Standing {
        if revoked.load(ordering: .relaxed) { return .revoked }
        return unreachable.load(ordering: .relaxed) ? .unknown : .valid
    }

    func noteDenied(_ caller: Caller) async {}
}

/// Knows one hook, and remembers what came.
final class StubWebhooks: WebhookHandler {
    static let hook = "hk_known_0123456789"
    private let received = Mutex<[IncomingWebhook]>([])

    private let held = Mutex<CheckedContinuation<Void, Never>?>(nil)

    var webhooks: [IncomingWebhook] { received.withLock { $0 } }
    /// Whether one is still under way that does not react to being cancelled.
    var isHeld: Bool { held.withLock { $0 != nil } }

    func letGo() {
        held.withLock { held in
            held?.resume()
            held = nil
        }
    }

    func handle(_ webhook: IncomingWebhook) async -> WebhookAnswer {
        received.withLock { $0.append(webhook) }
        guard webhook.hook == Self.hook else { return .unknownHook }
        if webhook.rest == "/slow" { try? await Task.sleep(for: .seconds(60)) }
        if webhook.rest == "/stubborn" {
            await withCheckedContinuation { continuation in held.withLock { $0 = continuation } }
        }
        guard webhook.header("x-twilio-signature") == "good" else { return .refused }
        return webhook.rest == "/voice"
            ? .content(type: "text/xml", body: Array("<Response/>".utf8)) : .accepted
    }
}
