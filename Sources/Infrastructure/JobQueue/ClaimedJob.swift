package import Foundation
package import Postgres

/// A job that this process runs until its lease ends. It names a subject and holds no content.
package struct ClaimedJob: Sendable, Hashable {
    package let id: Int64
    package let kind: JobKind
    package let organization: OrganizationID
    /// What to look at: a message, an import, a credential; which, the kind tells.
    package let subject: UUID
    /// 1 for the first run, and one more for each run after a failure or a lost lease.
    package let attempt: Int
    /// Fresh for each claim, so that a claim whose lease was lost can change nothing, not even when the same worker
    /// has claimed the job again.
    package let leaseOwner: UUID
}

/// What a handler makes of a job.
package enum JobOutcome: Sendable, Equatable {
    /// Nothing is left to do for this subject. If work for it was enqueued in the meantime, the job runs once more.
    case done
    /// There is more to do, and this run went well: run again after the time given, as a first attempt.
    case again(after: Duration = .zero)
    /// This run failed for a reason that may pass: run again after the time given, or as the backoff says.
    case retry(after: Duration? = nil)
}

/// What became of a job in the queue.
package enum JobSettlement: Sendable, Equatable {
    /// The job is gone.
    case deleted
    /// The job waits to run again.
    case available
    /// The lease was lost, so nothing was changed.
    case leaseLost
}
