import Synchronization

/// Lets many tasks share one trip to the database, and one COMMIT. Who comes alone goes at once; who comes while a run for
/// the same key is under way waits for its end, and then all who waited go together.
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

    private let limit: Int
    private let run: Run
    /// Who waits, for each key whose runs have begun and not come to their end.
    private let waiting = Mutex<[Key: [Waiter]]>([:])
    private let lastID = Atomic(0)

    /// - Parameters:
    ///   - limit: items of one run, at least 1.
    ///   - run: all or nothing: when it throws, it has changed nothing. When it was the server that refused, each item of
    ///     it is run once more, alone, so that one does not fail the others.
    package init(limit: Int, run: @escaping Run) {
        precondition(limit > 0, "a run needs room for at least one")
        self.limit = limit
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
            let waiter = waiting.withLock { waiting -> Waiter? in
                guard let index = waiting[key]?.firstIndex(where: { $0.id == id }) else { return nil }
                return waiting[key]?.remove(at: index)
            }
            waiter?.continuation.resume(throwing: CancellationError())
        }
    }

    private func enter(_ waiter: Waiter, _ key: Key) {
        let isFirst = waiting.withLock { waiting -> Bool? in
            // Looked at under the lock that a cancellation takes: it is seen here, or it sees the waiter.
            guard !Task.isCancelled else { return nil }
            let isFirst = waiting[key] == nil
            waiting[key, default: []].append(waiter)
            return isFirst
        }
        guard let isFirst else {
            waiter.continuation.resume(throwing: CancellationError())
            return
        }
        guard isFirst else { return }
        Task {
            // Those who were woken together come together.
            await Task.yield()
            await self.drain(key)
        }
    }

    /// One run after the other, until nobody waits.
    private func drain(_ key: Key) async {
        while true {
            let waiters = waiting.withLock { waiting in
                let next = Array((waiting[key] ?? []).prefix(limit))
                if next.isEmpty { waiting[key] = nil } else { waiting[key]?.removeFirst(next.count) }
                return next
            }
            if waiters.isEmpty { return }
            await answer(waiters, for: key)
        }
    }

    private func answer(_ waiters: [Waiter], for key: Key) async {
        do {
            let answers = try await run(key, waiters.map(\.item))
            precondition(answers.count == waiters.count, "a run answers each of its items")
            for (waiter, answer) in zip(waiters, answers) { waiter.continuation.resume(returning: answer) }
        } catch let error as PostgresError where error.sqlState != nil && waiters.count > 1 {
            for waiter in waiters { await answer([waiter], for: key) }
        } catch {
            for waiter in waiters { waiter.continuation.resume(throwing: error) }
        }
    }
}
