import Foundation
import JobQueue
import Postgres
import TestSupport
import Testing

/// Jobs are finished together, but not those of everybody.
@Suite struct ShardTests {
    @Test func `where one organization's job hangs, not everybody's do`() async throws {
        try await QueueFixture.with { fixture in
            let organizations = (1...25).map { OrganizationID(first: $0) }
            for organization in organizations { try await fixture.enqueue([UUID()], for: organization) }
            let jobs = try await fixture.claim(25).jobs
            #expect(jobs.count == 25)
            try await fixture.testDatabase.psql(
                """
                CREATE FUNCTION delay() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  PERFORM pg_advisory_xact_lock_shared(4711);
                  RETURN old;
                END $$;
                CREATE TRIGGER delayed BEFORE DELETE ON jobs FOR EACH ROW
                  WHEN (old.org_id = '\(organizations[0])') EXECUTE FUNCTION delay();
                """)
            let finish = { @Sendable (job: ClaimedJob) in
                try await fixture.queue.settle(job, .done, backoff: Backoff())
            }
            let settling = try await fixture.database.withoutTenant(as: .platform) { transaction in
                _ = try await transaction.execute(Statement("SELECT pg_advisory_xact_lock(4711)"))
                var settling = jobs.filter { $0.organization == organizations[0] }.map { job in
                    Task { try await finish(job) }
                }
                try await fixture.until {
                    try await fixture.testDatabase.psql(
                        """
                        SELECT count(*) FROM pg_stat_activity
                        WHERE datname = current_database() AND wait_event_type = 'Lock'
                        """) == "1"
                }
                settling += jobs.filter { $0.organization != organizations[0] }.map { job in
                    Task { try await finish(job) }
                }
                try await fixture.until { try await fixture.rows("id").split(separator: "\n").count < 25 }
                return settling
            }
            for task in settling { #expect(try await task.value == .deleted) }
            #expect(try await fixture.rows("id").isEmpty)
        }
    }
}
