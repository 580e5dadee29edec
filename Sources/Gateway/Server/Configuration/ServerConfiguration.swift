/// What the edge needs to know before it listens.
package struct ServerConfiguration: Sendable {
    /// The address to listen on: a name or a literal IPv4 or IPv6 address.
    package var host = "127.0.0.1"
    /// 0 to 65535; 0 takes a free port, which `HTTPServer.waitUntilListening()` tells.
    package var port = 8080
    package var limits = ServerLimits()
    package var timeouts = ServerTimeouts()
    package var cors = CORSPolicy()
    package var documents = DocumentPolicy.any(persisted: PersistedQueries(limits: PersistedQueryLimits()))
    /// Whose `X-Forwarded-For` is believed. Nobody's by default.
    package var trustedProxies = TrustedProxies()
    package var hookThrottle = HookThrottle.Rates()
    /// Adds `Server-Timing` to API responses. It tells timings, so it is for development.
    package var isDevelopment = false

    package init() {}
}

/// How much a request may measure. Sizes are in bytes.
package struct ServerLimits: Sendable {
    /// Header names and values together. More is answered 431.
    package var headers = 32_768
    /// Path and query together. More is answered 414.
    package var target = 16_384
    /// The body of a GraphQL request. More is answered 413 and never kept in memory.
    package var graphQLBody = 1_048_576
    /// The body of a webhook. Twilio's are a few kilobytes.
    package var hookBody = 65_536
    /// Operations in one array of operations; 1 switches batching off. They run one after the other and each counts
    /// by itself, so a batch saves round trips and multiplies nothing that a client could not do with as many requests.
    package var batchedOperations = 10
    /// Requests that are carried out at the same moment, all organizations together; live streams are not among them.
    /// One more is answered 503 with `Retry-After`. Far above what the connections to the database can work on: those
    /// behind them wait.
    package var requests = 512
    /// Likewise of one organization. One more is answered 429 with `Retry-After`, so that nobody takes all places.
    package var requestsPerOrganization = 128
    /// Open connections. One more is answered 503 with `Retry-After`.
    package var connections = 4_096
    /// Live streams on this node, all organizations together. One more is answered 503 with `Retry-After`.
    package var streams = 2_048
    /// Live streams of one organization on this node. One more is answered 429.
    package var streamsPerOrganization = 256
    /// How much of a refused body is read and thrown away, so that a client that sends before it listens still hears
    /// why. A client that sends more is cut off.
    package var discardedBody = 67_108_864

    package init() {}
}

/// How long the edge waits, and for what.
package struct ServerTimeouts: Sendable {
    /// Between requests on one connection, and for the head of a request to be whole. Then the connection is closed.
    package var idle: Duration = .seconds(60)
    /// From a request's head to the end of its body. Then 408.
    package var body: Duration = .seconds(30)
    /// How long a client may leave what was sent unread. Then the connection is closed.
    package var stalledWrite: Duration = .seconds(30)
    /// A webhook must be answered before the carrier gives up: Twilio does after 15 s.
    package var hook: Duration = .seconds(14)
    /// How long a stopping server waits for the requests under way.
    package var drain: Duration = .seconds(10)
    /// Between the comments that keep a silent stream open through proxies.
    package var heartbeat: Duration = .seconds(12)
    /// Between two looks at whether a stream's caller still may listen. Together with how long an answer is remembered
    /// (`Authenticator`, 300 ms) below a second, since a stream must end within a second of the revocation of what
    /// opened it, also when nobody announces it.
    package var revalidation: Duration = .milliseconds(400)
    /// How long one readiness check may take before it counts as failed.
    package var readinessCheck: Duration = .seconds(2)

    package init() {}
}
