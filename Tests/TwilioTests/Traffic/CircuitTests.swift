import Testing
import Twilio

@Suite struct CircuitTests {
    private static let start = ContinuousClock.now
    private static let limits = Circuit.Limits(failures: 3, firstPause: .seconds(10), longestPause: .seconds(30))

    private static func opened() -> Circuit {
        var circuit = Circuit(limits)
        for _ in 0..<3 { _ = circuit.record(.failed, at: start) }
        return circuit
    }

    @Test func `failures in a row open it, and that is said once`() {
        var circuit = Circuit(Self.limits)
        #expect(circuit.record(.failed, at: Self.start) == .none)
        #expect(circuit.record(.failed, at: Self.start) == .none)
        #expect(circuit.isClosed)
        #expect(circuit.record(.failed, at: Self.start) == .announceOpening)
        #expect(circuit.record(.failed, at: Self.start) == .none)
        #expect(circuit.admit(at: Self.start + .seconds(4)) == .refuse(retryAfter: .seconds(6)))
    }

    @Test func `negative control: with the limit out of reach it never opens`() {
        var circuit = Circuit(.init(failures: .max, firstPause: .seconds(10), longestPause: .seconds(30)))
        for _ in 0..<1000 { #expect(circuit.record(.failed, at: Self.start) == .none) }
        #expect(circuit.admit(at: Self.start) == .go)
    }

    @Test func `one success in between begins the count anew`() {
        var circuit = Circuit(Self.limits)
        for event in [Circuit.Event.failed, .failed, .succeeded, .failed, .learnedNothing, .failed] {
            #expect(circuit.record(event, at: Self.start) == .none)
        }
        #expect(circuit.isClosed)
    }

    @Test func `after the pause one call goes and the others wait for what it finds`() {
        var circuit = Self.opened()
        let later = Self.start + .seconds(10)
        #expect(circuit.admit(at: later) == .go)
        #expect(circuit.admit(at: later) == .refuse(retryAfter: .seconds(10)))
        #expect(circuit.record(.succeeded, at: later) == .none)
        #expect(circuit.admit(at: later) == .go)
        #expect(circuit.isClosed)
    }

    @Test func `a probe that fails doubles the pause, up to the longest`() {
        var circuit = Self.opened()
        var now = Self.start + .seconds(10)
        for pause in [20, 30, 30] {
            #expect(circuit.admit(at: now) == .go)
            #expect(circuit.record(.failed, at: now) == .none)
            #expect(circuit.admit(at: now) == .refuse(retryAfter: .seconds(pause)))
            now += .seconds(pause)
        }
    }

    @Test func `a probe that learned nothing lets the next one go at once`() {
        var circuit = Self.opened()
        let later = Self.start + .seconds(10)
        #expect(circuit.admit(at: later) == .go)
        _ = circuit.record(.learnedNothing, at: later)
        #expect(circuit.admit(at: later) == .go)
    }
}
