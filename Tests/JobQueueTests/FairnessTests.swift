import Foundation
import JobQueue
import Postgres
import TestSupport
import Testing

@Suite struct FairnessTests {
    private let large = OrganizationID(first: 0x80)

    /// An hour's worth of jobs that have been due for long.
    private func fill(_ fixture: QueueFixture, count: Int = 300) async throws {
        try await fixture.enqueue(
            (0..<count).map { _ in UUID() }, for: large, runAt: Date(timeIntervalSinceNow: -3600))
    }

    @Test func `the one job of a small organization comes before the second of a large one`() async throws {
        try await QueueFixture.with { fixture in
            try await fill(fixture)
            let small = OrganizationID(first: 0x90)
            try await fixture.enqueue([UUID()], for: small)
            let jobs = try await fixture.claim(4).jobs
            #expect(jobs.prefix(2).map(\.organization) == [large, small])
            #expect(jobs.map(\.organization) == [large, small, large, large])
            // The control: by time alone it would have come last.
            let youngest = try await fixture.testDatabase.psql("SELECT org_id FROM jobs ORDER BY id DESC LIMIT 1")
            #expect(youngest == small.description)
        }
    }

    @Test func `single claims go round all organizations before one is served again`() async throws {
        try await QueueFixture.with { fixture in
            try await fill(fixture)
            let others = (1...100).map { OrganizationID(first: UInt8($0)) }
            for other in others { try await fixture.enqueue([UUID(), UUID()], for: other) }
            var cursor = UUID.lowest
            var served: [OrganizationID] = []
            for _ in 0..<202 {
                let claim = try await fixture.claim(1, after: cursor)
                cursor = claim.cursor
                served += claim.jobs.map(\.organization)
            }
            let round = others + [large]
            #expect(served == round + round)
        }
    }

    @Test func `organizations whose work is not due do not hold up the round`() async throws {
        try await QueueFixture.with { fixture in
            try await fill(fixture)
            for first in 1...100 {
                try await fixture.enqueue(
                    [UUID()], for: OrganizationID(first: UInt8(first)), runAt: Date(timeIntervalSinceNow: 3600))
            }
            let small = OrganizationID(first: 0x70)
            try await fixture.enqueue([UUID()], for: small)
            var cursor = UUID.lowest
            var served: [OrganizationID] = []
            for _ in 0..<8 {
                let claim = try await fixture.claim(1, after: cursor)
                cursor = claim.cursor
                served += claim.jobs.map(\.organization)
            }
            // No claim comes back empty while the ring is searched, and the search ends.
            #expect(served.count == 8)
            #expect(served.filter { $0 == small }.count == 1)
        }
    }

    @Test func `a claim takes no more than it asks for, from whatever place it begins`() async throws {
        try await QueueFixture.with { fixture in
            try await fill(fixture, count: 200)
            try await fixture.enqueue([UUID()], for: OrganizationID(first: 0x10))
            for first: UInt8 in [0, 0x10, 0x80, 0xFF] {
                #expect(try await fixture.claim(16, after: OrganizationID(first: first).uuid).jobs.count == 16)
            }
            #expect(try await fixture.rows("state").split(separator: "\n").count { $0 == "RUNNING" } == 64)
        }
    }

    @Test func `a single job finds a place while several organizations are slow`() async throws {
        // Without reserved places, the control, those who came first have them all.
        for (reserved, isServed) in [(2, true), (0, false)] {
            try await QueueFixture.with { fixture in
                let gate = Gate()
                let (slow, other) = (
                    [OrganizationID(first: 0x10), OrganizationID(first: 0x20)], OrganizationID(first: 0x90)
                )
                let begun = Record<OrganizationID>()
                let handler = JobHandler(
                    fixture.kind, concurrency: 12, organizationConcurrency: 8, reserved: reserved
                ) { job in
                    begun.append(job.organization)
                    if job.organization != other { await gate.pass() }
                    return .done
                }
                let worker = Worker(
                    queue: fixture.queue, listener: fixture.listener, handlers: [handler], logger: QueueFixture.logger)
                for organization in slow { try await fixture.enqueue((0..<20).map { _ in UUID() }, for: organization) }
                try await fixture.running([worker]) {
                    // As many as may: those that are slow stand in their places.
                    try await fixture.until { begun.all.count >= 12 - reserved }
                    try await fixture.enqueue([UUID()], for: other)
                    if isServed {
                        try await fixture.until { begun.all.contains(other) }
                    } else {
                        try await Task.sleep(for: .milliseconds(300))
                        #expect(!begun.all.contains(other))
                    }
                    gate.open()
                    try await fixture.untilEmpty()
                }
                #expect(begun.all.count == 41)
            }
        }
    }
}
