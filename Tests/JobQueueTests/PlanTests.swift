import Foundation
import JobQueue
import Postgres
import TestSupport
import Testing

/// A queue is empty whenever its statistics are taken, so its plans come from empty tables and are used on full ones.
@Suite struct PlanTests {
    private let organization = OrganizationID(first: 1)

    /// A queue over one connection for each role, and so over one plan for each statement.
    private struct Counted {
        let queue: WorkQueue
        let database: Database
        let fixture: QueueFixture

        static let tell = Statement("SELECT pg_stat_force_next_flush()")

        init(_ fixture: QueueFixture) {
            self.fixture = fixture
            database = Database(
                configuration: DatabaseConfiguration(
                    conninfo: fixture.testDatabase.conninfo, connections: [.queue: 1, .tenant: 1]),
                logger: QueueFixture.logger)
            queue = WorkQueue(
                database: database, announcer: Announcer(database: database, logger: QueueFixture.logger))
        }

        /// How many rows and index entries of `jobs` were read since the database was made.
        func read() async throws -> Int {
            for role in [DatabaseRole.queue, .tenant] {
                _ = try await database.withoutTenant(as: role) { try await $0.execute(Self.tell) }
            }
            return try #require(
                Int(
                    try await fixture.testDatabase.psql(
                        """
                        SELECT seq_tup_read + (SELECT sum(pg_stat_get_tuples_returned(indexrelid))
                            FROM pg_index WHERE indrelid = relid)
                        FROM pg_stat_user_tables WHERE relname = 'jobs'
                        """)))
        }

        func enqueue(_ count: Int, for organization: OrganizationID) async throws {
            try await database.withTenant(organization) { transaction in
                try await WorkQueue.enqueue(
                    fixture.kind, subjects: (0..<count).map { _ in UUID() }, in: transaction)
            }
        }

        func claim() async throws -> [ClaimedJob] {
            try await queue.claim(fixture.kind, limit: 10, lease: .seconds(60), after: .lowest).jobs
        }

        func finish(_ jobs: [ClaimedJob]) async throws {
            for job in jobs { _ = try await queue.settle(job, .done, backoff: Backoff()) }
        }
    }

    @Test func `what finishes jobs leaves no setting behind in its connection`() async throws {
        try await QueueFixture.with { fixture in
            let counted = Counted(fixture)
            let database = counted.database
            let setting = Statement("SELECT current_setting('synchronous_commit') AS setting")
            let before = try await database.query(as: .queue, setting).rows.first?.string("setting")
            try await counted.enqueue(3, for: organization)
            let jobs = try await counted.claim()
            #expect(jobs.count == 3)
            try await counted.finish(jobs)
            #expect(try await counted.claim().isEmpty)
            #expect(try await database.query(as: .queue, setting).rows.first?.string("setting") == before)
            #expect(before != "off")
            await database.close()
        }
    }

    @Test func `what was planned while nothing waited reads no more when thousands wait`() async throws {
        try await QueueFixture.with { fixture in
            // Whatever holds a snapshot of this database, an automatic ANALYZE of another table for one, keeps the entries of
            // finished jobs in the way of a claim. A transaction that is open all the while makes every run such a one.
            try await fixture.database.withoutTenant(as: .platform) { horizon in
                _ = try await horizon.execute(Statement("SELECT pg_current_xact_id()"))
                let counted = Counted(fixture)
                let (queue, database) = (counted.queue, counted.database)
                try await fixture.testDatabase.psql("ALTER TABLE jobs SET (autovacuum_enabled = off)")
                try await fixture.testDatabase.psql("VACUUM (ANALYZE) jobs")
                // More than the five times that PostgreSQL plans by the values.
                for _ in 0..<8 {
                    try await counted.enqueue(1, for: organization)
                    let jobs = try await counted.claim()
                    _ = try await queue.extend(jobs, lease: .seconds(60))
                    _ = try await queue.reclaimLost()
                    try await counted.finish(jobs)
                }
                try await counted.enqueue(5000, for: organization)

                let before = try await counted.read()
                let jobs = try await counted.claim()
                #expect(jobs.count == 10)
                let claimed = try await counted.read()
                #expect(claimed - before < 200)
                #expect(try await queue.extend(jobs, lease: .seconds(60)).extended.count == 10)
                let extended = try await counted.read()
                #expect(extended - claimed < 200)
                try await counted.finish(jobs)
                let finished = try await counted.read()
                #expect(finished - extended < 200)
                let lost = try await counted.claim()
                try await fixture.testDatabase.psql("UPDATE jobs SET lease_until = now() WHERE state = 'RUNNING'")
                let idle = try await counted.read()
                #expect(try await queue.reclaimLost() == [fixture.kind])
                #expect(try await counted.read() - idle < 200)
                #expect(lost.count == 10)
                await database.close()
            }
        }
    }
}
