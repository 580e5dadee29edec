import Foundation
import Postgres
import Synchronization

/// The jobs of one kind in this process: how many more may run, and when to look for some.
final class Lane: Sendable {
    private struct State {
        var free: Int
        var running: [OrganizationID: Int] = [:]
        var stopping = false
    }

    let handler: JobHandler
    /// Rings when there may be work, when a job has ended, and when the worker stops.
    let bell = Bell()
    private let state: Mutex<State>

    init(_ handler: JobHandler) {
        self.handler = handler
        state = Mutex(State(free: handler.concurrency))
    }

    /// How many jobs may be claimed, and how many of one organization may run then: when only reserved places are free, they
    /// are for those of which few run.
    var room: (jobs: Int, ofOne: Int) {
        let free = state.withLock { $0.free }
        let open = free - handler.reserved
        return open > 0
            ? (open, handler.organizationConcurrency) : (free, min(Self.few, handler.organizationConcurrency))
    }

    private static let few = 4

    var isStopping: Bool { state.withLock { $0.stopping } }

    /// How many of each organization run.
    var running: [OrganizationID: Int] { state.withLock { $0.running } }

    func occupy(_ jobs: [ClaimedJob]) {
        state.withLock { state in
            state.free -= jobs.count
            for job in jobs { state.running[job.organization, default: 0] += 1 }
        }
    }

    func vacate(_ job: ClaimedJob) {
        state.withLock { state in
            state.free += 1
            let left = (state.running[job.organization] ?? 1) - 1
            state.running[job.organization] = left > 0 ? left : nil
        }
        bell.ring()
    }

    func stop() {
        state.withLock { $0.stopping = true }
        bell.ring()
    }
}
