package import CoreMetrics

/// swift-metrics in, Prometheus out. Units: timers come in nanoseconds and go out in seconds.
extension PrometheusRegistry: MetricsFactory {
    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        CountingHandler(counter(label, labels: dimensions))
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        CountingHandler(counter(label, labels: dimensions))
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        MeteringHandler(gauge(label, labels: dimensions))
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        if aggregate {
            RecordingHandler(histogram(label, labels: dimensions))
        } else {
            MeteringHandler(gauge(label, labels: dimensions))
        }
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        TimingHandler(histogram(label, labels: dimensions))
    }

    // A series stays: Prometheus takes one that vanishes and comes back at zero for a restart of the process.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}
}

private final class CountingHandler: CounterHandler, FloatingPointCounterHandler {
    private let counter: PrometheusCounter

    init(_ counter: PrometheusCounter) { self.counter = counter }

    func increment(by amount: Int64) { counter.increment(by: Double(amount)) }
    func increment(by amount: Double) { counter.increment(by: amount) }
    func reset() { counter.reset() }
}

private final class MeteringHandler: MeterHandler, RecorderHandler {
    private let gauge: PrometheusGauge

    init(_ gauge: PrometheusGauge) { self.gauge = gauge }

    func set(_ value: Int64) { gauge.set(Double(value)) }
    func set(_ value: Double) { gauge.set(value) }
    func increment(by amount: Double) { gauge.add(amount) }
    func decrement(by amount: Double) { gauge.add(-amount) }
    func record(_ value: Int64) { gauge.set(Double(value)) }
    func record(_ value: Double) { gauge.set(value) }
}

private final class RecordingHandler: RecorderHandler {
    private let histogram: PrometheusHistogram

    init(_ histogram: PrometheusHistogram) { self.histogram = histogram }

    func record(_ value: Int64) { histogram.record(Double(value)) }
    func record(_ value: Double) { histogram.record(value) }
}

private final class TimingHandler: TimerHandler {
    private let histogram: PrometheusHistogram

    init(_ histogram: PrometheusHistogram) { self.histogram = histogram }

    func recordNanoseconds(_ duration: Int64) { histogram.record(Double(duration) / 1e9) }
}
