import Foundation
import Glibc
import Synchronization

/// A place in the sending of messages at which a process can be made to die, so that what a kill leaves there is tested and
/// not hoped for. `SWITCHBOARD_FAILPOINT=post.after:3` kills the process when it comes there for the third time. Only in
/// builds for debugging: an optimized binary has none.
enum Failpoint: String, CaseIterable {
    case beforeAttemptCommits = "attempt.before-commit"
    case afterAttemptCommits = "attempt.after-commit"
    case beforePost = "post.before"
    case afterPost = "post.after"
    case beforeOutcomeCommits = "outcome.before-commit"
    case afterOutcomeCommits = "outcome.after-commit"
    case beforeChunkCommits = "chunk.before-commit"
    case afterChunkCommits = "chunk.after-commit"

    #if DEBUG
        private final class Trap: Sendable {
            let point: Failpoint
            let left: Mutex<Int>

            init?(_ setting: String?) {
                let parts = (setting ?? "").split(separator: ":")
                guard let name = parts.first, let point = Failpoint(rawValue: String(name)) else { return nil }
                self.point = point
                left = Mutex(parts.count > 1 ? Int(parts[1]) ?? 1 : 1)
            }
        }

        private static let trap = Trap(ProcessInfo.processInfo.environment["SWITCHBOARD_FAILPOINT"])

        static func reach(_ point: Failpoint) {
            guard let trap, trap.point == point else { return }
            let isDue = trap.left.withLock { left in
                left -= 1
                return left == 0
            }
            if isDue { kill(getpid(), SIGKILL) }
        }
    #else
        static func reach(_ point: Failpoint) {}
    #endif
}
