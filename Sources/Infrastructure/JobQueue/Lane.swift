import Foundation
import Postgres
import Synchronization

/// The jobs of one kind in this process: how many more may run, and when to look for some.
final class Lane: Sendable {
    private struct State {
        var free: Int
        var running: [OrganizationID: Int] = [:]
        var stopping = false
        /// Whether the last claim may have left something behind that waits for a place.
        var isShort = true
        /// Whether a place has become free since that claim began.
        var hasRoomSince = false
    }

    let handler: JobHandler
    /// Rings when there may be work, when a place has become free that something waits for, and when the worker stops.
    let bell = Bell()
    private let state: Mutex<State>

    init(_ handler: JobHandler) {
        self.handler = handler
        state = Mutex(State(free: handler.concurrency))
    }

    /// How many jobs may be claimed, and how many of one organization may run then: when only reserved places are free, they
    /// are for those of which few run.
    struct Room {
        let jobs: Int
        let ofOne: Int
    }

    /// A claim begins.
    func room() -> Room {
        let free = state.withLock { state in
            state.hasRoomSince = false
            return state.free
        }
        let open = free - handler.reserved
        return open > 0
            ? Room(jobs: open, ofOne: handler.organizationConcurrency)
            : Room(jobs: free, ofOne: min(Self.few, handler.organizationConcurrency))
    }

    private static let few = 4

    var isStopping: Bool { state.withLock { $0.stopping } }

    /// How many of each organization run.
    var running: [OrganizationID: Int] { state.withLock { $0.running } }

    /// What a claim took that had this room. When it had room for more, nothing is left that waits for a place: so a place that
    /// becomes free is no reason to look again, unless many come, of which there may be more by then.
    func occupy(_ jobs: [ClaimedJob], of room: Room) {
        let isMissed = state.withLock { state in
            state.free -= jobs.count
            for job in jobs { state.running[job.organization, default: 0] += 1 }
            state.isShort =
                jobs.count >= room.jobs || jobs.count > Self.few
                || state.running.values.contains { $0 >= room.ofOne }
            return state.isShort && state.hasRoomSince
        }
        if isMissed { bell.ring() }
    }

    /// - Parameter isGone: whether the job is in the queue no more; else it may be due again soon.
    func vacate(_ job: ClaimedJob, isGone: Bool) {
        let isAwaited = state.withLock { state in
            state.free += 1
            let left = (state.running[job.organization] ?? 1) - 1
            state.running[job.organization] = left > 0 ? left : nil
            state.hasRoomSince = true
            return state.isShort
        }
        if isAwaited || !isGone { bell.ring() }
    }

    func stop() {
        state.withLock { $0.stopping = true }
        bell.ring()
    }
}
