package import Accounts
package import Audit
package import Credentials
package import Curl
import Foundation
package import JobQueue
package import Logging
package import Messaging
package import Postgres
package import QueryEngine
import Sync
package import TestSupport
import Twilio
package import Vault

/// A whole Switchboard over a migrated database of its own and a carrier of its own, without a process around it.
package struct World: Sendable {
    package let data: TestDatabase
    package let database: Database
    package let listener: NotificationListener
    package let announcer: Announcer
    package let transport: HTTPTransport
    package let vault: KeyVault
    package let factory: TwilioClientFactory
    package let engine: Engine
    package let accounts: AccountDesk
    package let outbox: TestOutbox
    package let credentials: CredentialManager
    package let carrier: TestCarrier
    let desk: HookDesk
    package let hooks: HookURLs
    package let log: LogLines
    package let audit: AuditLog
    package let auditKey: PlatformKey
    let sender: MessageSender
    let settler: DoubtSettler
    let settlesDoubt: Bool
    let feeder: BulkFeeder
    let reconciler: Reconciler
    let runner: SyncRunner
    let fetcher: MediaFetcher
    let finder: MediaFinder
    let gatherer: InboundGatherer
    let redactor: Redactor
    package let links: MediaLinks
    let queue: WorkQueue

    package var keys: APIKeys { accounts.keys }
    package var authenticator: Authenticator { accounts.authenticator }
    package var organizations: Organizations { accounts.organizations }

    /// The platform key of a purpose, made on first use.
    package func platformKey(_ purpose: String) async throws -> PlatformKey {
        try await PlatformKeyStore.open(purpose: purpose, vault: vault, database: database)
    }

    package var logger: Logger { log.logger() }

    /// Runs workers for as long as `body` does.
    package func working<R: Sendable>(
        lease: Duration = .seconds(30), _ body: () async throws -> R
    ) async throws -> R {
        let group = RunningServices([worker(lease: lease)], logger: logger)
        return try await group.during(body)
    }

    /// What another process does beside this one, as long as `body` runs: it hands messages over, and has nothing but the
    /// database in common with this one's workers.
    package func workingElsewhere<R: Sendable>(_ body: () async throws -> R) async throws -> R {
        let credentials = CredentialManager(
            database: database, listener: listener, vault: vault,
            factory: TwilioClientFactory(
                transport: transport, endpoints: try TwilioEndpoints(base: carrier.url),
                traffic: TwilioTraffic(clock: carrier.clock)), audit: audit, logger: logger)
        let queue = WorkQueue(database: database, announcer: announcer)
        let sender = MessageSender(
            database: database, credentials: credentials,
            announcements: MessageAnnouncements(queue: queue, announcer: announcer), hooks: hooks)
        let worker = Worker(
            queue: queue, listener: listener,
            handlers: [JobHandler(MessageJobs.send, concurrency: 32, organizationConcurrency: 24, run: sender.handle)],
            configuration: .init(poll: .milliseconds(50), drain: .seconds(5)), logger: logger)
        return try await RunningServices([credentials, worker], logger: logger).during(body)
    }

    /// A worker that nobody runs yet.
    package func worker(lease: Duration = .seconds(30)) -> Worker {
        Worker(
            queue: queue, listener: listener,
            handlers: [
                JobHandler(MessageJobs.send, concurrency: 32, organizationConcurrency: 24, run: sender.handle),
                JobHandler(MessageJobs.bulk, concurrency: 4, organizationConcurrency: 2, run: feeder.handle),
                JobHandler(MessageJobs.redact, concurrency: 2, run: redactor.handle),
                JobHandler(MessageJobs.fetchMedia, concurrency: 4, run: fetcher.handle),
                JobHandler(MessageJobs.listMedia, concurrency: 2, run: finder.handle),
                JobHandler(MessageJobs.gather, concurrency: 2, run: gatherer.handle),
                JobHandler(SyncJobs.run, concurrency: 4, run: runner.handle),
                JobHandler(
                    PreviousTokens.job, concurrency: 2, run: PreviousTokens(database: database, audit: audit).handle),
            ] + (settlesDoubt ? settling : []),
            configuration: .init(lease: lease, poll: .milliseconds(50), drain: .seconds(5)), logger: logger)
    }

    private var settling: [JobHandler] {
        [
            JobHandler(MessageJobs.settleDoubt, concurrency: 4, run: settler.handle),
            JobHandler(MessageJobs.reconcile, concurrency: 4, run: reconciler.handle),
        ]
    }

    /// What the carrier has and has not reported about is overdue now.
    package func hurryReconciliation() async throws {
        try await data.psql("UPDATE message_checks SET check_at = now()")
        try await hurry("message.reconcile")
    }

    /// The waiting jobs of a kind, such as `message.send`, are due now, and no line of a sender is in their way.
    package func hurry(_ kind: String, clock ahead: Duration = .seconds(3600)) async throws {
        carrier.clock.hurry(by: ahead)
        if kind == "message.send" {
            try await data.psql(
                """
                UPDATE sender_lanes SET next_free_at = now();
                UPDATE messages SET turn_lines = 0, turn_at = NULL WHERE status = 'QUEUED' AND turn_lines > 0;
                """)
        }
        try await data.psql("UPDATE jobs SET run_at = now() WHERE kind = '\(kind)' AND state = 'AVAILABLE'")
    }

    /// Runs each bulk that is to be run, or will be, once and without a worker.
    package func feedBulks() async throws {
        try await hurry("message.bulk", clock: .zero)
        for job in try await queue.claim(MessageJobs.bulk, limit: 10, lease: .seconds(60), after: UUID()).jobs {
            _ = try await queue.settle(job, try await feeder.handle(job), backoff: Backoff())
        }
    }

    /// The only value of a query, as superuser.
    package func value(_ sql: String) async throws -> String { try await data.psql(sql) }

    package func count(_ table: String, where condition: String = "true") async throws -> Int {
        Int(try await value("SELECT count(*) FROM \(table) WHERE \(condition)")) ?? -1
    }

    /// Connections to its database that wait for a lock.
    package func lockWaiters() async throws -> Int {
        try await count("pg_stat_activity", where: "datname = current_database() AND wait_event_type = 'Lock'")
    }

    /// What another process has beside this one's: credentials over the same database, with leases of its own.
    package func makeCredentialManager() -> CredentialManager {
        CredentialManager(
            database: database, listener: listener, vault: vault, factory: factory, audit: audit, logger: logger)
    }
}
