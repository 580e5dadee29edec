import NIOHTTP1
import QueryEngine

extension CORSPolicy {
    /// The answer to a browser that asks before it sends (the Fetch standard, "CORS-preflight fetch"); `nil` for
    /// requests that are no preflight.
    func preflightReply(to request: Request) -> Reply? {
        guard request.method == .OPTIONS, let origin = request.headers[.origin],
            request.headers[.accessControlRequestMethod] != nil
        else { return nil }
        guard allowedOrigin(for: origin) != nil else {
            var refusal = Refusal(
                .forbidden, .forbidden, "Pages of this origin may not use the API; add it to the allowed origins.")
            refusal.headers[.vary] = "Origin"
            return refusal.reply()
        }
        var reply = Reply(.noContent)
        reply.headers[.accessControlAllowMethods] = "GET, POST"
        reply.headers[.accessControlAllowHeaders] =
            """
            Authorization, Content-Type, X-Switchboard-Organization, X-Request-Id, Last-Event-ID, \
            GraphQL-Require-Preflight, traceparent, tracestate
            """
        reply.headers[.accessControlMaxAge] = String(maximumAge)
        return reply
    }

    /// Lets a page of an allowed origin read the answer.
    func addHeaders(to fields: inout AnswerFields, for request: Request) {
        guard !allowedOrigins.isEmpty else { return }
        fields[.vary] = "Origin"
        guard let origin = request.headers[.origin], let allowed = allowedOrigin(for: origin) else { return }
        fields[.accessControlAllowOrigin] = allowed
        fields[.accessControlExposeHeaders] = "X-Request-Id, Retry-After, Server-Timing"
    }
}
