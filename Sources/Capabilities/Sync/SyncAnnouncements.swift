package import JobQueue
package import Postgres
import QueryEngine

/// The kinds of job of this capability. The subject is a run.
package enum SyncJobs {
    package static let run: JobKind = "sync.run"
}

/// Tells workers and watchers, after a commit, that there is something for them. Nobody relies on it alone.
package struct SyncAnnouncements: Sendable {
    private let queue: WorkQueue
    private let announcer: Announcer

    package init(queue: WorkQueue, announcer: Announcer) {
        self.queue = queue
        self.announcer = announcer
    }

    /// Notes in the change feed that the organization's sync came further.
    static func note(in transaction: Transaction) async throws {
        guard let organization = transaction.organization else { return }
        try await Changes.record("sync", [organization.uuid], in: transaction)
    }

    package func syncQueued(for organization: OrganizationID) {
        queue.wake(SyncJobs.run)
        syncChanged(for: organization)
    }

    package func syncChanged(for organization: OrganizationID) {
        announcer.announce(channel: Changes.channel, payload: organization.description)
    }
}
