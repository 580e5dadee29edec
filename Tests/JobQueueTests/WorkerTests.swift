import Foundation
import JobQueue
import Postgres
import ServiceLifecycle
import TestSupport
import Testing

@Suite struct WorkerTests {
    private let organization = OrganizationID(first: 1)
    /// Nothing happens by looking again and again: only by notification, or when a job is due.
    private let patient = Worker.Configuration(poll: .seconds(3600))

    @Test func `two workers run every job, and none at the same time as another worker`() async throws {
        try await QueueFixture.with { fixture in
            let started = Record<UUID>()
            let active = Record<UUID>()
            let overlaps = Record<UUID>()
            let ended = Record<UUID>()
            let run: @Sendable (ClaimedJob) async throws -> JobOutcome = { job in
                if active.all.count(where: { $0 == job.subject }) > ended.all.count(where: { $0 == job.subject }) {
                    overlaps.append(job.subject)
                }
                active.append(job.subject)
                started.append(job.subject)
                try await Task.sleep(for: .milliseconds(2))
                ended.append(job.subject)
                return .done
            }
            let subjects = (0..<60).map { _ in UUID() }
            try await fixture.running([fixture.worker(run: run), fixture.worker(run: run)]) {
                for organization in 1...3 {
                    try await fixture.enqueue(
                        Array(subjects[(organization - 1) * 20..<organization * 20]),
                        for: OrganizationID(first: UInt8(organization)))
                    fixture.queue.wake(fixture.kind)
                }
                try await fixture.untilEmpty()
            }
            #expect(overlaps.all.isEmpty)
            #expect(started.all.count == 60 && Set(started.all) == Set(subjects))
        }
    }

    @Test func `a notification wakes a worker that would not look for an hour`() async throws {
        try await QueueFixture.with { fixture in
            let ran = Record<UUID>()
            let first = UUID()
            let second = UUID()
            let worker = fixture.worker(configuration: patient) { job in
                ran.append(job.subject)
                return .done
            }
            try await fixture.enqueue([first], for: organization)
            try await fixture.running([worker]) {
                // Found at the start; from then on the worker sleeps.
                try await fixture.until { ran.all == [first] }
                try await fixture.untilEmpty()
                try await fixture.enqueue([second], for: organization)
                fixture.queue.wake(fixture.kind)
                try await fixture.until { ran.all == [first, second] }
            }
        }
    }

    @Test func `a job due later runs without anything to wake the worker`() async throws {
        try await QueueFixture.with { fixture in
            let ran = Record<Date>()
            let runAt = Date(timeIntervalSinceNow: 1)
            try await fixture.enqueue([UUID()], for: organization, runAt: runAt)
            let worker = fixture.worker(configuration: patient) { _ in
                ran.append(Date())
                return .done
            }
            try await fixture.running([worker]) { try await fixture.untilEmpty() }
            #expect(ran.all.count == 1 && ran.all[0] >= runAt)
        }
    }

    @Test func `the job of a worker that died is run by another`() async throws {
        try await QueueFixture.with { fixture in
            try await fixture.enqueue([UUID()], for: organization)
            // Claimed, and never heard of again.
            #expect(try await fixture.claim(1, lease: .milliseconds(100)).jobs.count == 1)
            let attempts = Record<Int>()
            let worker = fixture.worker(configuration: Worker.Configuration(poll: .milliseconds(50))) { job in
                attempts.append(job.attempt)
                return .done
            }
            try await fixture.running([worker]) { try await fixture.untilEmpty() }
            #expect(attempts.all == [2])
        }
    }

    @Test func `a handler that throws is tried again`() async throws {
        struct Failure: Error {}
        try await QueueFixture.with { fixture in
            let attempts = Record<Int>()
            try await fixture.enqueue([UUID()], for: organization)
            let worker = fixture.worker { job in
                attempts.append(job.attempt)
                if job.attempt < 3 { throw Failure() }
                return .done
            }
            try await fixture.running([worker]) { try await fixture.untilEmpty() }
            #expect(attempts.all == [1, 2, 3])
        }
    }

    @Test func `no more jobs run at once than the kind's concurrency`() async throws {
        try await QueueFixture.with { fixture in
            let gate = Gate()
            let started = Record<UUID>()
            try await fixture.enqueue((0..<5).map { _ in UUID() }, for: organization)
            let worker = fixture.worker(concurrency: 2) { job in
                started.append(job.subject)
                await gate.pass()
                return .done
            }
            try await fixture.running([worker]) {
                try await fixture.until { started.all.count == 2 }
                #expect(try await fixture.rows("state").split(separator: "\n").count { $0 == "RUNNING" } == 2)
                gate.open()
                try await fixture.untilEmpty()
            }
            #expect(started.all.count == 5)
        }
    }

    @Test func `a lease is extended while the handler runs`() async throws {
        try await QueueFixture.with { fixture in
            let gate = Gate()
            let started = Record<UUID>()
            try await fixture.enqueue([UUID()], for: organization)
            let worker = fixture.worker(configuration: Worker.Configuration(lease: .seconds(4))) { job in
                started.append(job.subject)
                await gate.pass()
                return .done
            }
            try await fixture.running([worker]) {
                try await fixture.until { !started.all.isEmpty }
                let before = try await fixture.rows("lease_until")
                try await fixture.until { try await fixture.rows("lease_until") != before }
                gate.open()
                try await fixture.untilEmpty()
            }
            #expect(started.all.count == 1)
        }
    }

