/// How many calls of one account may run at once, and who waits for a place, first come first served.
package struct Slots: Sendable {
    package typealias WaiterID = Int

    package enum Admission: Sendable, Equatable {
        case go
        case wait
        case refuse
    }

    package enum Action: Sendable, Equatable {
        case none
        /// The place that became free is this waiter's.
        case resume(WaiterID)
    }

    private let concurrency: Int
    private let longestQueue: Int
    package private(set) var running = 0
    private var waiting: [WaiterID] = []

    /// `concurrency` at least 1.
    package init(concurrency: Int, longestQueue: Int) {
        precondition(concurrency >= 1)
        self.concurrency = concurrency
        self.longestQueue = longestQueue
    }

    /// Whether the next who enters may go.
    package var hasRoom: Bool { running < concurrency }

    package mutating func enter(_ id: WaiterID) -> Admission {
        if hasRoom {
            running += 1
            return .go
        }
        guard waiting.count < longestQueue else { return .refuse }
        waiting.append(id)
        return .wait
    }

    /// Somebody is done. The place goes on to the first who waits.
    package mutating func leave() -> Action {
        guard waiting.isEmpty else { return .resume(waiting.removeFirst()) }
        running -= 1
        return .none
    }

    /// False when it does not wait (any more): then the place is its own, and to be given back.
    package mutating func giveUp(_ id: WaiterID) -> Bool {
        guard let index = waiting.firstIndex(of: id) else { return false }
        waiting.remove(at: index)
        return true
    }
}
