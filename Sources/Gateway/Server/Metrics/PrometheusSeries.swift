import Synchronization

/// One metric with one combination of labels.
protocol PrometheusSeries: AnyObject, Sendable {
    func render(as name: String, labels: String, into text: inout String)
}

/// A number that only grows.
package final class PrometheusCounter: PrometheusSeries {
    private let value = Mutex(0.0)

    package func increment(by amount: Double = 1) {
        value.withLock { $0 += max(amount, 0) }
    }

    func reset() {
        value.withLock { $0 = 0 }
    }

    func render(as name: String, labels: String, into text: inout String) {
        PrometheusText.line(name, labels, value.withLock { $0 }, into: &text)
    }
}

/// A number that goes up and down.
package final class PrometheusGauge: PrometheusSeries {
    private let value = Mutex(0.0)

    package func set(_ newValue: Double) {
        value.withLock { $0 = newValue }
    }

    package func add(_ amount: Double) {
        value.withLock { $0 += amount }
    }

    func render(as name: String, labels: String, into text: inout String) {
        PrometheusText.line(name, labels, value.withLock { $0 }, into: &text)
    }
}

/// A number that is asked for when the metrics are read.
final class ObservedGauge: PrometheusSeries {
    private let read: @Sendable () -> Double?

    init(_ read: @escaping @Sendable () -> Double?) {
        self.read = read
    }

    func render(as name: String, labels: String, into text: inout String) {
        if let value = read() { PrometheusText.line(name, labels, value, into: &text) }
    }
}

/// How often a value fell under each of some bounds, with sum and count.
package final class PrometheusHistogram: PrometheusSeries {
    private struct State {
        /// Per bucket, not cumulated; the last one is for what exceeds all bounds.
        var counts: [UInt64]
        var sum = 0.0
    }

    private let buckets: [Double]
    private let state: Mutex<State>

    init(buckets: [Double]) {
        self.buckets = buckets
        state = Mutex(State(counts: Array(repeating: 0, count: buckets.count + 1)))
    }

    package func record(_ value: Double) {
        let bucket = buckets.firstIndex { value <= $0 } ?? buckets.count
        state.withLock { state in
            state.counts[bucket] += 1
            state.sum += value
        }
    }

    func reset() {
        state.withLock { $0 = State(counts: Array(repeating: 0, count: buckets.count + 1)) }
    }

    func render(as name: String, labels: String, into text: inout String) {
        let (counts, sum) = state.withLock { ($0.counts, $0.sum) }
        var total: UInt64 = 0
        for (index, count) in counts.enumerated() {
            total += count
            let bound = index < buckets.count ? PrometheusText.number(buckets[index]) : "+Inf"
            let label = #"le="\#(bound)""#
            PrometheusText.line(
                name + "_bucket", labels.isEmpty ? label : "\(labels),\(label)", Double(total), into: &text)
        }
        PrometheusText.line(name + "_sum", labels, sum, into: &text)
        PrometheusText.line(name + "_count", labels, Double(total), into: &text)
    }
}
