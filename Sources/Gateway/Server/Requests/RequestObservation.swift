import Logging
import NIOHTTP1

/// What is told of a request once it is over: to the log and to the metrics. No query, no bearer, no body, no path as
/// it was asked, and of a hook token only its beginning.
struct RequestObservation: Sendable {
    let route: Route
    let method: String
    let status: Status
    let facts: RequestFacts
    let hook: String?

    /// A method is whatever the client writes there; labels and log lines take the ones that exist.
    private static let known: [HTTPMethod] = [.POST, .GET, .HEAD, .OPTIONS, .PUT, .DELETE, .PATCH]

    init(
        route: Route, method: HTTPMethod, status: Status, facts: RequestFacts, hook: String?
    ) {
        self.route = route
        self.method = Self.known.contains(method) ? method.rawValue : "OTHER"
        self.status = status
        self.facts = facts
        self.hook = hook
    }

    var level: Logger.Level {
        switch route {
        case .health, .readiness, .metrics: status.code >= 500 ? .notice : .debug
        default: status.code >= 500 ? .warning : .info
        }
    }

    func metadata(duration: Duration, end: StreamMailbox.End) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "method": "\(method)", "route": "\(route.template)", "status": "\(status.code)",
            "duration_ms": "\(Timings.milliseconds(duration))", "request_id": "\(facts.requestID)",
            "client": "\(facts.clientAddress)",
        ]
        if let trace = facts.trace {
            metadata["trace_id"] = "\(trace.traceID)"
            metadata["parent_id"] = "\(trace.parentID)"
        }
        if let hook { metadata["hook"] = "\(hook)" }
        if end != .completed { metadata["end"] = "\(end)" }
        return metadata
    }
}

extension Route {
    /// Enough to tell hooks apart in a log.
    var hookPrefix: String? {
        if case .twilioHook(let hook, _) = self { hook.prefix(6) + "…" } else { nil }
    }
}
