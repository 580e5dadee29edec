package import Foundation

/// Which of an organization's numbers sends next, as a pure decision over what the database holds.
///
/// A contact keeps the number it knows. Otherwise a number of the recipient's country goes before others, one that rests
/// is passed over while any other can send, and among those left the one whose `turn` is lowest sends: a weighted
/// round-robin, since each message moves the turn on by 1 / weight.
package struct SenderRotation: Sendable {
    package struct Candidate: Sendable, Equatable {
        package let id: UUID
        package let number: String
        /// ISO 3166-1 alpha-2.
        package let country: String
        /// 1 to 100.
        package let weight: Int
        package fileprivate(set) var turn: Double
        /// Whether it had one before.
        package let hasTurn: Bool
        /// Nil when it does not rest.
        package let restsUntil: Date?

        /// - Parameter turn: nil when it never had one.
        package init(id: UUID, number: String, country: String, weight: Int, turn: Double?, restsUntil: Date?) {
            self.id = id
            self.number = number
            self.country = country
            self.weight = weight
            self.turn = turn ?? 0
            hasTurn = turn != nil
            self.restsUntil = restsUntil
        }
    }

    /// By how much a turn moved, and below what it may not stay.
    package struct Move: Sendable, Equatable {
        package fileprivate(set) var floor: Double
        package fileprivate(set) var by: Double
    }

    package private(set) var candidates: [Candidate]
    /// What to write down, by number.
    package private(set) var moves: [UUID: Move] = [:]

    /// How far behind the others a number may be, in turns: one that is new, or has rested, catches up by at most this
    /// much, so that it does not get all messages for a while.
    package static let longestCatchingUp = 20.0

    package init(_ candidates: [Candidate]) {
        self.candidates = candidates
    }

    /// The number that sends to a recipient in `country`; `nil` when there is none at all.
    /// - Parameter known: the number that the contact knows.
    package mutating func pick(country: String, known: UUID?) -> Candidate? {
        guard let index = choice(country: country, known: known) else { return nil }
        let others = candidates.indices.filter { $0 != index && candidates[$0].restsUntil == nil }
        let floor = (others.map { candidates[$0].turn }.min() ?? 0) - Self.longestCatchingUp
        let step = 1 / Double(max(1, candidates[index].weight))
        candidates[index].turn = max(candidates[index].turn, floor) + step
        var move = moves[candidates[index].id] ?? Move(floor: floor, by: 0)
        move.by += step
        moves[candidates[index].id] = move
        return candidates[index]
    }

    private func choice(country: String, known: UUID?) -> Int? {
        let awake = candidates.indices.filter { candidates[$0].restsUntil == nil }
        // Everything rests: the one that has rested longest has to do.
        guard !awake.isEmpty else {
            return candidates.indices.min {
                (candidates[$0].restsUntil ?? .distantPast) < (candidates[$1].restsUntil ?? .distantPast)
            }
        }
        if let known, let index = awake.first(where: { candidates[$0].id == known }) { return index }
        let near = awake.filter { candidates[$0].country == country }
        return (near.isEmpty ? awake : near).min {
            let (left, right) = (candidates[$0], candidates[$1])
            return (left.turn, left.id) < (right.turn, right.id)
        }
    }
}
