import Foundation
import JobQueue
import Postgres
import TestSupport
import Testing

/// Work that is asked for while its subject's job waits, is being claimed, runs, or is being finished is never lost.
@Suite struct AskAgainTests {
    private let organization = OrganizationID(first: 1)

    @Test func `asking while the job runs makes it run once more`() async throws {
        try await QueueFixture.with { fixture in
            let subject = UUID()
            try await fixture.enqueue([subject], for: organization)
            let job = try #require(try await fixture.claim(1).jobs.first)
            try await fixture.enqueue([subject], for: organization)
            // Not beside the run that goes on.
            #expect(try await fixture.claim(1).jobs.isEmpty)
            #expect(try await fixture.queue.settle(job, .done, backoff: Backoff()) == .available)
            let again = try #require(try await fixture.claim(1).jobs.first)
            #expect(again.id == job.id && again.attempt == 1)
            #expect(try await fixture.queue.settle(again, .done, backoff: Backoff()) == .deleted)
        }
    }

    @Test func `the time asked for holds, and a handler's earlier time wins`() async throws {
        try await QueueFixture.with { fixture in
            let subject = UUID()
            try await fixture.enqueue([subject], for: organization)
            let job = try #require(try await fixture.claim(1).jobs.first)
            try await fixture.enqueue([subject], for: organization, runAt: Date(timeIntervalSinceNow: 3600))
            #expect(try await fixture.queue.settle(job, .done, backoff: Backoff()) == .available)
            let due = try #require(try await fixture.queue.nextDue(fixture.kind))
            #expect(due > .seconds(3000) && due <= .seconds(3600))

            try await fixture.enqueue([subject], for: organization)
            let second = try #require(try await fixture.claim(1).jobs.first)
            try await fixture.enqueue([subject], for: organization, runAt: Date(timeIntervalSinceNow: 3600))
            #expect(
                try await fixture.queue.settle(second, .again(after: .seconds(60)), backoff: Backoff()) == .available)
            #expect(try await (fixture.queue.nextDue(fixture.kind) ?? .zero) <= .seconds(60))
        }
    }

    @Test func `a finish waits for whoever is asking, and keeps the job`() async throws {
        try await QueueFixture.with { fixture in
            let subject = UUID()
            try await fixture.enqueue([subject], for: organization)
            let job = try #require(try await fixture.claim(1).jobs.first)
            try await withThrowingTaskGroup(of: JobSettlement.self) { group in
                try await fixture.database.withTenant(organization) { transaction in
                    try await WorkQueue.enqueue(fixture.kind, subject: subject, in: transaction)
                    group.addTask { try await fixture.queue.settle(job, .done, backoff: Backoff()) }
                    // The finish is under way before this transaction commits.
                    try await fixture.until {
                        try await !fixture.testDatabase.psql(
                            """
                            SELECT pid FROM pg_stat_activity
                            WHERE wait_event_type = 'Lock' AND datname = current_database()
                            """
                        ).isEmpty
                    }
                }
                for try await settlement in group { #expect(settlement == .available) }
            }
            #expect(try await fixture.claim(1).jobs.map(\.subject) == [subject])
        }
    }

    @Test func `a job whose work is not committed yet is not claimed`() async throws {
        try await QueueFixture.with { fixture in
            let subject = UUID()
            try await fixture.enqueue([subject], for: organization)
            try await fixture.database.withTenant(organization) { transaction in
                try await WorkQueue.enqueue(fixture.kind, subject: subject, in: transaction)
                // A run that began now would not see the work, and would take its job with it.
                #expect(try await fixture.claim(1).jobs.isEmpty)
            }
            #expect(try await fixture.claim(1).jobs.map(\.subject) == [subject])
        }
    }

    @Test func `asking while a lost job waits to be found does not start it beside its run`() async throws {
        try await QueueFixture.with { fixture in
            let subject = UUID()
            try await fixture.enqueue([subject], for: organization)
            let job = try #require(try await fixture.claim(1, lease: .milliseconds(1)).jobs.first)
            try await fixture.enqueue([subject], for: organization)
            #expect(try await fixture.claim(1).jobs.isEmpty)
            try await fixture.until { try await !fixture.queue.reclaimLost().isEmpty }
            #expect(try await fixture.claim(1).jobs.first?.id == job.id)
        }
    }

    @Test func `a lease is left for later while somebody asks, and is not taken for lost`() async throws {
        try await QueueFixture.with { fixture in
            let subject = UUID()
            try await fixture.enqueue([subject], for: organization)
            let job = try #require(try await fixture.claim(1).jobs.first)
            try await fixture.database.withTenant(organization) { transaction in
                try await WorkQueue.enqueue(fixture.kind, subject: subject, in: transaction)
                let result = try await fixture.queue.extend([job], lease: .seconds(60))
                #expect(result.extended.isEmpty && result.lost.isEmpty)
            }
            #expect(try await fixture.queue.extend([job], lease: .seconds(60)).extended == [job])
        }
    }
}
