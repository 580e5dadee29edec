package import Foundation
package import Postgres

/// The jobs of all organizations, in the table `jobs`.
///
/// A job says "look at this subject", and no more: asking twice for one subject is one run, and asking while it runs
/// is one run more. Jobs run at least once; what must not happen twice, the handler sees to.
package struct WorkQueue: Sendable {
    /// The channel on which workers hear that a kind has work; the payload is the kind.
    package static let channel = "switchboard_jobs"

    private let database: Database
    private let announcer: Announcer
    /// Nothing is answered for a job that has to be finished alone.
    private let finishing: Batcher<Shard, ClaimedJob, JobSettlement?>

    /// Of one kind the jobs of an organization are finished together, with those of some others: a connection that hangs holds
    /// up a part of the organizations only, and many organizations do not make many transactions.
    private struct Shard: Hashable {
        let kind: JobKind
        let number: UInt

        init(_ job: ClaimedJob, of count: Int) {
            kind = job.kind
            number = UInt(bitPattern: job.organization.hashValue) % UInt(count)
        }
    }

    package init(database: Database, announcer: Announcer) {
        self.database = database
        self.announcer = announcer
        finishing = Batcher(limit: 256, pace: .milliseconds(15)) { _, jobs in
            let gone = try await database.query(
                as: .queue, JobStatements.finishMany, [.ints(jobs.map(\.id)), .uuids(jobs.map(\.leaseOwner))])
            let ids = Set(try gone.rows.map { Int64(try $0.requireInt("id")) })
            return jobs.map { ids.contains($0.id) ? .deleted : nil }
        }
    }

    // MARK: Asking

    /// Asks for a run for one subject; see ``enqueue(_:subjects:runAt:in:)``.
    package static func enqueue(
        _ kind: JobKind, subject: UUID, runAt: Date? = nil, in transaction: Transaction
    ) async throws(JobQueueError) {
        try await enqueue(kind, subjects: [subject], runAt: runAt, in: transaction)
    }

    /// Asks for a run for each of `subjects`, which becomes true when `transaction` commits, together with what it
    /// writes. Call ``wake(_:)`` after the commit.
    ///
    /// A job that waits already is brought forward to `runAt` if that is earlier, and never put off. One that is
    /// running runs again at `runAt`, unless its handler asks for an earlier time. A job has one time, so a handler
    /// whose subject has more to do later answers with ``JobOutcome/again(after:)``.
    ///
    /// Each subject's row stays locked until the transaction ends: enqueue late in it.
    ///
    /// - Parameter runAt: when to run; nil is the transaction's own time.
    /// - Throws: ``JobQueueError/noOrganization`` outside of a tenant's transaction, ``JobQueueError/database(_:)``.
    package static func enqueue(
        _ kind: JobKind, subjects: [UUID], runAt: Date? = nil, in transaction: Transaction
    ) async throws(JobQueueError) {
        guard !subjects.isEmpty else { return }
        let (statement, values) = try asking(kind, subjects: subjects, runAt: runAt, in: transaction)
        do {
            _ = try await transaction.execute(statement, values)
        } catch {
            throw .database(error)
        }
    }

    /// The same as a statement, for whoever sends several in one round trip.
    package static func asking(
        _ kind: JobKind, subjects: [UUID], runAt: Date? = nil, in transaction: Transaction
    ) throws(JobQueueError) -> (Statement, [PostgresValue]) {
        guard let organization = transaction.organization else { throw .noOrganization }
        return (
            JobStatements.enqueue,
            [.organization(organization), .text(kind.rawValue), .uuids(subjects), PostgresValue(runAt)]
        )
    }

    /// Tells all workers that a kind has work. Nothing relies on it alone: workers also look by themselves.
    package func wake(_ kind: JobKind) {
        announcer.announce(channel: Self.channel, payload: kind.rawValue)
    }

    // MARK: Claiming

    /// What one claim took.
    package struct Claim: Sendable {
        /// In the order in which they are to be started.
        package let jobs: [ClaimedJob]
        /// The organization behind which the next claim begins.
        package let cursor: UUID
        /// How long until the next job that still waits is due: zero when one is, nil when none waits.
        package let nextDue: Duration?
    }

    /// Leases up to `limit` jobs that are due, going round the organizations from the one behind `cursor`.
    ///
    /// - Parameters:
    ///   - running: how many jobs of each organization the caller runs already.
    ///   - organizationLimit: how many of one organization it may run, with these.
    package func claim(
        _ kind: JobKind, limit: Int, lease: Duration, after cursor: UUID, running: [OrganizationID: Int] = [:],
        organizationLimit: Int = .max
    ) async throws -> Claim {
        let owner = UUID()
        let results = try await database.query(
            as: .queue,
            [
                (
                    JobStatements.claim,
                    [
                        .text(kind.rawValue), .int(limit), .uuid(owner), .int(lease.microseconds), .uuid(cursor),
                        .uuids(running.keys.map(\.uuid)), .ints(running.values.map { Int64($0) }),
                        .int(organizationLimit),
                    ]
                ), Self.askingNext(kind),
            ])
        let claimed = results[0].rows
        let jobs = try claimed.map { row in
            ClaimedJob(
                id: Int64(try row.requireInt("id")), kind: kind,
                organization: OrganizationID(try row.requireUUID("org_id")),
                subject: try row.requireUUID("subject_id"), attempt: try row.requireInt("attempt"), leaseOwner: owner)
        }
        let end = claimed.first?.uuid("ring_end") ?? jobs.last?.organization.uuid
        return Claim(jobs: jobs, cursor: end ?? cursor, nextDue: try Self.due(results[1]))
    }

    /// Makes jobs available again whose leases have run out, up to 1000.
    ///
    /// - Returns: the kinds of which there were any.
    package func reclaimLost() async throws -> Set<JobKind> {
        let result = try await database.query(as: .queue, JobStatements.reclaim, [1000])
        return Set(try result.rows.map { JobKind(rawValue: try $0.requireString("kind")) })
    }

    /// How long until the next waiting job of a kind is due: zero when one is, nil when none waits.
    package func nextDue(_ kind: JobKind) async throws -> Duration? {
        try Self.due(try await database.query(as: .queue, [Self.askingNext(kind)])[0])
    }

    private static func askingNext(_ kind: JobKind) -> (Statement, [PostgresValue]) {
        (JobStatements.nextDue, [.text(kind.rawValue)])
    }

    private static func due(_ answer: PostgresResult) throws -> Duration? {
        try answer.rows.first.map { max(.zero, .microseconds(try $0.requireInt("due_in"))) }
    }

    // MARK: Holding and settling

    /// What became of leases that were to be extended.
    package struct Extension: Sendable {
        package let extended: Set<ClaimedJob>
        /// These jobs belong to somebody else, or are gone. What is in neither set could not be extended just now.
        package let lost: Set<ClaimedJob>
    }

    /// Extends leases to a full `lease` from now.
    package func extend(_ jobs: [ClaimedJob], lease: Duration) async throws -> Extension {
        guard !jobs.isEmpty else { return Extension(extended: [], lost: []) }
        let result = try await database.query(
            as: .queue, JobStatements.extendLeases,
            [.ints(jobs.map(\.id)), .uuids(jobs.map(\.leaseOwner)), .int(lease.microseconds)])
        var standing: [Int64: Bool] = [:]
        for row in result.rows { standing[Int64(try row.requireInt("id"))] = try row.requireBool("extended") }
        return Extension(
            extended: Set(jobs.filter { standing[$0.id] == true }), lost: Set(jobs.filter { standing[$0.id] == nil }))
    }

    /// Writes down what became of a job, if the lease still stands.
    ///
    /// - Parameter backoff: for ``JobOutcome/retry(after:)`` without a time.
    package func settle(_ job: ClaimedJob, _ outcome: JobOutcome, backoff: Backoff) async throws -> JobSettlement {
        switch outcome {
        case .done:
            let shard = Shard(job, of: database.connectionLimit(.queue))
            if let settlement = try await finishing.submit(job, for: shard) { return settlement }
            return try await Self.finish(job, in: database)
        case .again(let delay):
            return try await release(job, after: delay, uncounted: .null)
        case .retry(let delay):
            return try await release(job, after: delay ?? backoff.delay(after: job.attempt), uncounted: 0)
        }
    }

    /// Gives a job back at once, as if this attempt had not been made.
    package func giveBack(_ job: ClaimedJob) async throws -> JobSettlement {
        try await release(job, after: .zero, uncounted: 1)
    }

    private static func finish(_ job: ClaimedJob, in database: Database) async throws -> JobSettlement {
        let result = try await database.query(
            as: .queue, JobStatements.finish, [.int(job.id), .uuid(job.leaseOwner)])
        guard let row = result.rows.first else { return .leaseLost }
        if try row.requireInt("gone") > 0 { return .deleted }
        return try row.requireInt("kept") > 0 ? .available : .leaseLost
    }

    private func release(_ job: ClaimedJob, after delay: Duration, uncounted: PostgresValue) async throws
        -> JobSettlement
    {
        let result = try await database.query(
            as: .queue, JobStatements.release,
            [.int(job.id), .uuid(job.leaseOwner), .int(max(.zero, delay).microseconds), uncounted])
        return result.affectedRows > 0 ? .available : .leaseLost
    }
}

extension Duration {
    /// Whole microseconds, rounded down, at most about 292,000 years.
    var microseconds: Int {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        return overflow ? .max : Int(product + attoseconds / 1_000_000_000_000)
    }
}