    @Test func `a handler whose lease was taken is cancelled, and changes nothing`() async throws {
        try await QueueFixture.with { fixture in
            let gate = Gate()
            let cancelled = Record<Bool>()
            let started = Record<UUID>()
            try await fixture.enqueue([UUID()], for: organization)
            let worker = fixture.worker(configuration: Worker.Configuration(lease: .seconds(4))) { job in
                started.append(job.subject)
                // Never opened: only cancellation ends it.
                await gate.pass()
                cancelled.append(Task.isCancelled)
                return .done
            }
            try await fixture.running([worker]) {
                try await fixture.until { !started.all.isEmpty }
                try await fixture.testDatabase.psql(
                    "UPDATE jobs SET lease_owner = gen_random_uuid(), lease_until = now() + interval '1 hour'")
                try await fixture.until { cancelled.all == [true] }
            }
            #expect(try await fixture.rows("state, attempt") == "RUNNING|1")
        }
    }

    @Test func `graceful shutdown lets a running job end, and claims no other`() async throws {
        try await QueueFixture.with { fixture in
            let started = Record<UUID>()
            let ended = Record<UUID>()
            try await fixture.enqueue([UUID(), UUID()], for: organization)
            let worker = fixture.worker(concurrency: 1) { job in
                started.append(job.subject)
                try await gracefulShutdown()
                ended.append(job.subject)
                return .done
            }
            try await fixture.running([worker]) { try await fixture.until { !started.all.isEmpty } }
            #expect(started.all.count == 1 && ended.all == started.all)
            #expect(try await fixture.rows("state, attempt") == "AVAILABLE|0")
        }
    }

    @Test func `graceful shutdown gives back what does not end in time`() async throws {
        try await QueueFixture.with { fixture in
            let gate = Gate()
            let started = Record<UUID>()
            try await fixture.enqueue([UUID()], for: organization)
            let configuration = Worker.Configuration(drain: .milliseconds(50))
            let worker = fixture.worker(configuration: configuration) { job in
                started.append(job.subject)
                await gate.pass()
                throw CancellationError()
            }
            try await fixture.running([worker]) { try await fixture.until { !started.all.isEmpty } }
            #expect(try await fixture.rows("state, attempt, lease_owner IS NULL") == "AVAILABLE|0|t")
            #expect(try await fixture.queue.nextDue(fixture.kind) == .zero)
        }
    }

    @Test func `work asked for while its job runs is done by a second run`() async throws {
        try await QueueFixture.with { fixture in
            let gate = Gate()
            let subject = UUID()
            let attempts = Record<Int>()
            try await fixture.enqueue([subject], for: organization)
            let worker = fixture.worker { job in
                attempts.append(job.attempt)
                await gate.pass()
                return .done
            }
            try await fixture.running([worker]) {
                try await fixture.until { attempts.all.count == 1 }
                try await fixture.enqueue([subject], for: organization)
                gate.open()
                try await fixture.untilEmpty()
            }
            #expect(attempts.all == [1, 1])
        }
    }

    @Test(arguments: [2, 6]) func `what waits for a place has it as soon as there is one`(concurrency: Int) async throws
    {
        try await QueueFixture.with { fixture in
            let started = Record<UUID>()
            try await fixture.enqueue((0..<6).map { _ in UUID() }, for: organization)
            let worker = fixture.worker(
                concurrency: concurrency, organizationConcurrency: 2, configuration: patient
            ) { job in
                started.append(job.subject)
                return .done
            }
            try await fixture.running([worker]) { try await fixture.untilEmpty() }
            #expect(started.all.count == 6)
        }
    }

    @Test func `the end of a job is no reason to look for others where there was room for all`() async throws {
        try await QueueFixture.with { fixture in
            let gate = Gate()
            let started = Record<UUID>()
            let (first, second) = (UUID(), UUID())
            try await fixture.enqueue([first], for: organization)
            let worker = fixture.worker(configuration: patient) { job in
                started.append(job.subject)
                await gate.pass()
                return .done
            }
            try await fixture.running([worker]) {
                try await fixture.until { started.all == [first] }
                // It looks once more when it begins to listen.
                try await Task.sleep(for: .milliseconds(500))
                try await fixture.enqueue([second], for: organization)
                gate.open()
                try await fixture.until { try await fixture.rows("state") == "AVAILABLE" }
                try await Task.sleep(for: .milliseconds(200))
                #expect(started.all == [first])
                fixture.queue.wake(fixture.kind)
                try await fixture.untilEmpty()
            }
            #expect(started.all == [first, second])
        }
    }

    @Test func `a job that was asked for while it ran runs again at once`() async throws {
        try await QueueFixture.with { fixture in
            let gate = Gate()
            let subject = UUID()
            let started = Record<UUID>()
            try await fixture.enqueue([subject], for: organization)
            let worker = fixture.worker(configuration: patient) { job in
                started.append(job.subject)
                await gate.pass()
                return .done
            }
            try await fixture.running([worker]) {
                try await fixture.until { started.all.count == 1 }
                try await Task.sleep(for: .milliseconds(500))
                // Nobody announces it.
                try await fixture.enqueue([subject], for: organization)
                gate.open()
                try await fixture.untilEmpty()
            }
            #expect(started.all == [subject, subject])
        }
    }
}
