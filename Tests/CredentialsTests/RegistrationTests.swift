import GraphQL
import OrderedCollections
import QueryEngine
import TestWorld
import Testing
import TwilioSandbox

@Suite struct RegistrationTests {
    /// What a registration leaves behind, over all organizations.
    static func traces(_ world: World) async throws -> [Int] {
        [
            try await world.count("credentials"), try await world.count("sealed_secrets"),
            try await world.count("hook_tokens"), try await world.count("twilio_account_claims"),
        ]
    }

    @Test func `a token that Twilio accepts is kept, verified and audited`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let payload = try await world.register(clinic)
            #expect(payload["credential"]?["status"] == "VERIFIED")
            #expect(payload["credential"]?["isDefault"] == true)
            #expect(payload["credential"]?["label"] == "North Clinic")
            #expect(try await Self.traces(world) == [1, 1, 1, 1])
            #expect(
                try await world.count("audit_events", where: "action = 'credential.register' AND outcome = 'DONE'") == 1
            )
        }
    }

    @Test func `a wrong token is refused with what to do, nothing is kept, and the refusal is audited`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let payload = try await world.register(clinic, token: String(repeating: "0", count: 32))
            #expect(payload.refusal == "TWILIO_REFUSED")
            #expect(payload.refusalMessage?.contains("Twilio console") == true)
            #expect(payload["credential"]?.isNull == true)
            #expect(try await Self.traces(world) == [0, 0, 0, 0])
            #expect(
                try await world.value(
                    "SELECT outcome, purpose, actor_kind FROM audit_events WHERE action = 'credential.register'")
                    == "REFUSED|TWILIO_REFUSED|API_KEY")
        }
    }

    @Test(arguments: [
        ("AC123", String(repeating: "0", count: 32), "INVALID_ACCOUNT_SID"),
        ("AC" + String(repeating: "0", count: 32), "short", "INVALID_AUTH_TOKEN"),
    ])
    func `what cannot be a credential is not even asked about`(sid: String, token: String, code: String) async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let payload = try await world.mutate(
                "registerTwilioCredential", ["accountSid": .string(sid), "authToken": .string(token)],
                "credential { id }", as: clinic)
            #expect(payload.refusal == code)
            #expect(try await world.carrier.control("/requests")["count"] == 0)
        }
    }

    @Test func `while Twilio cannot be reached it is kept unverified, cannot be used, and is verified later`()
        async throws
    {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            await world.carrier.stop()
            let payload = try await world.register(clinic)
            #expect(payload["credential"]?["status"] == "UNVERIFIED")
            #expect(payload["credential"]?["lastError"]?.stringValue?.contains("verifyCredential") == true)
            #expect(try await Self.traces(world) == [1, 1, 1, 0], "an account is claimed only when it is proved")
            #expect(
                try await world.mutate(
                    "sendMessage", ["to": "+14155550123", "body": "Hello"], "message { id }", as: clinic
                ).refusal == "CREDENTIAL_UNVERIFIED")

            let input: JSONValue = ["id": payload["credential"]?["id"] ?? .null]
            let unreachable = try await world.mutate("verifyCredential", input, "credential { status }", as: clinic)
            #expect(unreachable.refusal == "TWILIO_UNREACHABLE")

            try await world.carrier.start()
            let verified = try await world.mutate(
                "verifyCredential", input, "credential { status lastError }", as: clinic)
            #expect(verified["credential"]?["status"] == "VERIFIED")
            #expect(verified["credential"]?["lastError"]?.isNull == true)
            #expect(try await Self.traces(world) == [1, 1, 1, 1])
        }
    }

    @Test func `a verified credential that Twilio cannot be asked about stays verified`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let id = try await world.register(clinic)["credential"]?["id"] ?? .null
            await world.carrier.stop()
            let answer = try await world.mutate("verifyCredential", ["id": id], "credential { status }", as: clinic)
            #expect(answer.refusal == "TWILIO_UNREACHABLE")
            #expect(try await world.value("SELECT status, last_error IS NULL FROM credentials") == "VERIFIED|t")
        }
    }

    @Test func `who proves an account that another organization has is told so, and nobody else is`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let first = try await world.makeClinic(0)
            let second = try await world.makeClinic(1)
            _ = try await world.register(first)
            let before = try await Self.traces(world)

            let proved = try await world.register(second, account: first.account)
            #expect(proved.refusal == "ACCOUNT_ALREADY_REGISTERED")
            let wrong = String(repeating: "0", count: 32)
            let guessed = try await world.register(second, account: first.account, token: wrong)
            var nobodys = first.account
            nobodys.sid = "AC" + wrong
            let unknown = try await world.register(second, account: nobodys, token: wrong)
            #expect(guessed.refusal == "TWILIO_REFUSED")
            #expect(guessed == unknown, "the answer must not tell whether the account is known here")
            #expect(try await Self.traces(world) == before)
            #expect(
                try await world.count(
                    "audit_events", where: "org_id = '\(second.organization)' AND outcome = 'REFUSED'") == 3)
        }
    }

    @Test func `an account stays its organization's after the credential was revoked, and may be registered anew`()
        async throws
    {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let first = try await world.makeClinic(0)
            let second = try await world.makeClinic(1)
            _ = try await world.register(first)
            #expect(try await world.register(first).refusal == "CREDENTIAL_EXISTS")
            try await world.revoke(first)
            #expect(try await world.register(second, account: first.account).refusal == "ACCOUNT_ALREADY_REGISTERED")
            #expect(try await world.register(first)["credential"]?["status"] == "VERIFIED")
        }
    }

    @Test func `an API key is proved beside the token, and used`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let key = clinic.account.apiKeys[0]
            let wrong = try await world.register(
                clinic,
                more: ["apiKeySid": .string(key.sid), "apiKeySecret": .string(String(repeating: "0", count: 32))])
            #expect(wrong.refusal == "TWILIO_REFUSED")
            #expect(try await Self.traces(world) == [0, 0, 0, 0])
            let alone = try await world.register(clinic, more: ["apiKeySid": .string(key.sid)])
            #expect(alone.refusal == "INVALID_API_KEY")
            let right = try await world.register(
                clinic, more: ["apiKeySid": .string(key.sid), "apiKeySecret": .string(key.secret)])
            #expect(right["credential"]?["status"] == "VERIFIED")
            #expect(try await Self.traces(world) == [1, 2, 1, 1])
        }
    }

    @Test func `of two organizations that register one account at once, exactly one gets it`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let first = try await world.makeClinic(0)
            let second = try await world.makeClinic(1)
            let answers = try await withThrowingTaskGroup(of: JSONValue.self) { group in
                for clinic in [first, second] {
                    group.addTask { try await world.register(clinic, account: first.account) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.filter { $0["credential"]?["status"] == "VERIFIED" }.count == 1)
            #expect(answers.filter { $0.refusal == "ACCOUNT_ALREADY_REGISTERED" }.count == 1)
            #expect(try await Self.traces(world) == [1, 1, 1, 1])
        }
    }

    @Test(arguments: [true, false])
    func `of several registrations of one organization at once, one is the default`(wanted: Bool) async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let answers = try await withThrowingTaskGroup(of: JSONValue.self) { group in
                for account in world.carrier.accounts {
                    group.addTask {
                        try await world.register(clinic, account: account, more: ["makeDefault": .bool(wanted)])
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.allSatisfy { $0["credential"]?["status"] == "VERIFIED" })
            #expect(try await world.count("credentials") == 3)
            #expect(try await world.count("credentials", where: "is_default") == 1)
            #expect(try await world.count("organization_keys") == 1)
        }
    }
}
