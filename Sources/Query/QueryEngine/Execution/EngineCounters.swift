import Synchronization

/// What the engine has done since its start, for metrics and for tests of what it does not do.
package struct EngineCounts: Sendable, Hashable {
    /// Documents that were parsed and validated.
    package let documents: Int
    /// Plans that were made, and turned into SQL.
    package let plans: Int
    /// Statements executed for subscriptions, beside the reading of the feed.
    package let feedRuns: Int
}

final class EngineCounters: Sendable {
    private let documents = Atomic(0)
    private let plans = Atomic(0)
    private let feedRuns = Atomic(0)

    func countDocument() { documents.add(1, ordering: .relaxed) }
    func countPlan() { plans.add(1, ordering: .relaxed) }
    func countFeedRun() { feedRuns.add(1, ordering: .relaxed) }

    var counts: EngineCounts {
        EngineCounts(
            documents: documents.load(ordering: .relaxed), plans: plans.load(ordering: .relaxed),
            feedRuns: feedRuns.load(ordering: .relaxed))
    }
}
