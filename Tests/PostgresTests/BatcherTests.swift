import Postgres
import Synchronization
import TestSupport
import Testing

/// Many tasks, one trip.
struct BatcherTests {
    /// What the runs of a batcher were given, and a gate that the first of them waits at.
    private final class Runs: Sendable {
        let lots = Mutex<[[Int]]>([])
        let gate = AsyncStream.makeStream(of: Void.self)

        func take(_ items: [Int]) async -> Bool {
            let isFirst = lots.withLock { lots in
                lots.append(items)
                return lots.count == 1
            }
            if isFirst { for await _ in gate.stream { break } }
            return isFirst
        }

        var all: [[Int]] { lots.withLock { $0 } }

        func waitForFirst() async throws { try await wait(for: 1) }

        /// At most for ten seconds.
        func wait(for count: Int) async throws {
            for _ in 0..<5_000 where all.count < count { try await Task.sleep(for: .milliseconds(2)) }
        }
    }

    /// The first item is on its way when the others come; then it is let through.
    private func submit(
        _ count: Int, limit: Int, runs: Runs, run: @escaping @Sendable (Int, [Int]) async throws -> [Int]
    ) async throws -> [Result<Int, any Error>] {
        let batcher = Batcher(limit: limit, run: run)
        return try await withThrowingTaskGroup(of: (Int, Result<Int, any Error>).self) { group in
            @Sendable func ask(_ item: Int) async -> (Int, Result<Int, any Error>) {
                do { return (item, .success(try await batcher.submit(item, for: 0))) } catch {
                    return (item, .failure(error))
                }
            }
            group.addTask { await ask(0) }
            try await runs.waitForFirst()
            for item in 1..<count { group.addTask { await ask(item) } }
            try await Task.sleep(for: .milliseconds(50))
            runs.gate.continuation.yield()
            var answers: [Int: Result<Int, any Error>] = [:]
            for try await (item, answer) in group { answers[item] = answer }
            return (0..<count).compactMap { answers[$0] }
        }
    }

    @Test func `who comes while a run is under way goes with the next, each with its own answer`() async throws {
        let runs = Runs()
        let answers = try await submit(10, limit: 100, runs: runs) { _, items in
            _ = await runs.take(items)
            return items.map { $0 * 10 }
        }
        #expect(runs.all.map(\.count) == [1, 9])
        #expect(try answers.map { try $0.get() } == (0..<10).map { $0 * 10 })
    }

    @Test func `a run has at most as many items as it may`() async throws {
        let runs = Runs()
        let answers = try await submit(10, limit: 4, runs: runs) { _, items in
            _ = await runs.take(items)
            return items
        }
        #expect(runs.all.map(\.count) == [1, 4, 4, 1])
        #expect(try answers.map { try $0.get() } == Array(0..<10))
    }

