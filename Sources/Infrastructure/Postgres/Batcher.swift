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

    /// Classes, since a copy of a struct whose types are only known at run time costs hundreds of instructions.
    private final class Waiter: Sendable {
        let id: Int
        let item: Item
        private let continuation: CheckedContinuation<Answer, any Error>

        init(id: Int, item: Item, continuation: CheckedContinuation<Answer, any Error>) {
            (self.id, self.item, self.continuation) = (id, item, continuation)
        }

        func resume(returning answer: Answer) { continuation.resume(returning: answer) }
        func resume(throwing error: any Error) { continuation.resume(throwing: error) }
    }

    /// Touched under the lock alone.
    private final class Line {
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
                guard let line = lines[key], let index = line.waiting.firstIndex(where: { $0.id == id }) else {
                    return nil
                }
                return line.waiting.remove(at: index)
            }
            waiter?.resume(throwing: CancellationError())
        }
    }

    private func enter(_ waiter: Waiter, _ key: Key) {
        let isBegun = lines.withLock { lines -> Bool? in
            // Looked at under the lock that a cancellation takes: it is seen here, or it sees the waiter.
            guard !Task.isCancelled else { return nil }
            let line: Line
            if let known = lines[key] {
                line = known
            } else {
                line = Line()
                lines[key] = line
            }
            line.waiting.append(waiter)
            guard mayRun(line, beside: line.runs) else { return false }
            line.runs += 1
            return true
        }
        guard let isBegun else {
            waiter.resume(throwing: CancellationError())
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
                    line.runs -= 1
                    // The last one leaves no line behind: nobody waits in it.
                    if line.runs == 0 { lines[key] = nil }
                    return []
                }
                let next = line.waiting
                guard next.count > limit else {
                    line.waiting = []
                    return next
                }
                line.waiting.removeFirst(limit)
                return Array(next.prefix(limit))
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
            let answers = try await run(key, waiters.map { $0.item })
            precondition(answers.count == waiters.count, "a run answers each of its items")
            for index in waiters.indices { waiters[index].resume(returning: answers[index]) }
        } catch let error as PostgresError where error.isRefusal && waiters.count > 1 {
            for waiter in waiters { await answer([waiter], for: key) }
        } catch {
            for waiter in waiters { waiter.resume(throwing: error) }
        }
    }
}
