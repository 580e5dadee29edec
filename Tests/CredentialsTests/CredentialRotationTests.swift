import Credentials
import Foundation
import GraphQL
import OrderedCollections
import TestSupport
import TestWorld
import Testing
import Twilio
import TwilioSandbox

@Suite struct CredentialRotationTests {
    static let token = String(repeating: "b", count: 32)

    /// A clinic whose account at the carrier has a new token by now, and the credential with the former.
    static func withNewToken(
        _ body: @Sendable @escaping (World, Clinic, UUID) async throws -> Void
    ) async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            _ = try await world.register(clinic)
            let credential = try await world.credential(of: clinic)
            try await world.carrier.control("/accounts/\(clinic.account.sid)", #"{"authToken":"\#(token)"}"#)
            try await body(world, clinic, credential)
        }
    }

    @Test func `a planned rotation keeps the former token for signatures until its time, and for nothing else`()
        async throws
    {
        try await Self.withNewToken { world, clinic, credential in
            let payload = try await world.rotate(
                credential, ["authToken": .string(Self.token), "previousTokenMinutes": 30], as: clinic)
            #expect(payload.refusal == nil)
            #expect(payload["credential"]?["secretHint"] == "bbbb")
            #expect(payload["credential"]?["previousTokenUntil"]?.stringValue != nil)
            let lease = try await world.credentials.lease(clinic.organization, credential: credential, purpose: .send)
            #expect(lease.version == 2)
            _ = try await lease.client.accounts.fetch()
            #expect(lease.signingKeys(at: Date()).authTokens.count == 2)
            #expect(lease.signingKeys(at: Date() + 29 * 60).authTokens.count == 2)
            // The lease may be older than that: it is asked each time.
            #expect(lease.signingKeys(at: Date() + 31 * 60).authTokens.count == 1)
            try await world.data.psql("UPDATE credentials SET previous_token_until = now() - interval '1 second'")
            let later = world.makeCredentialManager()
            let fresh = try await later.lease(clinic.organization, credential: credential, purpose: .send)
            #expect(fresh.signingKeys(at: Date(timeIntervalSince1970: 0)).authTokens.count == 1)
            #expect(
                try await world.count("audit_events", where: "action = 'credential.rotate' AND purpose = 'PLANNED'")
                    == 1)
        }
    }

    @Test func `the former token is destroyed when its time has come, and not before`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeClinic()
            _ = try await world.register(clinic)
            let credential = try await world.credential(of: clinic)
            let token = String(repeating: "c", count: 32)
            try await world.carrier.control("/accounts/\(clinic.account.sid)", #"{"authToken":"\#(token)"}"#)
            let rotated = try await world.rotate(
                credential, ["authToken": .string(token), "reason": "PLANNED", "previousTokenMinutes": .int(60)],
                as: clinic)
            #expect(rotated.refusal == nil)
            #expect(try await world.count("sealed_secrets") == 2)
            // The job comes too early, sees it, and waits.
            try await world.hurry("credential.forget_previous")
            #expect(
                try await eventually {
                    try await world.count(
                        "jobs", where: "state = 'AVAILABLE' AND run_at > now() + interval '50 minutes'") == 1
                })
            #expect(try await world.count("sealed_secrets") == 2)
            try await world.data.psql("UPDATE credentials SET previous_token_until = now() - interval '1 second'")
            try await world.hurry("credential.forget_previous")
            #expect(try await eventually { try await world.count("sealed_secrets", where: "version = 1") == 0 })
            #expect(try await eventually { try await world.count("jobs") == 0 })
            #expect(try await world.count("audit_events", where: "action = 'credential.forget_previous'") == 1)
            #expect(try await world.count("credentials", where: "previous_token_until IS NULL") == 1)
            // The one in force is there and works.
            let lease = try await world.credentials.lease(clinic.organization, credential: credential, purpose: .send)
            _ = try await lease.client.accounts.fetch()
        }
    }

    @Test func `a rotation because of a leak leaves nothing of the former token`() async throws {
        try await Self.withNewToken { world, clinic, credential in
            let former = try await world.credentials.lease(
                clinic.organization, credential: credential, purpose: .webhook)
            #expect(former.signingKeys(at: Date()).authTokens.count == 1)
            let key = try await world.value("SELECT id FROM organization_keys")
            let payload = try await world.rotate(
                credential, ["authToken": .string(Self.token), "reason": "LEAKED"], as: clinic)
            // Neither the key that it was under.
            #expect(try await world.count("organization_keys") == 1)
            #expect(try await world.count("organization_keys", where: "id = '\(key)'") == 0)
            #expect(
                try await world.count(
                    "audit_events", where: "action = 'organization_key.destroy' AND actor_kind = 'API_KEY'") == 1)
            #expect(payload["credential"]?["previousTokenUntil"]?.isNull == true)
            let lease = try await world.credentials.lease(
                clinic.organization, credential: credential, purpose: .webhook)
            #expect(lease !== former)
            #expect(lease.signingKeys(at: Date()).authTokens.count == 1)
            #expect(try await world.count("sealed_secrets") == 1)
            #expect(try await world.count("sealed_secrets", where: "version = 2") == 1)
        }
    }

    @Test func `Twilio's second token is made, sealed, and only then promoted`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            _ = try await world.register(clinic)
            let credential = try await world.credential(of: clinic)
            let payload = try await world.rotate(credential, ["promoteSecondaryToken": true], as: clinic)
            #expect(payload.refusal == nil)
            #expect(payload["credential"]?["lastError"]?.isNull == true)
            let lease = try await world.credentials.lease(clinic.organization, credential: credential, purpose: .send)
            _ = try await lease.client.accounts.fetch()
            #expect(lease.signingKeys(at: Date()).authTokens.count == 2)
            // The former is Twilio's no more.
            #expect(try await world.register(clinic).refusal == "TWILIO_REFUSED")
            #expect(
                try await world.count("audit_events", where: "action = 'credential.promote' AND outcome = 'DONE'") == 1)
        }
    }

    @Test func `a token that could not be promoted is kept and in use, and its owner told what to do`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            _ = try await world.register(clinic)
            let credential = try await world.credential(of: clinic)
            try await world.carrier.misbehave(#"{"match":{"path":"/AuthTokens/Promote"},"do":"status","status":500}"#)
            let payload = try await world.rotate(credential, ["promoteSecondaryToken": true], as: clinic)
            #expect(payload["credential"]?["lastError"]?.stringValue?.contains("promote the secondary token") == true)
            let lease = try await world.credentials.lease(clinic.organization, credential: credential, purpose: .send)
            #expect(lease.version == 2)
            _ = try await lease.client.accounts.fetch()
        }
    }

    @Test func `a late refusal of the former token costs neither the message nor the new token`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            let credential = try await world.credential(of: clinic)
            // Twilio refuses the token while it is being replaced, and its answer is long on the way.
            let match = #""match":{"method":"POST","path":"/Messages"},"times":1"#
            try await world.carrier.misbehave(#"{\#(match),"do":"latency","milliseconds":5000}"#)
            try await world.carrier.misbehave(#"{\#(match),"do":"status","status":401,"code":20003}"#)
            _ = try await world.send(as: clinic)
            let isAsked = try await eventually { try await world.carrier.posts() == 1 }
            #expect(isAsked)
            let payload = try await world.rotate(credential, ["promoteSecondaryToken": true], as: clinic)
            #expect(payload.refusal == nil)
            // The answer that is long on the way takes half of the time that is waited once.
            for _ in 0..<3 where try await world.status() != "DELIVERED" {
                _ = try await eventually { try await world.status() == "DELIVERED" }
            }
            let history = try await world.history()
            let reason = try await world.value("SELECT error_code, error_message FROM messages")
            #expect(history.last == "DELIVERED", "\(history) \(reason)")
            #expect(try await world.value("SELECT status || secret_version FROM credentials") == "VERIFIED2")
            try await world.credentials.markInvalid(
                credential, of: clinic.organization, version: 1, reason: "late")
            #expect(try await world.value("SELECT status FROM credentials") == "VERIFIED")
            // Negative control: a refusal of the version that counts.
            try await world.credentials.markInvalid(
                credential, of: clinic.organization, version: 2, reason: "now")
            #expect(try await world.value("SELECT status FROM credentials") == "INVALID")
        }
    }

    @Test func `what Twilio refuses changes nothing and is audited`() async throws {
        try await Self.withNewToken { world, clinic, credential in
            let before = try await world.value("SELECT encode(sealed, 'hex') FROM sealed_secrets")
            let payload = try await world.rotate(
                credential, ["authToken": .string(String(repeating: "0", count: 32))], as: clinic)
            #expect(payload.refusal == "TWILIO_REFUSED")
            #expect(try await world.rotate(credential, [:], as: clinic).refusal == "NOTHING_TO_ROTATE")
            #expect(
                try await world.rotate(
                    credential, ["authToken": .string(Self.token), "previousTokenMinutes": 0], as: clinic
                ).refusal == "INVALID_MINUTES")
            #expect(
                try await world.rotate(UUID(), ["authToken": .string(Self.token)], as: clinic).refusal == "NOT_FOUND")
            await world.carrier.stop()
            #expect(
                try await world.rotate(credential, ["authToken": .string(Self.token)], as: clinic).refusal
                    == "TWILIO_UNREACHABLE")
            #expect(try await world.value("SELECT encode(sealed, 'hex') FROM sealed_secrets") == before)
            #expect(
                try await world.count("audit_events", where: "action = 'credential.rotate' AND outcome = 'REFUSED'")
                    == 1)
        }
    }

    @Test func `an API key alone is refused with the reason, and serves beside a shared key for webhooks`() async throws
    {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let key = clinic.account.apiKeys[0]
            let alone = try await world.mutate(
                "registerTwilioCredential",
                [
                    "accountSid": .string(clinic.account.sid), "apiKeySid": .string(key.sid),
                    "apiKeySecret": .string(key.secret),
                ], "credential { id }", as: clinic)
            #expect(alone.refusal == "WEBHOOK_SECRET_REQUIRED")
            #expect(alone.refusalMessage?.contains("alone cannot tell") == true)
            let served = try await world.mutate(
                "registerTwilioCredential",
                [
                    "accountSid": .string(clinic.account.sid), "apiKeySid": .string(key.sid),
                    "apiKeySecret": .string(key.secret), "sharedKeyId": "key-1",
                    "sharedKeySecret": "a shared secret of some length",
                ], "credential { status }", as: clinic)
            #expect(served["credential"]?["status"] == "VERIFIED")
            let credential = try await world.credential(of: clinic)
            let lease = try await world.credentials.lease(
                clinic.organization, credential: credential, purpose: .webhook)
            #expect(lease.signingKeys(at: Date()).authTokens.isEmpty)
            #expect(lease.signingKeys(at: Date()).sharedKeys.keys.sorted() == ["key-1"])
            let id: JSONValue = .string("cred_" + credential.uuidString.lowercased().replacing("-", with: ""))
            let payload = try await world.mutate(
                "verifyCredential", ["id": id], "credential { status } checks { name state message remedy }", as: clinic
            )
            #expect(Self.states(payload)["API_KEY"] == "PASSED")
            #expect(Self.states(payload)["ACCOUNT_STATUS"] == "SKIPPED")
            #expect(Self.states(payload)["NUMBERS"] == "PASSED")
        }
    }

    static func states(_ payload: JSONValue) -> [String: String] {
        Dictionary(
            (payload["checks"]?.arrayValue ?? []).map {
                ($0["name"]?.stringValue ?? "", $0["state"]?.stringValue ?? "")
            }
        ) { first, _ in first }
    }

    @Test func `a check-up names each problem with its remedy`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let id = try await world.register(clinic)["credential"]?["id"] ?? .null
            func look() async throws -> JSONValue {
                try await world.mutate(
                    "verifyCredential", ["id": id], "credential { status } checks { name state message remedy }",
                    as: clinic)
            }
            let well = Self.states(try await look())
            for name in ["AUTH_TOKEN", "ACCOUNT_STATUS", "ACCOUNT_TYPE", "BALANCE", "NUMBERS", "WEBHOOK_SIGNATURES"] {
                #expect(well[name] == "PASSED", "\(name)")
            }
            try await world.carrier.control(
                "/accounts/\(clinic.account.sid)", #"{"type":"Trial","balance":"-1.50"}"#)
            let poor = try await look()
            #expect(Self.states(poor)["ACCOUNT_TYPE"] == "WARNING")
            #expect(Self.states(poor)["BALANCE"] == "FAILED")
            for check in poor["checks"]?.arrayValue ?? [] where check["state"] != "PASSED" {
                #expect(check["remedy"]?.stringValue?.isEmpty == false)
            }
            try await world.carrier.control("/accounts/\(clinic.account.sid)", #"{"status":"suspended"}"#)
            let suspended = try await look()
            #expect(Self.states(suspended)["ACCOUNT_STATUS"] == "FAILED")
            #expect(suspended["credential"]?["status"] == "INVALID")
        }
    }

    @Test func `another credential becomes the default, and only one is`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            _ = try await world.register(clinic)
            let second = try await world.register(
                clinic, account: world.carrier.accounts[1], more: ["makeDefault": false])
            #expect(second["credential"]?["isDefault"] == false)
            let payload = try await world.mutate(
                "makeDefaultCredential", ["id": second["credential"]?["id"] ?? .null], "credential { isDefault }",
                as: clinic)
            #expect(payload["credential"]?["isDefault"] == true)
            #expect(try await world.count("credentials", where: "is_default") == 1)
        }
    }
}
