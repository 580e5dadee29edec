/// What one request spent its time on, for `Server-Timing` (W3C) in development.
struct Timings: Sendable {
    private let isOn: Bool
    private var last: ContinuousClock.Instant
    private var marks: [(name: String, duration: Duration)] = []

    init(isOn: Bool, since start: ContinuousClock.Instant) {
        self.isOn = isOn
        last = start
    }

    /// Ends a stage that began where the last one ended.
    mutating func mark(_ name: String) {
        guard isOn else { return }
        let now = ContinuousClock.now
        marks.append((name, now - last))
        last = now
    }

    /// `access;dur=0.31, execute;dur=2.04`, in milliseconds; `nil` where nothing is measured.
    var header: String? {
        guard isOn, !marks.isEmpty else { return nil }
        return marks.map { "\($0.name);dur=\(Self.milliseconds($0.duration))" }.joined(separator: ", ")
    }

    /// With two decimals.
    static func milliseconds(_ duration: Duration) -> String {
        let hundredths = Int((duration / .microseconds(10)).rounded())
        let fraction = String(hundredths % 100)
        return "\(hundredths / 100).\(fraction.count == 1 ? "0" + fraction : fraction)"
    }
}
