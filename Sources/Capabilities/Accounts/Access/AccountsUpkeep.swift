import Logging
import ServiceLifecycle

/// What is done once a minute: last uses are written down, and counters that say nothing any more go.
package struct AccountsUpkeep: Service {
    let authenticator: Authenticator
    let limiter: RateLimiter
    let logger: Logger

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: .seconds(60))) != nil {
                await authenticator.noteUses()
                do {
                    try await limiter.sweep()
                } catch {
                    logger.warning("old counters could not be removed", metadata: ["reason": "\(error)"])
                }
            }
        }
        await authenticator.noteUses()
    }
}
