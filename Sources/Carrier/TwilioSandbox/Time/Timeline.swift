import FoundationEssentials

/// What will happen, ordered by instant and then by the order of scheduling (a binary heap).
struct Timeline: Sendable {
    enum Event: Sendable {
        /// A message reaches its next state.
        case advance(account: Int, messageSid: String)
        /// A delayed callback leaves.
        case release(WebhookCall)
        /// Something else of an account.
        case account(Int, AccountEvent)
    }

    private struct Entry {
        let due: Date
        let order: UInt64
        let event: Event

        func isBefore(_ other: Entry) -> Bool {
            due != other.due ? due < other.due : order < other.order
        }
    }

    private var heap: [Entry] = []
    private var scheduled: UInt64 = 0

    var nextDue: Date? { heap.first?.due }

    mutating func schedule(_ event: Event, at due: Date) {
        heap.append(Entry(due: due, order: scheduled, event: event))
        scheduled += 1
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].isBefore(heap[parent]) else { break }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes the first event that is due at `now`, with the instant that it was due at.
    mutating func popDue(_ now: Date) -> (event: Event, due: Date)? {
        guard let first = heap.first, first.due <= now else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            let left = 2 * parent + 1
            guard left < heap.count else { break }
            let right = left + 1
            let child = right < heap.count && heap[right].isBefore(heap[left]) ? right : left
            guard heap[child].isBefore(heap[parent]) else { break }
            heap.swapAt(child, parent)
            parent = child
        }
        return (first.event, first.due)
    }
}
