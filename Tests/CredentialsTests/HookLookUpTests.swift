import Credentials
import Postgres
import Synchronization
import TestSupport
import TestWorld
import Testing

/// Whose webhook it is, is looked up for many organizations at once.
@Suite struct HookLookUpTests {
    private final class Answered: Sendable {
        let count = Atomic(0)
    }

    static let hold = Statement("SELECT pg_advisory_xact_lock(4711)")

    /// From now on, reading this hook waits while somebody holds the lock.
    static func delay(_ token: String, in world: World) async throws {
        try await world.data.psql(
            """
            CREATE FUNCTION delay(token text) RETURNS boolean LANGUAGE plpgsql COST 1000000 AS $$
            BEGIN
              IF token = '\(token)' THEN PERFORM pg_advisory_xact_lock_shared(4711); END IF;
              RETURN true;
            END $$;
            GRANT EXECUTE ON FUNCTION delay TO switchboard_edge;
            CREATE POLICY delayed ON hook_tokens AS RESTRICTIVE FOR SELECT TO switchboard_edge USING (delay(token));
            """)
    }

    static let waiting =
        "FROM pg_stat_activity WHERE datname = current_database() AND usename = 'switchboard_edge' AND wait_event_type = 'Lock'"

    static func waits(_ world: World, besides former: String = "") async throws -> String? {
        var pid = ""
        let isWaiting = try await eventually {
            pid = try await world.value("SELECT pid \(waiting)")
            return !pid.isEmpty && pid != former
        }
        return isWaiting ? pid : nil
    }

    @Test func `a look-up whose connection is lost is made again on another one`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            let token = try await world.hook(of: clinic)
            try await Self.delay(token, in: world)
            let finding = try await world.database.withoutTenant(as: .platform) { transaction in
                _ = try await transaction.execute(Self.hold)
                let finding = Task { try await world.credentials.hook(token) }
                let first = try #require(try await Self.waits(world))
                _ = try await world.value("SELECT pg_terminate_backend(\(first))")
                _ = try await Self.waits(world, besides: first)
                return finding
            }
            #expect(try await finding.value?.organization == clinic.organization)
        }
    }

    @Test func `a look-up that hangs does not hold up all organizations`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            let token = try await world.hook(of: clinic)
            try await Self.delay(token, in: world)
            let answered = Answered()
            let (finding, others) = try await world.database.withoutTenant(as: .platform) { transaction in
                _ = try await transaction.execute(Self.hold)
                let finding = Task { try await world.credentials.hook(token) }
                _ = try #require(try await Self.waits(world))
                let others = (0..<24).map { index in
                    Task {
                        let hook = try await world.credentials.hook("hk_nobodys_\(index)_0123456789")
                        answered.count.add(1, ordering: .relaxed)
                        return hook == nil
                    }
                }
                let someAreAnswered = try await eventually { answered.count.load(ordering: .relaxed) > 0 }
                #expect(someAreAnswered)
                return (finding, others)
            }
            #expect(try await finding.value?.organization == clinic.organization)
            for other in others { #expect(try await other.value) }
        }
    }
}
