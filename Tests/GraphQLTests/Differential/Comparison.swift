import Foundation
import GraphQL

/// A corpus with the verdicts of both sides.
struct Comparison: Sendable {
    let seed: UInt64
    let corpus: Corpus
    let own: [OwnVerdict]
    let answers: [Reference.Answer]

    /// One for all tests. `SWITCHBOARD_CORPUS_SEED` and `SWITCHBOARD_CORPUS_COUNT` ask for another corpus than usual.
    static let shared = Task {
        try await Comparison(seed: number("SEED") ?? 2025, count: Int(number("COUNT") ?? 3_000))
    }

    private static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment["SWITCHBOARD_CORPUS_\(name)"].flatMap { UInt64($0) }
    }

    private init(seed: UInt64, count: Int) async throws {
        self.seed = seed
        corpus = try Corpus(seed: seed, count: count)
        own = corpus.cases.map { OwnVerdict($0) }
        answers = try await Reference.answers(corpus, printed: own.map(\.printed))
    }

    struct Difference: Sendable, CustomStringConvertible {
        let item: Corpus.Case
        let own: Verdict
        let reference: Verdict
        let messages: [String]

        var description: String {
            """
            Document \(item.id) (\(item.origin), \(item.subject?.name ?? "type system")).
            Ours: \(own)
            graphql-core: \(reference)
            \(messages.map { "  \($0)" }.joined(separator: "\n"))
            \(item.text)
            """
        }
    }

    /// Where the two do not agree, and no deviation that is written down says why.
    ///
    /// - Parameter change: what becomes of ours first, for the test of the test.
    func differences(_ change: (OwnVerdict) -> OwnVerdict = { $0 }) -> [Difference] {
        corpus.cases.indices.compactMap { index in
            let (own, answer) = (change(own[index]), answers[index])
            guard own.verdict != answer.verdict, Deviation.index(explaining: own, answer) == nil else { return nil }
            return Difference(
                item: corpus.cases[index], own: own.verdict, reference: answer.verdict,
                messages: own.messages + ["–"] + answer.messages)
        }
    }

    func count(where condition: (Corpus.Case, OwnVerdict, Reference.Answer) -> Bool) -> Int {
        corpus.cases.indices.count { condition(corpus.cases[$0], own[$0], answers[$0]) }
    }
}
