import FoundationEssentials

/// The carrier's time: the machine's or a stopped one, plus what tests added.
struct CarrierClock: Sendable {
    private let stoppedAt: Date?
    private var added: TimeInterval = 0
    /// How far it is wrong, in seconds.
    var skew: TimeInterval = 0

    init(_ mode: SandboxConfiguration.Clock) {
        switch mode {
        case .real: stoppedAt = nil
        case .stopped(let instant): stoppedAt = instant
        }
    }

    var now: Date { (stoppedAt ?? Date()).addingTimeInterval(added + skew) }

    /// Whether waiting brings an instant nearer.
    var isRunning: Bool { stoppedAt == nil }

    mutating func advance(by seconds: TimeInterval) { added += seconds }
}
