import Testing
import Twilio

@Suite struct SlotsTests {
    @Test func `who comes when all places are taken waits in line, and is refused when the line is full`() {
        var slots = Slots(concurrency: 2, longestQueue: 2)
        let admissions = (0..<5).map { slots.enter($0) }
        #expect(admissions == [.go, .go, .wait, .wait, .refuse])
        #expect(slots.leave() == .resume(2))
        #expect(slots.enter(5) == .wait)
        let endings = (0..<4).map { _ in slots.leave() }
        #expect(endings == [.resume(3), .resume(5), .none, .none])
        #expect(slots.running == 0)
    }

    @Test func `who gives up leaves the line, and who has a place already has to give it back`() {
        var slots = Slots(concurrency: 1, longestQueue: 5)
        _ = (0..<3).map { slots.enter($0) }
        #expect(slots.giveUp(1) == true)
        #expect(slots.giveUp(1) == false)
        #expect(slots.leave() == .resume(2))
        #expect(slots.giveUp(2) == false)
        #expect(slots.leave() == .none)
        #expect(slots.running == 0)
    }

    @Test func `over any course of events no more run than may, and nobody is forgotten`() {
        var random = SplitMix(seed: 31)
        for _ in 0..<200 {
            let most = Int.random(in: 1...4, using: &random)
            var slots = Slots(concurrency: most, longestQueue: 6)
            var running: Set<Int> = []
            var line: [Int] = []
            for id in 0..<60 {
                switch Int.random(in: 0...3, using: &random) {
                case 0, 1:
                    switch slots.enter(id) {
                    case .go: running.insert(id)
                    case .wait: line.append(id)
                    case .refuse: #expect(line.count == 6)
                    }
                case 2:
                    guard let one = running.min() else { continue }
                    running.remove(one)
                    if case .resume(let next) = slots.leave() {
                        #expect(next == line.first)
                        line.removeFirst()
                        running.insert(next)
                    } else {
                        #expect(line.isEmpty)
                    }
                default:
                    guard let one = line.randomElement(using: &random) else { continue }
                    #expect(slots.giveUp(one) == true)
                    line.removeAll { $0 == one }
                }
                #expect(slots.running == running.count)
                #expect(running.count <= most)
            }
        }
    }
}
