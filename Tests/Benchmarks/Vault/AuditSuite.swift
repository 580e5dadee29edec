import Audit
import Postgres
import TestWorld

/// Whether those who write into the audit of one organization wait for each other: as many writers, of one organization
/// and of as many, while a sealer chains what they commit.
struct AuditSuite: BenchmarkSuite {
    static let name = "audit"

    private static let writers = 8

    func run(_ turns: Turns, _ figures: inout Figures) async throws {
        let speeds = try await withWorld(WorldOptions(isWorking: false)) { world in
            var organizations: [OrganizationID] = []
            for index in 0..<Self.writers {
                organizations.append(try await world.makeClinic(index % 3, slug: "clinic-\(index)").organization)
            }
            let all = organizations
            let one = Array(repeating: all[0], count: Self.writers)
            let sealer = AuditSealer(database: world.database, key: world.auditKey, logger: world.logger)
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    while !Task.isCancelled {
                        try? await sealer.sealAll()
                        try? await Task.sleep(for: .milliseconds(250))
                    }
                }
                defer { group.cancelAll() }
                return try await turns.take([
                    { try await Self.events(world, one, $0) }, { try await Self.events(world, all, $0) },
                ])
            }
        }
        figures.add(
            "audit.writers.one", median(speeds[0]), "events a second by \(Self.writers) writers of one organization")
        figures.add(
            "audit.writers.ratio", median(zip(speeds[0], speeds[1]).map { $0 / $1 }),
            "of what as many write for an organization each", target: .atLeast(0.9))
    }

    /// Events a second, each in a transaction of its own.
    private static func events(_ world: World, _ organizations: [OrganizationID], _ turns: Turns) async throws -> Double
    {
        let clock = ContinuousClock()
        let (start, end) = (clock.now, clock.now + .seconds(turns.seconds))
        let count = try await withThrowingTaskGroup(of: Int.self) { group in
            for organization in organizations {
                group.addTask {
                    var count = 0
                    while clock.now < end {
                        try await world.database.withTenant(organization) { transaction in
                            try await world.audit.append(
                                AuditEvent(actor: .worker, action: "bench.write", subjectKind: "BENCH"), in: transaction
                            )
                        }
                        count += 1
                    }
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
        return Double(count) / ((clock.now - start) / .seconds(1))
    }
}
