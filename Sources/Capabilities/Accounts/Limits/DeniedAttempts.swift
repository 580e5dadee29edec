package import Audit
import Foundation
package import Logging
package import Postgres
import Synchronization

/// What was denied, written into the audit: bounded by address and in all, so that it is no way to fill the disk. What
/// goes beyond is counted in the log.
///
/// Tokens that nobody knows cost their sender nothing, so they have a bound of their own in all: however many come, and
/// from however many places, what else is denied is still written.
package final class DeniedAttempts: Sendable {
    private let database: Database
    private let limiter: RateLimiter
    private let limits: AccountLimits
    private let audit: AuditLog
    private let logger: Logger
    private let local = Mutex(Local())

    /// A first bound that costs nothing: a node does not ask the database about more than this in a minute, by address
    /// and by what shares a bound.
    private struct Local {
        var minute = ContinuousClock.now
        var asked: [String: Int] = [:]
        var dropped = 0

        /// Whether there is room in every one of these; then it is taken.
        mutating func take(_ bounds: [(name: String, most: Int)]) -> Bool {
            guard bounds.allSatisfy({ asked[$0.name, default: 0] < $0.most }) else { return false }
            for bound in bounds { asked[bound.name, default: 0] += 1 }
            return true
        }
    }

    private static let askedPerMinuteByAddress = 60
    private static let askedPerMinute = 600

    package init(
        database: Database, limiter: RateLimiter, limits: AccountLimits, audit: AuditLog, logger: Logger
    ) {
        self.database = database
        self.limiter = limiter
        self.limits = limits
        self.audit = audit
        self.logger = logger
    }

    /// Writes one that says `.refused`, or drops it. Never throws: what was denied stays denied.
    package func record(_ event: AuditEvent, of organization: OrganizationID = .platform) async {
        let address = "denied:\(AddressGroup.name(of: event.source))"
        let shared = event.action == "request.authenticate" ? "denied-tokens" : "denied"
        let (mayAsk, dropped) = local.withLock { local -> (Bool, Int) in
            var dropped = 0
            if .now - local.minute > .seconds(60) {
                dropped = local.dropped
                local = Local()
            }
            let mayAsk = local.take([(address, Self.askedPerMinuteByAddress), (shared, Self.askedPerMinute)])
            if !mayAsk { local.dropped += 1 }
            return (mayAsk, dropped)
        }
        if dropped > 0 { logger.warning("denied attempts not audited", metadata: ["count": "\(dropped)"]) }
        guard mayAsk else { return }
        do {
            let wait = try await limiter.take(of: [
                RateLimiter.Bucket(address, limits.denialsByAddress), RateLimiter.Bucket(shared, limits.denials),
            ])
            guard wait == nil else { return local.withLock { $0.dropped += 1 } }
            try await database.withTenant(organization, as: .edge) { transaction in
                try await audit.append(event, in: transaction)
            }
        } catch {
            logger.warning("a denied attempt could not be audited", metadata: ["action": "\(event.action)"])
        }
    }
}
