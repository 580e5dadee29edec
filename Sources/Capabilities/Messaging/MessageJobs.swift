package import JobQueue
package import Postgres
import QueryEngine

/// The kinds of job of this capability. The subject of each is a message, unless it says otherwise.
package enum MessageJobs {
    package static let send: JobKind = "message.send"
    /// Messages that a process sends at once, and how many of these may be one organization's: as many as its account may
    /// have calls under way (`TwilioTraffic.Limits.concurrency`), about as many that are just being begun or written down, and
    /// some that wait for a call, so that none of the account's places is empty. All of these fit into the account's queue.
    package static let sendsAtOnce = 320
    package static let sendsAtOnceOfOne = 224
    /// Of these places, those that are kept for organizations with few messages under way.
    package static let sendsReserved = 32
    /// Messages that go together in one transaction; and how many have to wait for a second such transaction to be begun beside
    /// the first. A second look is short, and few are let to it at a time (`TwilioTraffic.Limits.looksAtOnce`).
    static let largestSet = 120
    static let secondSet = 32
    static let secondLooks = 8
    package static let settleDoubt: JobKind = "message.settle_doubt"
    /// Of a bulk.
    package static let bulk: JobKind = "message.bulk"
    /// Of a credential.
    package static let reconcile: JobKind = "message.reconcile"
    /// Of a credential.
    package static let gather: JobKind = "message.gather"
    /// Its subject is the organization.
    package static let redact: JobKind = "message.redact"
    /// Its subject is a file of a message.
    package static let fetchMedia: JobKind = "media.fetch"
    /// Of a message whose webhook was lost.
    package static let listMedia: JobKind = "media.list"
}

/// Tells workers and watchers, after a commit, that there is something for them. Nobody relies on it alone.
package struct MessageAnnouncements: Sendable {
    private let queue: WorkQueue
    private let announcer: Announcer

    package init(queue: WorkQueue, announcer: Announcer) {
        self.queue = queue
        self.announcer = announcer
    }

    package func messageQueued(for organization: OrganizationID) {
        queue.wake(MessageJobs.send)
        messageChanged(for: organization)
    }

    package func messageRedacted(for organization: OrganizationID) {
        queue.wake(MessageJobs.redact)
        messageChanged(for: organization)
    }

    package func mediaArrived(for organization: OrganizationID) {
        queue.wake(MessageJobs.fetchMedia)
        messageChanged(for: organization)
    }

    package func messageDoubted(for organization: OrganizationID) {
        queue.wake(MessageJobs.settleDoubt)
        messageChanged(for: organization)
    }

    package func bulkChanged(for organization: OrganizationID) {
        queue.wake(MessageJobs.bulk)
        messageQueued(for: organization)
    }

    package func messageChanged(for organization: OrganizationID) {
        announcer.announce(channel: Changes.channel, payload: organization.description)
    }
}
