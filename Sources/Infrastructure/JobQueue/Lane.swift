import Foundation
import Synchronization

/// The jobs of one kind in this process: how many more may run, and when to look for some.
final class Lane: Sendable {
    private struct State {
        var free: Int
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

    var free: Int { state.withLock { $0.free } }

    var isStopping: Bool { state.withLock { $0.stopping } }

    func occupy(_ count: Int) { state.withLock { $0.free -= count } }

    func vacate() {
        state.withLock { $0.free += 1 }
        bell.ring()
    }

    func stop() {
        state.withLock { $0.stopping = true }
        bell.ring()
    }
}
