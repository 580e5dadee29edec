import HTTPTypes

/// What is counted of requests. Labels hold routes, methods and statuses: nothing of tenants, nothing that a client
/// writes.
struct RequestMetrics: Sendable {
    private let registry: PrometheusRegistry
    private let openStreams: PrometheusGauge

    init(_ registry: PrometheusRegistry, connections: ConnectionCount) {
        self.registry = registry
        openStreams = registry.gauge("switchboard_http_streams_open", help: "Live streams open.")
        registry.observe("switchboard_http_connections_open", help: "Connections open.") {
            Double(connections.current)
        }
        registry.observeCounter(
            "switchboard_http_connections_refused", help: "Connections answered 503, too many being open."
        ) { Double(connections.refused) }
    }

    func streamOpened() { openStreams.add(1) }
    func streamClosed() { openStreams.add(-1) }

    func record(_ observation: RequestObservation, latency: Duration?) {
        registry.counter(
            "switchboard_http_requests", help: "Requests answered.",
            labels: [
                ("route", observation.route.template), ("method", observation.method),
                ("status", String(observation.status.code)),
            ]
        ).increment()
        guard let latency else { return }
        registry.histogram(
            "switchboard_http_request_duration_seconds",
            help: "From a request's head to the end of its answer, streams not counted.",
            labels: [("route", observation.route.template)]
        ).record(latency / .seconds(1))
    }
}
