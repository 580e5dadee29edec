import Foundation
import Numbers
import Testing

@Suite struct SenderRotationTests {
    /// Ids in the order of their digits.
    static func id(_ index: Int) -> UUID {
        UUID(uuidString: "00000000-0000-4000-8000-0000000000" + (index < 10 ? "0\(index)" : "\(index)")) ?? UUID()
    }

    static func candidate(
        _ index: Int, country: String = "US", weight: Int = 1, turn: Double = 0, rests: Date? = nil
    ) -> SenderRotation.Candidate {
        SenderRotation.Candidate(
            id: id(index), number: "+1212555010\(index)", country: country, weight: weight, turn: turn,
            restsUntil: rests)
    }

    @Test(arguments: [[1, 1], [1, 1, 1, 1, 1], [1, 2, 3], [10, 1], [100, 1, 7]])
    func `over a day each number gets its share, to within five per cent`(weights: [Int]) {
        var rotation = SenderRotation(weights.enumerated().map { Self.candidate($0, weight: $1) })
        var counts: [UUID: Int] = [:]
        let messages = 20_000
        for _ in 0..<messages {
            if let picked = rotation.pick(country: "US", known: nil) { counts[picked.id, default: 0] += 1 }
        }
        let total = weights.reduce(0, +)
        for (index, weight) in weights.enumerated() {
            let share = Double(messages) * Double(weight) / Double(total)
            #expect(abs(Double(counts[Self.id(index)] ?? 0) - share) <= 0.05 * share)
        }
    }

    /// Contacts who keep their number upset the rotation, and it evens that out.
    @Test func `contacts that keep their number do not tilt it`() {
        var rotation = SenderRotation((0..<4).map { Self.candidate($0) })
        var counts: [UUID: Int] = [:]
        for index in 0..<10_000 {
            // Every third knows the first number.
            let known = index % 5 == 0 ? Self.id(0) : nil
            if let picked = rotation.pick(country: "US", known: known) { counts[picked.id, default: 0] += 1 }
        }
        for index in 0..<4 { #expect(abs((counts[Self.id(index)] ?? 0) - 2_500) <= 125) }
    }

    @Test func `a contact keeps its number, unless that rests or is gone`() {
        var rotation = SenderRotation([
            Self.candidate(0), Self.candidate(1, turn: 90), Self.candidate(2, rests: Date(timeIntervalSince1970: 9e9)),
        ])
        #expect(rotation.pick(country: "US", known: Self.id(1))?.id == Self.id(1))
        #expect(rotation.pick(country: "US", known: Self.id(2))?.id == Self.id(0))
        #expect(rotation.pick(country: "US", known: Self.id(7))?.id == Self.id(0))
    }

    @Test func `a number of the recipient's country goes before others`() {
        var rotation = SenderRotation([Self.candidate(0), Self.candidate(1, country: "GB", turn: 500)])
        #expect(rotation.pick(country: "GB", known: nil)?.id == Self.id(1))
        #expect(rotation.pick(country: "US", known: nil)?.id == Self.id(0))
        #expect(rotation.pick(country: "FR", known: nil)?.id == Self.id(0))
    }

    @Test func `when all rest, the one that may soonest send again sends`() {
        var rotation = SenderRotation([
            Self.candidate(0, rests: Date(timeIntervalSince1970: 9e9)),
            Self.candidate(1, rests: Date(timeIntervalSince1970: 8e9)),
        ])
        #expect(rotation.pick(country: "US", known: nil)?.id == Self.id(1))
        var none = SenderRotation([])
        #expect(none.pick(country: "US", known: nil) == nil)
    }

    @Test func `a number that is new or has rested catches up by little, and then takes its turn`() {
        var rotation = SenderRotation([Self.candidate(0, turn: 5_000), Self.candidate(1)])
        var run = 0
        while rotation.pick(country: "US", known: nil)?.id == Self.id(1) { run += 1 }
        #expect(run <= Int(SenderRotation.longestCatchingUp) + 1)
        #expect(run > 1)
    }
}
