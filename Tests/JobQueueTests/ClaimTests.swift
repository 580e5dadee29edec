import Foundation
import JobQueue
import Postgres
import Testing

@Suite struct ClaimTests {
    private let organization = OrganizationID(first: 1)

    @Test func `a job is claimed once, and is gone when it is done`() async throws {
        try await QueueFixture.with { fixture in
            let subject = UUID()
            try await fixture.enqueue([subject], for: organization)
            let job = try #require(try await fixture.claim(5).jobs.first)
            #expect(job.subject == subject && job.organization == organization && job.attempt == 1)
            #expect(try await fixture.claim(5).jobs.isEmpty)
            #expect(try await fixture.queue.settle(job, .done, backoff: Backoff()) == .deleted)
            #expect(try await fixture.rows("id").isEmpty)
        }
    }

    @Test func `asking twice is one job, brought forward and never put off`() async throws {
        try await QueueFixture.with { fixture in
            let subject = UUID()
            try await fixture.enqueue([subject], for: organization, runAt: Date(timeIntervalSinceNow: 3600))
            #expect(try await fixture.claim(5).jobs.isEmpty)
            #expect(try await (fixture.queue.nextDue(fixture.kind) ?? .zero) > .seconds(3000))
            try await fixture.enqueue([subject, subject], for: organization)
            try await fixture.enqueue([subject], for: organization, runAt: Date(timeIntervalSinceNow: 7200))
            #expect(try await fixture.queue.nextDue(fixture.kind) == .zero)
            #expect(try await fixture.claim(5).jobs.map(\.subject) == [subject])
            #expect(try await fixture.queue.nextDue(fixture.kind) == nil)
        }
    }

    @Test func `a job is the organization's whose transaction asks, and without one nobody may ask`() async throws {
        try await QueueFixture.with { fixture in
            let other = OrganizationID(first: 2)
            let subject = UUID()
            try await fixture.enqueue([subject], for: organization)
            try await fixture.enqueue([subject], for: other)
            #expect(try await Set(fixture.claim(5).jobs.map(\.organization)) == [organization, other])
            await #expect(throws: JobQueueError.self) {
                try await fixture.database.withoutTenant(as: .queue) { transaction in
                    try await WorkQueue.enqueue(fixture.kind, subject: subject, in: transaction)
                }
            }
        }
    }

    @Test func `work that is rolled back leaves no job`() async throws {
        struct Rollback: Error {}
        try await QueueFixture.with { fixture in
            await #expect(throws: Rollback.self) {
                try await fixture.database.withTenant(organization) { transaction in
                    try await WorkQueue.enqueue(fixture.kind, subject: UUID(), in: transaction)
                    throw Rollback()
                }
            }
            let left = try await fixture.rows("id")
            #expect(left.isEmpty)
        }
    }

    @Test func `rows that another transaction holds are passed by, not waited for`() async throws {
        let lockOldest = Statement("SELECT id FROM jobs ORDER BY run_at LIMIT 1 FOR UPDATE")
        try await QueueFixture.with { fixture in
            let subjects = [UUID(), UUID()]
            try await fixture.enqueue([subjects[0]], for: organization)
            try await fixture.enqueue([subjects[1]], for: organization)
            try await fixture.database.withoutTenant(as: .queue) { transaction in
                _ = try await transaction.execute(lockOldest)
                #expect(try await fixture.claim(5).jobs.map(\.subject) == [subjects[1]])
            }
            // The control: it was due all the time.
            #expect(try await fixture.claim(5).jobs.map(\.subject) == [subjects[0]])
        }
    }

    @Test func `many claims at once never take a job twice`() async throws {
        try await QueueFixture.with { fixture in
            for organization in 1...4 {
                try await fixture.enqueue((0..<50).map { _ in UUID() }, for: OrganizationID(first: UInt8(organization)))
            }
            let claimed = Record<Int64>()
            try await withThrowingTaskGroup { group in
                for _ in 0..<4 {
                    group.addTask {
                        // Another claim may hold just the rows that this one chose, so an empty one is not the end.
                        while claimed.all.count < 200 {
                            for job in try await fixture.claim(7).jobs { claimed.append(job.id) }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(claimed.all.count == 200 && Set(claimed.all).count == 200)
        }
    }
}
