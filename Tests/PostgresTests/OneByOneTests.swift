import Postgres
import Synchronization
import Testing

/// Lines that are served one by one.
struct OneByOneTests {
    /// What has begun, in its order; each waits until it is let go.
    private final class Desk: Sendable {
        private let waiting = Mutex<[String: CheckedContinuation<Void, Never>]>([:])
        private let begun = Mutex<[String]>([])

        var all: [String] { begun.withLock { $0 } }

        func serve(_ item: String) async {
            await withCheckedContinuation { continuation in
                waiting.withLock { $0[item] = continuation }
                begun.withLock { $0.append(item) }
            }
        }

        func letGo(_ item: String) async throws {
            let isWaiting = try await eventually { waiting.withLock { $0[item] != nil } }
            #expect(isWaiting, "\(item)")
            waiting.withLock { $0.removeValue(forKey: item) }?.resume()
        }

        func hasBegun(_ items: Set<String>) async throws -> Bool { try await eventually { Set(all) == items } }
    }

    private struct Refused: Error {}

    private static func enter(
        _ items: [String], _ lines: OneByOne<Int, String, String>, of owner: Int = 0
    ) -> [OneByOne<Int, String, String>.Place] {
        lines.enter(items.map { (line: String($0.prefix(1)), item: $0) }, of: owner)
    }

    @Test func `a line keeps its order, a few lines are served at a time, and they take turns`() async throws {
        let desk = Desk()
        let lines = OneByOne<Int, String, String>(atOnce: 2) { _, item in
            await desk.serve(item)
            return item.uppercased()
        }
        let places = Self.enter(["a1", "a2", "b1", "c1", "b2", "d1"], lines)
        #expect(try await desk.hasBegun(["a1", "b1"]))
        #expect(lines.lines(of: 0) == ["a", "b", "c", "d"])
        // Another owner has a few of its own.
        let others = Self.enter(["a3"], lines, of: 1)
        #expect(try await desk.hasBegun(["a1", "b1", "a3"]))
        try await desk.letGo("a1")
        #expect(try await desk.hasBegun(["a1", "b1", "a3", "c1"]))
        try await desk.letGo("c1")
        #expect(try await desk.hasBegun(["a1", "b1", "a3", "c1", "d1"]))
        for item in ["d1", "a2", "b1", "b2", "a3"] { try await desk.letGo(item) }
        var answers: [String] = []
        for place in places + others { answers.append(try await place.answer()) }
        #expect(answers == ["A1", "A2", "B1", "C1", "B2", "D1", "A3"])
        #expect(lines.lines(of: 0).isEmpty && lines.lines(of: 1).isEmpty)
        // And anew.
        let late = Self.enter(["a4"], lines)
        try await desk.letGo("a4")
        #expect(try await late[0].answer() == "A4")
    }

    @Test func `what fails fails alone, and its line goes on`() async throws {
        let lines = OneByOne<Int, String, String>(atOnce: 2) { _, item in
            if item == "a2" { throw Refused() }
            return item
        }
        let places = Self.enter(["a1", "a2", "a3", "b1"], lines)
        #expect(try await places[0].answer() == "a1")
        await #expect(throws: Refused.self) { try await places[1].answer() }
        #expect(try await places[2].answer() == "a3")
        #expect(try await places[3].answer() == "b1")
    }

    @Test func `who is cancelled before its turn is passed over, and what has begun goes on`() async throws {
        let desk = Desk()
        let lines = OneByOne<Int, String, String>(atOnce: 1) { _, item in
            await desk.serve(item)
            return item
        }
        let places = Self.enter(["a1", "a2", "a3"], lines)
        let waiting = places.map { place in Task { try await place.answer() } }
        #expect(try await desk.hasBegun(["a1"]))
        waiting[0].cancel()
        waiting[1].cancel()
        // Neither waits for what has begun.
        await #expect(throws: CancellationError.self) { try await waiting[0].value }
        await #expect(throws: CancellationError.self) { try await waiting[1].value }
        try await desk.letGo("a1")
        try await desk.letGo("a3")
        #expect(try await waiting[2].value == "a3")
        #expect(desk.all == ["a1", "a3"])
    }
}