    @Test func `when enough wait, a second run begins beside the first, and no third`() async throws {
        let runs = Runs()
        let seconds = AsyncStream.makeStream(of: Void.self)
        let batcher = Batcher<Int, Int, Int>(limit: 10, second: 3) { _, items in
            if await runs.take(items) { return items }
            if items.contains(1) { for await _ in seconds.stream { break } }
            return items
        }
        let answers = try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask { try await batcher.submit(0, for: 0) }
            try await runs.waitForFirst()
            // Two are not enough.
            for item in 1...2 { group.addTask { try await batcher.submit(item, for: 0) } }
            try await Task.sleep(for: .milliseconds(50))
            #expect(runs.all == [[0]])
            group.addTask { try await batcher.submit(3, for: 0) }
            try await runs.wait(for: 2)
            #expect(runs.all.map { Set($0) } == [[0], [1, 2, 3]])
            // Both are under way: however many come now, they wait.
            for item in 4...9 { group.addTask { try await batcher.submit(item, for: 0) } }
            try await Task.sleep(for: .milliseconds(50))
            #expect(runs.all.count == 2)
            runs.gate.continuation.yield()
            try await runs.wait(for: 3)
            #expect(runs.all.last.map { Set($0) } == [4, 5, 6, 7, 8, 9])
            // Who comes alone is left to the run that is under way.
            group.addTask { try await batcher.submit(10, for: 0) }
            try await Task.sleep(for: .milliseconds(50))
            #expect(runs.all.count == 3)
            seconds.continuation.yield()
            return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
        }
        #expect(answers == Set(0...10))
        #expect(runs.all.last == [10])
        // Nothing is left behind: who comes alone goes at once.
        #expect(try await batcher.submit(11, for: 0) == 11)
    }

    @Test func `where runs keep a pace, who comes first goes at once, and those after it together`() async throws {
        let runs = Runs()
        runs.gate.continuation.yield()
        let batcher = Batcher<Int, Int, Int>(limit: 10, pace: .seconds(1)) { _, items in
            _ = await runs.take(items)
            return items
        }
        #expect(try await batcher.submit(0, for: 0) == 0)
        let answers = try await withThrowingTaskGroup(of: Int.self) { group in
            for item in 1...3 {
                group.addTask { try await batcher.submit(item, for: 0) }
                try await Task.sleep(for: .milliseconds(20))
            }
            return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
        }
        #expect(answers == [1, 2, 3])
        #expect(runs.all.map(Set.init) == [[0], [1, 2, 3]])
    }

    @Test func `runs for different keys do not wait for each other`() async throws {
        let runs = Runs()
        let batcher = Batcher<Int, Int, Int>(limit: 10) { key, items in
            if key == 0 { _ = await runs.take(items) }
            return items
        }
        async let held = batcher.submit(1, for: 0)
        try await runs.waitForFirst()
        #expect(try await batcher.submit(2, for: 1) == 2)
        runs.gate.continuation.yield()
        #expect(try await held == 1)
    }

    @Test(arguments: [PostgresError.Code.server(sqlState: "23505"), .timedOut])
    func `what the server refuses for one, or stops, does not fail the others`(code: PostgresError.Code) async throws {
        let runs = Runs()
        let answers = try await submit(6, limit: 100, runs: runs) { _, items in
            _ = await runs.take(items)
            if items.contains(3) { throw PostgresError(code, "not with it") }
            return items
        }
        #expect(runs.all.map(\.count) == [1, 5, 1, 1, 1, 1, 1])
        #expect(answers.map { (try? $0.get()) != nil } == [true, true, true, false, true, true])
    }

    @Test func `when the connection is lost nobody is tried again, since some of it may have happened`() async throws {
        let runs = Runs()
        let answers = try await submit(6, limit: 100, runs: runs) { _, items in
            let isFirst = await runs.take(items)
            if !isFirst { throw PostgresError(.connectionLost, "gone") }
            return items
        }
        #expect(runs.all.map(\.count) == [1, 5])
        #expect(answers.map { (try? $0.get()) != nil } == [true, false, false, false, false, false])
    }

    @Test func `who is cancelled while it waits has no run, and takes nothing from the others`() async throws {
        let runs = Runs()
        let batcher = Batcher<Int, Int, Int>(limit: 10) { _, items in
            _ = await runs.take(items)
            try Task.checkCancellation()
            return items
        }
        let first = Task { try await batcher.submit(0, for: 0) }
        try await runs.waitForFirst()
        let second = Task { try await batcher.submit(1, for: 0) }
        let third = Task { try await batcher.submit(2, for: 0) }
        try await Task.sleep(for: .milliseconds(20))
        first.cancel()
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        runs.gate.continuation.yield()
        // Its run had begun: it hears what became of it.
        #expect(try await first.value == 0)
        #expect(try await third.value == 2)
        #expect(runs.all == [[0], [2]])
        let late = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await batcher.submit(3, for: 0)
        }
        late.cancel()
        await #expect(throws: CancellationError.self) { try await late.value }
        #expect(runs.all == [[0], [2]])
    }
}
