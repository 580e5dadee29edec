import Foundation
import JobQueue
import Postgres
import Testing

@Suite struct LeaseTests {
    private let organization = OrganizationID(first: 1)

    @Test func `a lease that has run out is taken up again, as another attempt`() async throws {
        try await QueueFixture.with { fixture in
            try await fixture.enqueue([UUID()], for: organization)
            let first = try #require(try await fixture.claim(1, lease: .milliseconds(1)).jobs.first)
            try await fixture.until { try await !fixture.queue.reclaimLost().isEmpty }
            let second = try #require(try await fixture.claim(1).jobs.first)
            #expect(second.id == first.id && second.attempt == 2)
        }
    }

    @Test func `a lease that stands is not taken away`() async throws {
        try await QueueFixture.with { fixture in
            try await fixture.enqueue([UUID()], for: organization)
            #expect(try await fixture.claim(1, lease: .seconds(60)).jobs.count == 1)
            #expect(try await fixture.queue.reclaimLost().isEmpty)
            #expect(try await fixture.claim(1).jobs.isEmpty)
        }
    }

    @Test(arguments: [JobOutcome.done, .again(), .retry()])
    func `who has lost the lease changes nothing`(outcome: JobOutcome) async throws {
        try await QueueFixture.with { fixture in
            try await fixture.enqueue([UUID()], for: organization)
            let first = try #require(try await fixture.claim(1, lease: .milliseconds(1)).jobs.first)
            try await fixture.until { try await !fixture.queue.reclaimLost().isEmpty }
            let second = try #require(try await fixture.claim(1).jobs.first)

            let before = try await fixture.rows("jobs.*")
            #expect(try await fixture.queue.settle(first, outcome, backoff: Backoff()) == .leaseLost)
            #expect(try await fixture.queue.giveBack(first) == .leaseLost)
            #expect(try await fixture.queue.extend([first], lease: .seconds(9)).lost == [first])
            #expect(try await fixture.rows("jobs.*") == before)

            // The control: the one that holds it can.
            #expect(try await fixture.queue.extend([second], lease: .seconds(90)).extended == [second])
            #expect(try await fixture.rows("jobs.*") != before)
            #expect(try await fixture.queue.settle(second, outcome, backoff: Backoff()) != .leaseLost)
        }
    }

    @Test func `attempts count failures, and begin anew when a run went well`() async throws {
        try await QueueFixture.with { fixture in
            try await fixture.enqueue([UUID()], for: organization)
            var attempts: [Int] = []
            for outcome in [JobOutcome.retry(after: .zero), .retry(after: .zero), .again(), .retry(after: .zero)] {
                let job = try #require(try await fixture.claim(1).jobs.first)
                attempts.append(job.attempt)
                #expect(try await fixture.queue.settle(job, outcome, backoff: Backoff()) == .available)
            }
            let job = try #require(try await fixture.claim(1).jobs.first)
            #expect(attempts + [job.attempt] == [1, 2, 3, 1, 2])
            #expect(try await fixture.queue.giveBack(job) == .available)
            #expect(try await fixture.claim(1).jobs.first?.attempt == 2)
        }
    }

    @Test func `a retry waits as the backoff says`() async throws {
        try await QueueFixture.with { fixture in
            try await fixture.enqueue([UUID()], for: organization)
            let job = try #require(try await fixture.claim(1).jobs.first)
            let backoff = Backoff(base: .seconds(100), limit: .seconds(1000))
            #expect(try await fixture.queue.settle(job, .retry(), backoff: backoff) == .available)
            let due = try #require(try await fixture.queue.nextDue(fixture.kind))
            #expect(due > .seconds(20) && due <= .seconds(100))
            #expect(try await fixture.claim(1).jobs.isEmpty)
        }
    }

    @Test func `the backoff doubles up to its limit, and spreads downwards`() {
        let backoff = Backoff(base: .seconds(1), limit: .seconds(60))
        #expect(
            (1...8).map { backoff.delay(after: $0, spread: 0) } == [1, 2, 4, 8, 16, 32, 60, 60].map { .seconds($0) })
        #expect(backoff.delay(after: 1, spread: 1) == .milliseconds(800))
        #expect(backoff.delay(after: .max, spread: 0) == .seconds(60))
        #expect(backoff.delay(after: 0, spread: 0) == .seconds(1))
    }
}
