import Synchronization

/// Lets many tasks share one trip to the database, and one COMMIT. Who comes alone goes at once; who comes while a run for
/// the same key is under way waits for its end, and then all who waited go together; or for so many to come together that a
/// second run is worth it.
///
/// A run is a task of its own: that one of those who wait for it is cancelled takes nothing from the others. Who is cancelled
/// before its run has begun was never part of it; afterwards it hears what became of it all the same.
package final class Batcher<Key: Hashable & Sendable, Item: Sendable, Answer: Sendable>: Sendable {
    /// - Returns: the answers, in the order of the items.
    package typealias Run = @Sendable (Key, [Item]) async throws -> [Answer]

    private struct Waiter {
        let id: Int
        let item: Item
        let continuation: CheckedContinuation<Answer, any Error>
    }

    private struct Line {
        var waiting: [Waiter] = []
        var runs = 0
    }

    private let limit: Int
    private let second: Int?
    private let pace: Duration
    private let run: Run
    /// Of each key that has a run under way.
    private let lines = Mutex<[Key: Line]>([:])
    private let lastID = Atomic(0)

    /// - Parameters:
    ///   - limit: items of one run, at least 1.
    ///   - second: when so many wait, at least 1, a second run for the same key begins beside the first; `nil` for never.
    ///   - pace: from the beginning of a run to that of the next at the earliest, for what nobody waits for: where few come one
    ///     by one they go together, and who comes after a pause goes at once all the same. Not after a run of more than eight.
    ///   - run: all or nothing: when it throws, it has changed nothing. When it was the server that refused, or stopped
    ///     it, each item of it is run once more, alone, so that one does not fail the others.
    package init(limit: Int, second: Int? = nil, pace: Duration = .zero, run: @escaping Run) {
        precondition(limit > 0 && (second ?? 1) > 0, "a run needs room for at least one")
        self.limit = limit
        self.second = second
        self.pace = pace
        self.run = run
    }

    /// Answers with what the run made of the item, or throws what it threw; `CancellationError` when it never had a run.
    package func submit(_ item: Item, for key: Key) async throws -> Answer {
        let id = lastID.wrappingAdd(1, ordering: .relaxed).newValue
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                enter(Waiter(id: id, item: item, continuation: continuation), key)
            }
        } onCancel: {
            let waiter = lines.withLock { lines -> Waiter? in
                guard let index = lines[key]?.waiting.firstIndex(where: { $0.id == id }) else { return nil }
                return lines[key]?.waiting.remove(at: index)
            }
            waiter?.continuation.resume(throwing: CancellationError())
        }
    }

    private func enter(_ waiter: Waiter, _ key: Key) {
        let isBegun = lines.withLock { lines -> Bool? in
            // Looked at under the lock that a cancellation takes: it is seen here, or it sees the waiter.
            guard !Task.isCancelled else { return nil }
            lines[key, default: Line()].waiting.append(waiter)
            guard let line = lines[key], mayRun(line, beside: line.runs) else { return false }
            lines[key]?.runs += 1
            return true
        }
        guard let isBegun else {
            waiter.continuation.resume(throwing: CancellationError())
            return
        }
        guard isBegun else { return }
        Task {
            // Those who were woken together come together.
            await Task.yield()
            await self.drain(key)
        }
    }

    /// Whether a run may begin beside so many others.
    private func mayRun(_ line: Line, beside others: Int) -> Bool {
        switch others {
        case 0: !line.waiting.isEmpty
        case 1: second.map { line.waiting.count >= $0 } ?? false
        default: false
        }
    }

    /// One run after the other, until nobody waits, or those few who do are left to the other run.
    private func drain(_ key: Key) async {
        while true {
            let waiters = lines.withLock { lines -> [Waiter] in
                guard let line = lines[key] else { return [] }
                guard mayRun(line, beside: line.runs - 1) else {
                    // The last one leaves no line behind: nobody waits in it.
                    lines[key] = line.runs > 1 ? Line(waiting: line.waiting, runs: line.runs - 1) : nil
                    return []
                }
                let next = Array(line.waiting.prefix(limit))
                lines[key]?.waiting.removeFirst(next.count)
                return next
            }
            if waiters.isEmpty { return }
            let next = ContinuousClock.now + pace
            await answer(waiters, for: key)
            // Where many come, sets form by themselves, and somebody waits for each.
            if waiters.count <= 8, next > .now { try? await Task.sleep(until: next) }
        }
    }

    private func answer(_ waiters: [Waiter], for key: Key) async {
        do {
            let answers = try await run(key, waiters.map(\.item))
            precondition(answers.count == waiters.count, "a run answers each of its items")
            for (waiter, answer) in zip(waiters, answers) { waiter.continuation.resume(returning: answer) }
        } catch let error as PostgresError where error.isRefusal && waiters.count > 1 {
            for waiter in waiters { await answer([waiter], for: key) }
        } catch {
            for waiter in waiters { waiter.continuation.resume(throwing: error) }
        }
    }
}
