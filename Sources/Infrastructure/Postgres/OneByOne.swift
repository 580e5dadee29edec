import Synchronization

/// Things that are done one by one, in lines: those of one line in the order in which they came, and of one owner only a few
/// lines at a time, so that no owner takes all connections to the database. Lines take turns.
///
/// It is done in tasks of its own: that one of those who wait is cancelled takes nothing from the others. Whose turn has not
/// come by then is passed over; what has begun is brought to its end.
package final class OneByOne<Owner: Hashable & Sendable, Item: Sendable, Answer: Sendable>: Sendable {
    package typealias Work = @Sendable (Owner, Item) async throws -> Answer

    /// A place in a line.
    package final class Place: Sendable {
        fileprivate let item: Item
        fileprivate let isGivenUp = Atomic(false)
        private let outcome = AsyncStream.makeStream(of: Result<Answer, any Error>.self)

        fileprivate init(_ item: Item) { self.item = item }

        /// What became of it, for the one who asks first. Throws what the work threw, and `CancellationError` to one who is
        /// cancelled.
        package func answer() async throws -> Answer {
            for await outcome in outcome.stream { return try outcome.get() }
            isGivenUp.store(true, ordering: .relaxed)
            throw CancellationError()
        }

        fileprivate func end(_ result: Result<Answer, any Error>) {
            outcome.continuation.yield(result)
            outcome.continuation.finish()
        }
    }

    private struct Lines {
        /// A line is here as long as somebody stands in it or is being served.
        var places: [String: [Place]] = [:]
        /// Those at which nobody is being served, in the order of their turns.
        var open: [String] = []
        var servers = 0
    }

    private let atOnce: Int
    private let work: Work
    /// Of each owner who has any.
    private let all = Mutex<[Owner: Lines]>([:])

    /// - Parameter atOnce: lines of one owner that are served at a time, at least 1.
    package init(atOnce: Int, work: @escaping Work) {
        precondition(atOnce > 0, "somebody has to be served")
        self.atOnce = atOnce
        self.work = work
    }

    /// The lines of an owner in which something waits or is being done.
    package func lines(of owner: Owner) -> Set<String> {
        all.withLock { Set($0[owner]?.places.keys.map { $0 } ?? []) }
    }

    /// Puts each at the end of its line, in this order. Answers with their places.
    package func enter(_ entries: [(line: String, item: Item)], of owner: Owner) -> [Place] {
        let places = entries.map { Place($0.item) }
        guard !places.isEmpty else { return [] }
        let begun = all.withLock { all in
            var lines = all[owner] ?? Lines()
            for (entry, place) in zip(entries, places) {
                if lines.places[entry.line] == nil { lines.open.append(entry.line) }
                lines.places[entry.line, default: []].append(place)
            }
            let begun = max(min(atOnce, lines.places.count) - lines.servers, 0)
            lines.servers += begun
            all[owner] = lines
            return begun
        }
        for _ in 0..<begun { Task { await self.serve(owner) } }
        return places
    }

    private func serve(_ owner: Owner) async {
        while let (line, place) = next(of: owner) {
            let result: Result<Answer, any Error>
            if place.isGivenUp.load(ordering: .relaxed) {
                result = .failure(CancellationError())
            } else {
                do { result = .success(try await work(owner, place.item)) } catch { result = .failure(error) }
            }
            leave(line, of: owner)
            place.end(result)
        }
    }

    private func next(of owner: Owner) -> (line: String, place: Place)? {
        all.withLock { all in
            guard var lines = all[owner] else { return nil }
            guard !lines.open.isEmpty else {
                lines.servers -= 1
                // The last one leaves nothing behind: no line is open, and nobody is served.
                all[owner] = lines.servers > 0 ? lines : nil
                return nil
            }
            let line = lines.open.removeFirst()
            let place = lines.places[line]?.removeFirst()
            all[owner] = lines
            return place.map { (line, $0) }
        }
    }

    private func leave(_ line: String, of owner: Owner) {
        all.withLock { all in
            if all[owner]?.places[line]?.isEmpty ?? true {
                all[owner]?.places[line] = nil
            } else {
                all[owner]?.open.append(line)
            }
        }
    }
}
