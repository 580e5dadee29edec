import Testing
import Twilio

@Suite struct BackOffTests {
    private static let start = ContinuousClock.now
    private static let limits = BackOff.Limits(first: .seconds(1), longest: .seconds(8), patience: .seconds(60))

    @Test func `without a 429 everybody goes`() {
        let backOff = BackOff(Self.limits)
        #expect(backOff.admit(waitedFor: 0, jitter: 1, at: Self.start) == .go)
    }

    @Test(arguments: [0.0, 0.25, 1.0]) func `after one the calls are spread over the pause`(jitter: Double) {
        var backOff = BackOff(Self.limits)
        backOff.refused(retryAfter: nil, knew: 0, at: Self.start)
        let expected: BackOff.Admission = .sleep(until: Self.start + .seconds(1) * jitter)
        #expect(backOff.admit(waitedFor: 0, jitter: jitter, at: Self.start) == expected)
        #expect(backOff.admit(waitedFor: backOff.pause, jitter: jitter, at: Self.start) == .go, "it has waited")
        #expect(backOff.admit(waitedFor: 0, jitter: jitter, at: Self.start + .seconds(1)) == .go, "it is over")
    }

    @Test func `many 429s at once make one pause, and each in a row doubles it up to the longest`() {
        var backOff = BackOff(Self.limits)
        for seconds in [1, 2, 4, 8, 8] {
            let knew = backOff.pause
            for _ in 0..<50 { backOff.refused(retryAfter: nil, knew: knew, at: Self.start) }
            #expect(
                backOff.admit(waitedFor: knew, jitter: 1, at: Self.start)
                    == .sleep(until: Self.start + .seconds(seconds)))
        }
        backOff.answered(knew: backOff.pause)
        backOff.refused(retryAfter: nil, knew: backOff.pause, at: Self.start)
        #expect(backOff.admit(waitedFor: 0, jitter: 1, at: Self.start) == .sleep(until: Self.start + .seconds(1)))
    }

    @Test func `nobody goes before Retry-After, and nobody waits longer than patience`() {
        var backOff = BackOff(Self.limits)
        backOff.refused(retryAfter: .seconds(59), knew: 0, at: Self.start)
        #expect(backOff.admit(waitedFor: 0, jitter: 0, at: Self.start) == .sleep(until: Self.start + .seconds(59)))
        #expect(backOff.admit(waitedFor: 0, jitter: 1, at: Self.start) == .sleep(until: Self.start + .seconds(60)))
        backOff.refused(retryAfter: .seconds(90), knew: 1, at: Self.start)
        #expect(backOff.admit(waitedFor: 0, jitter: 0, at: Self.start) == .refuse(retryAfter: .seconds(90)))
    }
}
