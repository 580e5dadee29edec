import Postgres

/// What the carrier tells an organization, many at once when there are many: what is as expected is taken as a set, in one
/// transaction, and what the set leaves over goes one by one.
///
/// What is in one line keeps its order, from the moment at which it was handed in: what a set leaves over goes to the end of
/// its line, and a set leaves everything over whose line is not empty. Only a few lines of an organization are served at a
/// time, and no set waits for them.
struct Intake<Item: Sendable, Answer: Sendable>: Sendable {
    /// What a set makes of one.
    enum Share: Sendable {
        case taken(Answer)
        /// For the end of this line.
        case left(line: String)
    }

    /// Several, in their order, and the lines that are not empty. When the server refuses a statement of it, or stops one,
    /// nothing of it has happened, and all are left over.
    typealias Many = @Sendable (OrganizationID, [Item], Set<String>) async throws -> [Share]
    typealias One = @Sendable (OrganizationID, Item) async throws -> Answer

    private typealias Rest = OneByOne<OrganizationID, Item, Answer>

    private enum Outcome: Sendable {
        case taken(Answer)
        case waits(Rest.Place)
    }

    private let batcher: Batcher<OrganizationID, Item, Outcome>

    /// Lines of one organization that are served at a time: each has a connection to the database meanwhile.
    static var linesAtOnce: Int { 4 }

    /// - Parameters:
    ///   - line: that of an item, where a set has not told.
    ///   - pace: of sets, see `Batcher`.
    init(
        line: @escaping @Sendable (Item) -> String, pace: Duration = .zero, many: @escaping Many, one: @escaping One
    ) {
        let rest = Rest(atOnce: Self.linesAtOnce, work: one)
        // One set at a time, or what comes later could overtake what a set leaves over.
        batcher = Batcher(limit: 128, second: nil, pace: pace) { organization, items in
            let shares: [Share]
            do {
                shares = try await many(organization, items, rest.lines(of: organization))
            } catch let error as PostgresError where error.isRefusal {
                shares = items.map { .left(line: line($0)) }
            }
            var left: [(line: String, item: Item)] = []
            for case (.left(let line), let item) in zip(shares, items) { left.append((line, item)) }
            var places = rest.enter(left, of: organization).makeIterator()
            return shares.map { share in
                if case .taken(let answer) = share { return .taken(answer) }
                guard let place = places.next() else { preconditionFailure("each that is left has a place") }
                return .waits(place)
            }
        }
    }

    /// Who is cancelled before its turn is not taken, and what has begun is brought to its end all the same.
    func take(_ item: Item, of organization: OrganizationID) async throws -> Answer {
        switch try await batcher.submit(item, for: organization) {
        case .taken(let answer): answer
        case .waits(let place): try await place.answer()
        }
    }
}
