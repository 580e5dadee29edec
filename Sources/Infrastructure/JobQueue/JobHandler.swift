/// What to do with the jobs of one kind.
package struct JobHandler: Sendable {
    package let kind: JobKind
    /// How many jobs of the kind run at once in this process, at least 1.
    package let concurrency: Int
    package let backoff: Backoff
    /// How many of one organization run at once in this process.
    package let organizationConcurrency: Int
    /// How many of the `concurrency` places only those may take that have few: so that a single job of an organization finds
    /// one, also while several others are slow. Less than `concurrency`.
    package let reserved: Int
    /// Runs one job. Whatever it throws is a ``JobOutcome/retry(after:)``. It is cancelled when the job's lease is
    /// lost, since another worker may then run it, and must end soon after.
    package let run: @Sendable (ClaimedJob) async throws -> JobOutcome

    package init(
        _ kind: JobKind, concurrency: Int, organizationConcurrency: Int? = nil, reserved: Int = 0,
        backoff: Backoff = Backoff(),
        run: @escaping @Sendable (ClaimedJob) async throws -> JobOutcome
    ) {
        precondition(concurrency > 0, "a kind of job needs room for at least one")
        precondition((0..<concurrency).contains(reserved), "some places are for everybody")
        self.kind = kind
        self.concurrency = concurrency
        self.organizationConcurrency = max(1, min(organizationConcurrency ?? concurrency, concurrency))
        self.reserved = reserved
        self.backoff = backoff
        self.run = run
    }
}
