import Credentials
import Foundation
import GraphQL
import OrderedCollections
import TestSupport
import TestWorld
import Testing
import Twilio
import TwilioSandbox

/// Whoever can write to the database, and has no key, gets nothing opened that is not in its place.
@Suite struct TamperedRowTests {
    /// Two credentials of one organization and one of another, with an API key each, so that there are fields to swap.
    struct Rows {
        let world: World
        let first: Clinic
        let other: Clinic
        let credentials: [UUID]
    }

    static func withRows(_ body: @Sendable @escaping (Rows) async throws -> Void) async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let first = try await world.makeClinic(0)
            let other = try await world.makeClinic(1)
            var credentials: [UUID] = []
            for (clinic, index) in [(first, 0), (first, 2), (other, 1)] {
                let account = world.carrier.accounts[index]
                _ = try await world.register(
                    clinic, account: account,
                    more: [
                        "apiKeySid": .string(account.apiKeys[0].sid),
                        "apiKeySecret": .string(account.apiKeys[0].secret),
                    ])
                credentials.append(try await world.credential(of: clinic))
            }
            try await body(Rows(world: world, first: first, other: other, credentials: credentials))
        }
    }

    static func expectRefused(_ rows: Rows, _ what: String) async throws {
        let refused = "action = 'credential.open' AND outcome = 'REFUSED'"
        let before = try await rows.world.count("audit_events", where: refused)
        await #expect(throws: LeaseError.damaged(rows.credentials[0]), "\(what)") {
            try await fresh(rows).lease(rows.first.organization, credential: rows.credentials[0], purpose: .send)
        }
        #expect(try await rows.world.count("audit_events", where: refused) == before + 1, "\(what)")
    }

    /// One that remembers nothing.
    static func fresh(_ rows: Rows) -> CredentialManager {
        rows.world.makeCredentialManager()
    }

    /// The statement puts something in the place of the first credential's auth token; `k` is that of another row.
    static let exchanges: [(String, String)] = [
        ("another field", "credential_id = '$0' AND field = 'api_key_secret'"),
        ("another credential", "credential_id = '$1' AND field = 'auth_token'"),
        ("another organization", "credential_id = '$2' AND field = 'auth_token'"),
    ]

    @Test(arguments: exchanges.indices)
    func `what belongs in another place is refused, audited and named`(index: Int) async throws {
        try await Self.withRows { rows in
            var source = Self.exchanges[index].1
            for (place, id) in rows.credentials.enumerated() { source = source.replacing("$\(place)", with: "\(id)") }
            let own = "credential_id = '\(rows.credentials[0])' AND field = 'auth_token'"
            let original = try await rows.world.value("SELECT encode(sealed, 'hex') FROM sealed_secrets WHERE \(own)")
            try await rows.world.data.psql(
                "UPDATE sealed_secrets SET sealed = (SELECT sealed FROM sealed_secrets WHERE \(source)) WHERE \(own)")
            try await Self.expectRefused(rows, Self.exchanges[index].0)
            #expect(
                rows.world.log.all.contains { $0.contains("tampered") && $0.contains("\(rows.first.organization)") })

            // Negative control: with its own bytes back it opens, so it was these that were refused.
            try await rows.world.data.psql(
                "UPDATE sealed_secrets SET sealed = decode('\(original)', 'hex') WHERE \(own)")
            _ = try await Self.fresh(rows).lease(
                rows.first.organization, credential: rows.credentials[0], purpose: .send)
        }
    }

    @Test func `the other organization's key beside its secret is refused as well`() async throws {
        try await Self.withRows { rows in
            try await rows.world.data.psql(
                """
                UPDATE organization_keys SET wrapped = (SELECT wrapped FROM organization_keys
                  WHERE org_id = '\(rows.other.organization)') WHERE org_id = '\(rows.first.organization)'
                """)
            try await Self.expectRefused(rows, "another organization's key")
        }
    }

    @Test func `every changed byte is refused`() async throws {
        try await Self.withRows { rows in
            let own = "credential_id = '\(rows.credentials[0])' AND field = 'auth_token'"
            let count =
                Int(try await rows.world.value("SELECT octet_length(sealed) FROM sealed_secrets WHERE \(own)")) ?? 0
            #expect(count > 200)
            // Here a sample, since each goes through the database; the vault's own tests flip every bit.
            for byte in stride(from: 0, to: count, by: 17) {
                let flip =
                    "UPDATE sealed_secrets SET sealed = set_byte(sealed, \(byte), get_byte(sealed, \(byte)) # 1) WHERE \(own)"
                try await rows.world.data.psql(flip)
                try await Self.expectRefused(rows, "byte \(byte)")
                try await rows.world.data.psql(flip)
            }
            _ = try await Self.fresh(rows).lease(
                rows.first.organization, credential: rows.credentials[0], purpose: .send)
        }
    }

    @Test
    func `of a leaked version nothing opens once it is replaced, but by a rollback of keys, rows and number alike`()
        async throws
    {
        try await Self.withRows { rows in
            let world = rows.world
            let own = "credential_id = '\(rows.credentials[0])' AND field = 'auth_token'"
            try await world.data.psql(
                "CREATE TABLE kept_secrets AS TABLE sealed_secrets; CREATE TABLE kept_keys AS TABLE organization_keys")
            let old = try await world.value("SELECT encode(sealed, 'hex') FROM sealed_secrets WHERE \(own)")
            let token = String(repeating: "b", count: 32)
            try await world.carrier.control(
                "/accounts/\(rows.first.account.sid)", #"{"authToken":"\#(token)"}"#)
            let rotated = try await world.rotate(
                rows.credentials[0], ["authToken": .string(token), "reason": "LEAKED"], as: rows.first)
            #expect(rotated.refusal == nil)
            let new = try await world.value("SELECT encode(sealed, 'hex') FROM sealed_secrets WHERE \(own)")
            try await world.data.psql("UPDATE sealed_secrets SET sealed = decode('\(old)', 'hex') WHERE \(own)")
            try await Self.expectRefused(rows, "an old version")
            try await world.data.psql("UPDATE sealed_secrets SET sealed = decode('\(new)', 'hex') WHERE \(own)")
            try await world.data.psql(
                "UPDATE credentials SET secret_version = 1 WHERE id = '\(rows.credentials[0])'")
            try await Self.expectRefused(rows, "the number of an old version")
            // The whole rows of then, and their number.
            let mine = "credential_id = '\(rows.credentials[0])'"
            try await world.data.psql(
                """
                CREATE TABLE new_secrets AS TABLE sealed_secrets;
                SET session_replication_role = replica;
                DELETE FROM sealed_secrets WHERE \(mine);
                INSERT INTO sealed_secrets SELECT * FROM kept_secrets WHERE \(mine);
                """)
            try await Self.expectRefused(rows, "the rows of an old version, and its number")
            // What a rollback can do, and what only the destruction of a root key prevents: ARCHITECTURE.md says so.
            try await world.data.psql(
                """
                UPDATE kept_keys SET state = 'RETIRED';
                INSERT INTO organization_keys SELECT * FROM kept_keys WHERE org_id = '\(rows.first.organization)';
                """)
            let rolledBack = try await Self.fresh(rows).lease(
                rows.first.organization, credential: rows.credentials[0], purpose: .send)
            #expect(rolledBack.version == 1)
            try await world.data.psql(
                """
                SET session_replication_role = replica;
                DELETE FROM sealed_secrets WHERE \(mine);
                INSERT INTO sealed_secrets SELECT * FROM new_secrets WHERE \(mine);
                """)
            try await world.data.psql(
                "UPDATE credentials SET secret_version = 2 WHERE id = '\(rows.credentials[0])'")
            try await world.data.psql("DELETE FROM sealed_secrets WHERE \(own)")
            // The API key still opens, but webhooks have nothing to be checked with.
            let lease = try await Self.fresh(rows).lease(
                rows.first.organization, credential: rows.credentials[0], purpose: .send)
            #expect(lease.signingKeys(at: Date()).authTokens.isEmpty)
        }
    }
}
