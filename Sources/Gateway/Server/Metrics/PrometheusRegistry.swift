import CoreMetrics
import Synchronization

/// All metrics of the process, rendered as Prometheus text (exposition format 0.0.4).
///
/// It is a `MetricsFactory`, so what other modules count through swift-metrics lands here too. Cardinality is bounded:
/// a metric holds at most `seriesPerMetric` combinations of labels, and what goes beyond is counted together in one
/// series labelled `overflow="true"`, so that no input can grow the process.
package final class PrometheusRegistry: Sendable {
    /// Upper bounds in seconds of the buckets of a duration, 1 ms to 30 s.
    package static let durationBuckets: [Double] = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
    ]

    private let seriesPerMetric: Int
    private let families = Mutex<[String: MetricFamily]>([:])

    package init(seriesPerMetric: Int = 256) {
        self.seriesPerMetric = seriesPerMetric
    }

    /// A number that only grows. The name is given without `_total`, which the text adds.
    package func counter(_ name: String, help: String = "", labels: [(String, String)] = []) -> PrometheusCounter {
        series(name, kind: .counter, help: help, labels: labels) { PrometheusCounter() }
    }

    /// A number that goes up and down, set by whoever knows it.
    package func gauge(_ name: String, help: String = "", labels: [(String, String)] = []) -> PrometheusGauge {
        series(name, kind: .gauge, help: help, labels: labels) { PrometheusGauge() }
    }

    /// A distribution over buckets.
    /// - Parameter buckets: upper bounds, ascending, without infinity.
    package func histogram(
        _ name: String, help: String = "", labels: [(String, String)] = [],
        buckets: [Double] = PrometheusRegistry.durationBuckets
    ) -> PrometheusHistogram {
        series(name, kind: .histogram, help: help, labels: labels) { PrometheusHistogram(buckets: buckets) }
    }

    /// A number that is asked for when the metrics are read, such as the connections of a pool. `nil` leaves it out.
    package func observe(
        _ name: String, help: String, labels: [(String, String)] = [], _ read: @escaping @Sendable () -> Double?
    ) {
        _ = series(name, kind: .gauge, help: help, labels: labels) { ObservedGauge(read) }
    }

    /// Like `observe`, for a number that only grows and that somebody else counts.
    package func observeCounter(
        _ name: String, help: String, labels: [(String, String)] = [], _ read: @escaping @Sendable () -> Double?
    ) {
        _ = series(name, kind: .counter, help: help, labels: labels) { ObservedGauge(read) }
    }

    /// The text that `GET /metrics` answers. Families and series stand in the order of their names.
    package func render() -> String {
        let snapshot = families.withLock { $0 }
        var text = ""
        for (name, family) in snapshot.sorted(by: { $0.key < $1.key }) {
            family.render(as: name, into: &text)
        }
        return text
    }

    private func series<Series: PrometheusSeries>(
        _ name: String, kind: MetricFamily.Kind, help: String, labels: [(String, String)], make: () -> Series
    ) -> Series {
        let name = PrometheusText.name(name)
        let labels = PrometheusText.labels(labels)
        return families.withLock { families in
            var family = families[name] ?? MetricFamily(kind: kind, help: help)
            if let known = family.series[labels] as? Series { return known }
            // A name that two callers use for two kinds: the first one stands, and the second counts for itself.
            guard family.kind == kind, family.series[labels] == nil else { return make() }
            let key = family.series.count < seriesPerMetric ? labels : PrometheusText.overflow
            if let known = family.series[key] as? Series { return known }
            let made = make()
            family.series[key] = made
            if family.help.isEmpty { family.help = help }
            families[name] = family
            return made
        }
    }
}

/// One metric with its series by labels.
struct MetricFamily: Sendable {
    enum Kind: String, Sendable {
        case counter
        case gauge
        case histogram
    }

    let kind: Kind
    var help: String
    /// By rendered labels, `route="/graphql",status="200"`.
    var series: [String: any PrometheusSeries] = [:]

    func render(as name: String, into text: inout String) {
        let shown = kind == .counter && !name.hasSuffix("_total") ? name + "_total" : name
        if !help.isEmpty { text += "# HELP \(shown) \(PrometheusText.help(help))\n" }
        text += "# TYPE \(shown) \(kind.rawValue)\n"
        for (labels, series) in series.sorted(by: { $0.key < $1.key }) {
            series.render(as: shown, labels: labels, into: &text)
        }
    }
}
