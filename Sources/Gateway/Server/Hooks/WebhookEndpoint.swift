import GraphQL
import Logging
import NIOCore
import NIOHTTP1
import QueryEngine

/// `/hooks/twilio/{hook}/…`: hands a carrier's webhook on, in time, without reading anything into it.
struct WebhookEndpoint: Sendable {
    let handler: any WebhookHandler
    let throttle: HookThrottle
    let limits: ServerLimits
    let timeouts: ServerTimeouts

    func reply(to request: Request, hook: String, rest: String, _ facts: RequestFacts) async -> Reply {
        do {
            guard request.method == .POST || request.method == .GET else {
                throw Refusal(
                    .methodNotAllowed, .methodNotAllowed, "Webhooks come by POST or GET.",
                    headers: [.allow: "GET, POST"])
            }
            guard throttle.admits(hook) else {
                throw Refusal(
                    .tooManyRequests, .tooManyRequests, "Too many requests for hooks that do not exist.",
                    headers: [.retryAfter: "5"])
            }
            let length = request.headers[.contentLength].flatMap(Int.init) ?? 0
            guard length <= limits.hookBody, let body = try await request.collect(upTo: limits.hookBody) else {
                throw Refusal(
                    .contentTooLarge, .bodyTooLarge, "A webhook's body has at most \(limits.hookBody) bytes.",
                    headers: [.connection: "close"], details: [("limit", .int(Int64(limits.hookBody)))])
            }
            let webhook = IncomingWebhook(
                hook: hook, rest: rest, method: request.method.rawValue, target: request.target,
                headers: request.headers.all.map { ($0.name.lowercased(), $0.value) },
                body: Array(body.readableBytesView), clientAddress: facts.clientAddress, requestID: facts.requestID)
            return reply(await answer(webhook), hook: hook)
        } catch let refusal as Refusal {
            return refusal.reply()
        } catch {
            return Refusal(.requestTimeout, .requestTimeout, "The connection ended before the request was whole.")
                .reply()
        }
    }

    /// The handler's answer, or `.unavailable` when it takes longer than the carrier waits. It is told to stop then, but not
    /// waited for: what it has begun with others, it may have to bring to its end.
    private func answer(_ webhook: IncomingWebhook) async -> WebhookAnswer {
        let timeout = timeouts.hook
        let answers = AsyncStream.makeStream(of: WebhookAnswer.self)
        let work = Task { [handler] in
            answers.continuation.yield(await handler.handle(webhook))
            answers.continuation.finish()
        }
        defer { work.cancel() }
        return await withTaskGroup(of: WebhookAnswer?.self) { group in
            group.addTask {
                for await answer in answers.stream { return answer }
                return nil
            }
            group.addTask {
                try? await Task.sleep(for: timeout)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first ?? .unavailable
        }
    }

    private func reply(_ answer: WebhookAnswer, hook: String) -> Reply {
        switch answer {
        case .unknownHook:
            throttle.missed(hook)
            return Refusal(.notFound, .notFound, "There is no such hook.").reply()
        case .refused:
            throttle.found(hook)
            return Refusal(.forbidden, .forbidden, "The signature does not belong to this hook.").reply()
        case .accepted:
            throttle.found(hook)
            return Reply(.noContent)
        case .content(let type, let body):
            throttle.found(hook)
            return Reply(.ok, contentType: type, body: ByteBuffer(bytes: body))
        case .unavailable:
            return Refusal(
                .serviceUnavailable, .unavailable, "The webhook could not be recorded in time.",
                headers: [.retryAfter: "5"]
            ).reply()
        }
    }
}
