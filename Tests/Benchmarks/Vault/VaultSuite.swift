import Credentials
import TestWorld

/// What a lease of a credential costs: remembered by this node, and opened anew, which is a transaction with its audit
/// row, and the organization's key and the data key unwrapped.
struct VaultSuite: BenchmarkSuite {
    static let name = "vault"

    func run(_ turns: Turns, _ figures: inout Figures) async throws {
        let costs = try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            _ = try await world.register(clinic)
            let credential = try await world.credential(of: clinic)
            // One that hears no announcements, and therefore remembers nothing.
            let deaf = CredentialManager(
                database: world.database, listener: world.listener, vault: world.vault, factory: world.factory,
                audit: world.audit, logger: world.logger)
            func cost(_ manager: CredentialManager, batch: Int, _ turns: Turns) async throws -> Double {
                try await turns.mean(batch: batch) {
                    use(try await manager.lease(clinic.organization, credential: credential, purpose: .send))
                }
            }
            // It remembers as soon as it listens.
            guard
                try await eventually({
                    let one = try await world.credentials.lease(
                        clinic.organization, credential: credential, purpose: .send)
                    return try await world.credentials.lease(
                        clinic.organization, credential: credential, purpose: .send) === one
                })
            else { throw Program.Failure(description: "The manager does not listen.") }
            return try await turns.take([
                { try await cost(world.credentials, batch: 1_000, $0) }, { try await cost(deaf, batch: 10, $0) },
            ])
        }
        figures.add(
            "vault.lease.cached_us", median(costs[0]) * 1e6, "µs for a lease that is remembered", target: .atMost(5))
        figures.add(
            "vault.lease.uncached_ms", median(costs[1]) * 1e3, "ms for a lease that is opened anew and audited",
            target: .atMost(2))
    }
}

extension Turns {
    /// Seconds for one operation, on the wall's clock, over a whole turn.
    func mean(batch: Int, _ body: () async throws -> Void) async rethrows -> Double {
        let clock = ContinuousClock()
        let (start, end) = (clock.now, clock.now + .seconds(seconds))
        var count = 0
        repeat {
            for _ in 0..<batch { try await body() }
            count += batch
        } while clock.now < end
        return (clock.now - start) / .seconds(1) / Double(count)
    }
}
