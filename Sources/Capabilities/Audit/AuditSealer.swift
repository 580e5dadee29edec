import Foundation
package import Logging
package import Postgres
import ServiceLifecycle
import Synchronization
package import Vault

/// Chains what was committed to the log, for each organization apart. It runs on every node; whichever comes first
/// seals, and an interrupted one leaves what it had taken to the next.
package final class AuditSealer: Service, Sendable {
    /// How often it looks. An event is sealed within a second of its commit.
    private static let interval = Duration.milliseconds(250)

    private let database: Database
    private let key: AuditKey
    private let logger: Logger
    /// How many rounds in a row another sealer seemed to be faster.
    private let overtaken = Mutex<[OrganizationID: Int]>([:])

    package init(database: Database, key: PlatformKey, logger: Logger) {
        self.database = database
        self.key = AuditKey(key)
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await self.sealAll()
                } catch {
                    self.logger.warning("the audit log is not sealed", metadata: ["reason": "\(error)"])
                }
                try? await Task.sleep(for: Self.interval)
            }
        }
        // What the last requests wrote. If this fails too, another node or the next start seals it.
        try? await sealAll()
    }

    /// Seals everything that is committed now.
    package func sealAll() async throws {
        while try await sealRound() {}
    }

    /// One batch of each organization that has something to seal, so that a busy one delays no other; neither does one
    /// with whose log something is wrong.
    /// - Returns: whether more is left.
    private func sealRound() async throws -> Bool {
        let waiting = try await database.query(as: .queue, AuditQueries.waiting)
        var isMoreLeft = false
        var problem: (any Error)?
        for row in waiting.rows {
            let organization = OrganizationID(try row.requireUUID("org_id"))
            do {
                if try await seal(organization) { isMoreLeft = true }
                overtaken.withLock { $0[organization] = nil }
            } catch let error as PostgresError where error.isUniqueViolation {
                // Another node sealed other rows of it at the same moment; it or the next round takes these.
                noteOvertaken(organization)
            } catch {
                problem = error
            }
        }
        if let problem { throw problem }
        return isMoreLeft
    }

    /// Another node cannot be faster for ever: every 20th time in a row, which is after five seconds, it is said.
    private func noteOvertaken(_ organization: OrganizationID) {
        let times = overtaken.withLock { overtaken in
            overtaken[organization, default: 0] += 1
            return overtaken[organization, default: 0]
        }
        guard times.isMultiple(of: 20) else { return }
        logger.error(
            "The audit log of an organization cannot be sealed: its seals and what waits contradict each other.",
            metadata: ["organization": "\(organization)", "rounds": "\(times)"])
    }

    /// Seals one batch.
    /// - Returns: whether it was a full one.
    private func seal(_ organization: OrganizationID) async throws -> Bool {
        try await database.withTenant(organization, as: .vault) { transaction in
            let tenant = PostgresValue.organization(organization)
            let putBack = try await transaction.execute(AuditQueries.dropSealed, [tenant])
            if putBack.count > 0 {
                logger.error(
                    "Events that are sealed waited to be sealed: somebody changed the database.",
                    metadata: ["organization": "\(organization)", "count": "\(putBack.count)"])
            }
            let taken = try await transaction.execute(AuditQueries.take, [tenant])
            guard taken.count > 0 else { return false }
            let ids = try taken.rows.map { try $0.requireUUID("event_id") }
            // A new statement, so it sees what the sealer that was waited for has sealed.
            let head = try await transaction.execute(AuditQueries.head, [tenant]).rows.first
            var position = Int64(try head?.requireInt("position") ?? 0)
            var link = try head?.requireBytes("link") ?? AuditKey.beginning
            var positions: [Int64] = []
            var events: [UUID] = []
            var links: [String] = []
            for row in try await transaction.execute(AuditQueries.macs, [tenant, .uuids(ids)]).rows {
                let event = try row.requireUUID("id")
                position += 1
                link = key.link(
                    after: link, position: position, organization: organization.uuid, event: event,
                    mac: row.bytes("mac") ?? [])
                positions.append(position)
                events.append(event)
                links.append(link.hexadecimal)
            }
            _ = try await transaction.execute(
                AuditQueries.seal, [tenant, .ints(positions), .uuids(events), .texts(links)])
            return taken.count == AuditQueries.batch
        }
    }
}
