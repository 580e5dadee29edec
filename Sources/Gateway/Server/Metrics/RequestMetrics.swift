import Synchronization

/// What is counted of requests. Labels hold routes, methods and statuses: nothing of tenants, nothing that a client
/// writes.
struct RequestMetrics: Sendable {
    private let registry: PrometheusRegistry
    private let openStreams: PrometheusGauge
    private let series = RequestSeries()

    init(_ registry: PrometheusRegistry, connections: OpenConnections) {
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
        let key = RequestSeries.Key(
            route: observation.route.template, method: observation.method, status: observation.status.code)
        let series = series.find(key) { make(key) }
        series.count.increment()
        if let latency { series.duration.record(latency / .seconds(1)) }
    }

    private func make(_ key: RequestSeries.Key) -> RequestSeries.Pair {
        RequestSeries.Pair(
            count: registry.counter(
                "switchboard_http_requests", help: "Requests answered.",
                labels: [("route", key.route), ("method", key.method), ("status", String(key.status))]),
            duration: registry.histogram(
                "switchboard_http_request_duration_seconds",
                help: "From a request's head to the end of its answer, streams not counted.",
                labels: [("route", key.route)]))
    }
}

/// The series of requests that were seen before: to find them in the registry takes longer than to count. As few as there
/// are routes, methods and statuses.
private final class RequestSeries: Sendable {
    struct Key: Hashable {
        let route: String
        let method: String
        let status: Int
    }

    struct Pair {
        let count: PrometheusCounter
        let duration: PrometheusHistogram
    }

    private struct Known {
        var pairs: [Key: Pair] = [:]
        /// Nearly always the next one's, too.
        var last: (key: Key, pair: Pair)?
    }

    private let known = Mutex(Known())

    func find(_ key: Key, orMake make: () -> Pair) -> Pair {
        let found: Pair? = known.withLock { known in
            if let last = known.last, last.key == key { return last.pair }
            guard let pair = known.pairs[key] else { return nil }
            known.last = (key, pair)
            return pair
        }
        if let found { return found }
        let pair = make()
        known.withLock { $0.pairs[key] = pair }
        return pair
    }
}
