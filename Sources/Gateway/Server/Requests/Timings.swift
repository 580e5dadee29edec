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
        var header = ""
        header.reserveCapacity(24 * marks.count)
        for (name, duration) in marks {
            if !header.isEmpty { header += ", " }
            header += name
            header += ";dur="
            header += Self.milliseconds(duration)
        }
        return header
    }

    /// With two decimals.
    static func milliseconds(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let hundredths = seconds * 100_000 + (attoseconds + 5_000_000_000_000) / 10_000_000_000_000
        let fraction = hundredths % 100
        return String(hundredths / 100) + (fraction < 10 ? ".0" : ".") + String(fraction)
    }
}
