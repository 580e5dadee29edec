import Accounts
import Audit
import Foundation
import GraphQL
import QueryEngine
import TestSupport
import TestWorld
import Testing

@Suite struct PlatformTests {
    static let platform = Caller(
        kind: .apiKey(id: UUID()), role: .platformAdmin, organization: nil, requestID: "request-platform")

    @Test func `the platform sees counts and the audit, of each organization apart`() async throws {
        try await withWorld { world in
            let first = try await world.makeTextingClinic(0)
            let second = try await world.makeTextingClinic(1)
            for index in 0..<3 { _ = try await world.send("Canary \(index)", to: "+1415555012\(index)", as: first) }
            _ = try await world.send("Canary", to: "+14155550130", as: second)
            try await world.syncWithHooks(first)
            _ = try await world.carrier.inbound(from: "+14155550120", to: first.number, body: "Canary")
            #expect(try await eventually { try await world.count("messages", where: "status = 'DELIVERED'") >= 4 })

            let answer = try await world.ask(
                """
                { platform {
                  organizations { nodes { slug messages messagesOutbound messagesInbound } }
                  auditEvents(filter: { action: "credential.register" }) { totalCount nodes { action outcome organizationId } }
                } }
                """, as: Self.platform)
            let platform = answer["data"]?["platform"]
            #expect(
                platform?["organizations"]?["nodes"] == [
                    ["slug": "clinic-0", "messages": 4, "messagesOutbound": 3, "messagesInbound": 1],
                    ["slug": "clinic-1", "messages": 1, "messagesOutbound": 1, "messagesInbound": 0],
                ])
            #expect(platform?["auditEvents"]?["totalCount"] == 2)
        }
    }

    @Test func `a key of the platform is listed without its token, expires, and is revoked everywhere`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let token = try await world.keys.issueForPlatform(
                role: .platformAdmin, label: "console", expiresAt: Date(timeIntervalSinceNow: 3_600),
                actor: .commandLine)
            let other = try await world.keys.issueForPlatform(
                role: .platformAuditor, label: "auditor", actor: .commandLine)
            let listed = try await world.keys.listOfPlatform()
            #expect(listed.map(\.label) == ["console", "auditor"])
            #expect(listed.map(\.role) == ["PLATFORM_ADMIN", "PLATFORM_AUDITOR"])
            #expect(listed.map(\.isRevoked) == [false, false] && listed[0].expiresAt != nil)
            #expect(!"\(listed)".contains(token))
            #expect(try await world.caller(token).role == .platformAdmin)
            try await world.keys.revokeForPlatform(listed[0].id, actor: .commandLine)
            #expect(try await eventually { await !world.isLetIn(token) })
            #expect(await world.isLetIn(other))
            #expect(try await world.keys.listOfPlatform().map(\.isRevoked) == [true, false])
            #expect(try await world.count("audit_events", where: "action = 'platform_api_key.revoke'") == 1)
            await #expect(throws: AccountError.self) {
                try await world.keys.revokeForPlatform(listed[0].id, actor: .commandLine)
            }
            // It ends by itself, too.
            let short = try await world.keys.issueForPlatform(
                role: .platformAdmin, label: "short", expiresAt: Date(timeIntervalSinceNow: 3_600),
                actor: .commandLine)
            try await world.data.psql(
                "UPDATE api_key_lookups SET expires_at = now() - interval '1 second' WHERE expires_at IS NOT NULL")
            #expect(await !world.isLetIn(short))
        }
    }

    @Test func `the platform gets at no body, no phone number and no ciphertext`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            _ = try await world.send("Canary", as: clinic)
            for table in ["messages", "contacts", "conversations", "phone_numbers", "credentials", "sealed_secrets"] {
                await #expect(throws: (any Error).self) {
                    try await world.data.psql("SELECT * FROM \(table)", as: "switchboard_platform")
                }
            }
            let refused = try await world.ask("{ messages { nodes { body } } }", as: Self.platform)
            #expect(refused["errors"] != nil && refused["data"]?["messages"] == nil)
            // Negative control: the same question by one who may ask, and what the role may read.
            let asked = try await world.ask("{ messages { nodes { body } } }", as: clinic.caller)
            #expect(asked["data"] == ["messages": ["nodes": [["body": "Canary"]]]])
            try await world.data.psql(
                "SELECT * FROM usage_counters; SELECT * FROM audit_events", as: "switchboard_platform")
        }
    }
}
