import GraphQL
import Logging
import TestSupport
import TestWorld
import Testing
import TwilioSandbox

@Suite struct SecrecyTests {
    /// In which tables a text stands, in clear or as the bytes of a `bytea`.
    static func tables(holding text: String, in world: World) async throws -> [String] {
        let hexadecimal = text.utf8.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
        return try await world.value(
            """
            SELECT table_name FROM (
              SELECT table_name, (xpath('/row/n/text()', query_to_xml(format(
                  'SELECT count(*) AS n FROM %I t WHERE position(%L in t::text) > 0 OR position(%L in t::text) > 0',
                  table_name, '\(text)', '\(hexadecimal)'), false, true, '')))[1]::text::int AS hits
              FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
            ) found WHERE hits > 0 ORDER BY table_name
            """
        ).split(separator: "\n").map(String.init)
    }

    @Test func `a token stands in clear in no table and in no line of the log`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            _ = try await world.register(clinic, token: String(repeating: "0", count: 32))
            _ = try await world.send("canary in a body", as: clinic)
            #expect(try await eventually { try await world.status() == "DELIVERED" })
            await world.carrier.stop()
            _ = try await world.register(clinic, account: world.carrier.accounts[1])

            for account in world.carrier.accounts.prefix(2) {
                #expect(try await Self.tables(holding: account.authToken, in: world) == [])
                #expect(!world.log.all.contains { $0.contains(account.authToken) })
            }
        }
    }

    @Test func `negative control: the search finds texts and bytes, and the log is kept`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            _ = try await world.send("canary in a body", as: clinic)
            try await world.data.psql(
                """
                INSERT INTO platform_keys (purpose, id, wrapping_key_id, wrapped)
                VALUES ('canary', gen_random_uuid(), 'none', convert_to('a bird in bytes', 'UTF8'))
                """)
            #expect(try await Self.tables(holding: "canary in a body", in: world) == ["messages"])
            #expect(try await Self.tables(holding: "bird in bytes", in: world) == ["platform_keys"])
            world.logger.trace("a line", metadata: ["token": "a bird in the log"])
            #expect(world.log.all.contains { $0.contains("a bird in the log") })
        }
    }

    @Test func `a revocation leaves nothing to open`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            _ = try await world.register(clinic)
            #expect(try await world.count("sealed_secrets") == 1)
            try await world.revoke(clinic)
            #expect(try await world.count("sealed_secrets") == 0)
            #expect(try await world.count("hook_tokens", where: "revoked_at IS NULL") == 0)
            #expect(try await world.count("audit_events", where: "action = 'credential.revoke'") == 1)
        }
    }

    @Test func `the roles that do tenants' work cannot read what is sealed`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            for role in ["switchboard_tenant", "switchboard_platform", "switchboard_edge", "switchboard_queue"] {
                await #expect(throws: (any Error).self) {
                    try await world.data.psql("SELECT sealed FROM sealed_secrets", as: role)
                }
            }
            try await world.data.psql("SELECT sealed FROM sealed_secrets", as: "switchboard_vault")
        }
    }
}
