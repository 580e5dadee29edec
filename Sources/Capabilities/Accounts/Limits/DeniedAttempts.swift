package import Audit
import Foundation
package import Logging
package import Postgres
import Synchronization

/// What was denied, written into the audit: bounded by address and in all, so that it is no way to fill the disk. What
/// goes beyond is counted in the log.
package final class DeniedAttempts: Sendable {
    private let database: Database
    private let limiter: RateLimiter
    private let limits: AccountLimits
    private let audit: AuditLog
    private let logger: Logger
    private let local = Mutex(Local())

    /// A first bound that costs nothing: a node does not ask the database about more than this in a minute.
    private struct Local {
        var minute = ContinuousClock.now
        var asked = 0
        var dropped = 0
    }

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
        let (mayAsk, dropped) = local.withLock { local -> (Bool, Int) in
            var dropped = 0
            if .now - local.minute > .seconds(60) {
                dropped = local.dropped
                local = Local()
            }
            local.asked += 1
            let mayAsk = local.asked <= Self.askedPerMinute
            if !mayAsk { local.dropped += 1 }
            return (mayAsk, dropped)
        }
        if dropped > 0 { logger.warning("denied attempts not audited", metadata: ["count": "\(dropped)"]) }
        guard mayAsk else { return }
        do {
            let wait = try await limiter.take(of: [
                RateLimiter.Bucket("denied:\(AddressGroup.name(of: event.source))", limits.denialsByAddress),
                RateLimiter.Bucket("denied", limits.denials),
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
