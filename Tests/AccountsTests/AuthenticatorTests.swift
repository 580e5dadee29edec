import Accounts
import Audit
import Foundation
import Postgres
import QueryEngine
import TestSupport
import TestWorld
import Testing

@Suite struct AuthenticatorTests {
    private func caller(_ key: UUID, _ organization: OrganizationID) -> Caller {
        Caller(kind: .apiKey(id: key), role: .owner, organization: organization, requestID: "request")
    }

    @Test func `who asks again is known again, and taken for nobody else`() async throws {
        var limits = AccountLimits()
        limits.tokenMemory = .seconds(2)
        try await withWorld(WorldOptions(isWorking: false, limits: limits)) { world in
            let (one, other) = (try await world.makeClinic(0), try await world.makeClinic(1))
            var tokens: [String] = []
            for clinic in [one, other] {
                tokens.append(
                    try await world.keys.issue(
                        for: clinic.organization, role: .owner, label: "desk", actor: .commandLine))
            }
            let finder = world.accounts.finder
            let theirs = OpaqueID.encode(other.organization.uuid, prefix: "org")
            var last: KnownBearer?
            func known(_ token: String, in organization: String? = nil) -> OrganizationID? {
                finder.knownCaller(
                    token: token, organization: organization, address: "192.0.2.1", requestID: "request", last: &last
                )?.organization
            }
            #expect(
                try await eventually {
                    for token in tokens { _ = try await world.caller(token) }
                    return known(tokens[0]) == one.organization
                })
            #expect(known(tokens[0]) == one.organization)
            #expect(known(tokens[0], in: theirs) == nil)
            #expect(known(tokens[0]) == one.organization)
            #expect(known(tokens[1]) == other.organization)
            #expect(known(tokens[1], in: theirs) == other.organization)
            // Nobody says so.
            try await world.data.psql("UPDATE api_key_lookups SET revoked_at = now()")
            #expect(try await eventually { known(tokens[1]) == nil })
        }
    }

    @Test func `a token stands for its key, its role and its organization, and is kept only as a hash`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let token = try await world.keys.issue(
                for: clinic.organization, role: .agent, label: "desk", actor: .commandLine)
            let identity = try await world.authenticator.identity(of: token)
            #expect(identity?.organization == clinic.organization)
            #expect(identity?.role == .agent)
            let platform = try await world.keys.issueForPlatform(
                role: .platformAuditor, label: "audit", actor: .commandLine)
            let auditor = try await world.authenticator.identity(of: platform)
            #expect(auditor?.organization == nil)
            #expect(auditor?.role == .platformAuditor)
            #expect(
                try await world.value("SELECT count(*) FROM api_keys k WHERE position('\(token)' in k::text) > 0")
                    == "0")
        }
    }

    @Test func `a token that is malformed or unknown stands for nobody`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let token = try await world.keys.issue(
                for: clinic.organization, role: .owner, label: "desk", actor: .commandLine)
            let last = token.last == "A" ? "B" : "A"
            for wrong in ["", "sb_live_", token.dropLast() + last, token + "A", " " + token] {
                #expect(try await world.authenticator.identity(of: String(wrong)) == nil)
            }
            #expect(try await world.authenticator.identity(of: token) != nil)
        }
    }

    @Test func `a revoked key is forgotten, though it was remembered`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let token = try await world.keys.issue(
                for: clinic.organization, role: .owner, label: "desk", actor: .commandLine)
            let key = try #require(try await world.authenticator.identity(of: token)).id
            #expect(try await world.authenticator.isLive(caller(key, clinic.organization)))

            // Negative control: what is revoked behind its back is remembered, once it hears announcements.
            let remembers = try await eventually {
                _ = try await world.authenticator.identity(of: token)
                try await world.data.psql("UPDATE api_key_lookups SET revoked_at = now()")
                let found = try await world.authenticator.identity(of: token) != nil
                try await world.data.psql("UPDATE api_key_lookups SET revoked_at = NULL")
                return found
            }
            #expect(remembers)

            try await world.keys.revoke(key, of: clinic.organization, actor: .commandLine)
            #expect(try await eventually { try await world.authenticator.identity(of: token) == nil })
            #expect(try await eventually { try await !world.authenticator.isLive(caller(key, clinic.organization)) })
            #expect(try await world.count("audit_events", where: "action = 'api_key.revoke'") == 1)
            await #expect(throws: AccountError.self) {
                try await world.keys.revoke(key, of: clinic.organization, actor: .commandLine)
            }
        }
    }

    @Test func `an organization cannot revoke another's key`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let first = try await world.makeClinic(0)
            let second = try await world.makeClinic(1)
            let token = try await world.keys.issue(
                for: first.organization, role: .owner, label: "desk", actor: .commandLine)
            let key = try #require(try await world.authenticator.identity(of: token)).id
            await #expect(throws: AccountError.self) {
                try await world.keys.revoke(key, of: second.organization, actor: .commandLine)
            }
            #expect(try await world.authenticator.isLive(caller(key, first.organization)))
        }
    }
}
