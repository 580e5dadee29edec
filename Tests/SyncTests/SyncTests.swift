import Credentials
import GraphQL
import JobQueue
import TestSupport
import TestWorld
import Testing
import Twilio
import TwilioSandbox

@Suite struct SyncTests {
    static let tables = ["phone_numbers", "messages", "contacts", "conversations", "message_status_events"]

    static func counts(_ world: World) async throws -> [Int] {
        var counts: [Int] = []
        for table in tables { counts.append(try await world.count(table)) }
        return counts
    }

    static func registered(_ world: World, _ account: Int = 0) async throws -> Clinic {
        let clinic = try await world.makeClinic(account)
        _ = try await world.register(clinic)
        return clinic
    }

    /// Where the clinic's first number has its messages go, as the carrier has it.
    static func smsURL(_ world: World, _ clinic: Clinic) async throws -> String? {
        try await world.carrier.control("/accounts")["accounts"]?.arrayValue?
            .first { $0["sid"]?.stringValue == clinic.account.sid }?["numbers"]?.arrayValue?.first?["smsURL"]?
            .stringValue
    }

    @Test func `numbers and past messages come in, and a second run changes nothing more`() async throws {
        try await withWorld { world in
            let clinic = try await Self.registered(world)
            #expect(try await world.sync(clinic) == "COMPLETED")
            #expect(try await Self.counts(world) == [2, 3, 2, 2, 3])
            let status = "{ syncStatus { numbersFound messagesFound messagesAdded } }"
            #expect(
                try await world.ask(status, as: clinic.caller)["data"]?["syncStatus"]
                    == ["numbersFound": 2, "messagesFound": 3, "messagesAdded": 3])
            #expect(
                try await world.value(
                    "SELECT string_agg(direction || ' ' || status, ',' ORDER BY created_at) FROM messages")
                    == "OUTBOUND DELIVERED,INBOUND RECEIVED,OUTBOUND UNDELIVERED")
            #expect(try await world.count("usage_counters") == 0, "Switchboard did not carry them")
            #expect(try await world.value("SELECT max(unread_count) FROM conversations") == "0")

            #expect(try await world.sync(clinic) == "COMPLETED")
            #expect(try await Self.counts(world) == [2, 3, 2, 2, 3])
            #expect(
                try await world.ask(status, as: clinic.caller)["data"]?["syncStatus"]
                    == ["numbersFound": 2, "messagesFound": 3, "messagesAdded": 0])
        }
    }

    @Test func `files of messages whose webhook was lost come with them, each once`() async throws {
        try await withWorld { world in
            // Its numbers call nobody yet, so no webhook tells.
            let clinic = try await Self.registered(world)
            let report = try await world.carrier.control(
                "/inbound", #"{"from":"+14155550123","to":"\#(clinic.number)","body":"Look","numMedia":2}"#)
            let sid = try #require(report["messageSid"]?.stringValue)
            #expect(try await world.sync(clinic, policy: "NEVER") == "COMPLETED")
            let isStored = try await eventually {
                try await world.count("message_media", where: "state = 'STORED'") == 2
            }
            #expect(isStored)
            #expect(try await world.count("media_contents") == 1)
            let media = try await world.ask(
                "{ messages(filter: {direction: INBOUND}) { nodes { body media { position contentType state } } } }",
                as: clinic.caller)
            let found = media["data"]?["messages"]?["nodes"]?.arrayValue?.first { $0["body"] == "Look" }
            #expect(
                found?["media"] == [
                    ["position": 0, "contentType": "image/png", "state": "STORED"],
                    ["position": 1, "contentType": "image/png", "state": "STORED"],
                ])
            // Twilio was asked for the files of the one message that has any, and is not asked again.
            #expect(try await world.carrier.control("/requests?method=GET&path=/Media.json")["count"] == 1)
            #expect(try await world.sync(clinic, policy: "NEVER") == "COMPLETED")
            // A webhook that comes after all tells nothing new.
            let first = try await world.value("SELECT twilio_sid FROM message_media WHERE position = 0")
            let webhook = SignedWebhook(
                world.hooks.inbound(try await world.hook(of: clinic)),
                [
                    ("AccountSid", clinic.account.sid), ("MessageSid", sid), ("From", "+14155550123"),
                    ("To", clinic.number), ("Body", "Look"), ("NumMedia", "1"),
                    ("MediaUrl0", "https://api.twilio.com/x/\(first)"), ("MediaContentType0", "image/png"),
                ], token: clinic.account.authToken)
            #expect(try await webhook.post(in: world) == 204)
            #expect(try await eventually { try await world.count("jobs", where: "kind LIKE 'media%'") == 0 })
            #expect(try await world.count("message_media") == 2)
            #expect(try await world.carrier.control("/requests?method=GET&path=/Media.json")["count"] == 1)
        }
    }

    @Test func `files of a message that was redacted meanwhile are left where they are`() async throws {
        try await withWorld { world in
            let clinic = try await Self.registered(world)
            try await world.carrier.control(
                "/inbound", #"{"from":"+14155550123","to":"\#(clinic.number)","body":"Look","numMedia":1}"#)
            #expect(try await world.sync(clinic, policy: "NEVER") == "COMPLETED")
            #expect(try await eventually { try await world.count("message_media", where: "state = 'STORED'") == 1 })
            let ask = """
                INSERT INTO jobs (org_id, kind, subject_id) SELECT org_id, 'media.list', id FROM messages
                  WHERE body IN ('Look', '') AND direction = 'INBOUND'
                """
            try await world.data.psql(
                "DELETE FROM message_media; UPDATE messages SET body = '', redacted_at = now() WHERE body = 'Look'; \(ask)"
            )
            #expect(try await eventually { try await world.count("jobs", where: "kind LIKE 'media%'") == 0 })
            #expect(try await world.count("message_media") == 0)
            // Negative control: it is the redaction that keeps them away.
            try await world.data.psql("UPDATE messages SET redacted_at = NULL; \(ask)")
            #expect(try await eventually { try await world.count("message_media", where: "state = 'STORED'") == 1 })
        }
    }

    @Test func `what was sent from here is not brought in a second time, also while its attempt is in doubt`()
        async throws
    {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.carrier.misbehave(#"{"do":"no_callbacks"}"#)
            try await world.carrier.misbehave(
                #"{"do":"drop_after","times":1,"match":{"method":"POST","path":"/Messages"}}"#)
            _ = try await world.send(as: clinic)
            #expect(try await eventually { try await world.status() == "IN_DOUBT" })
            #expect(try await world.sync(clinic) == "COMPLETED")
            #expect(try await world.count("messages", where: "to_address = '+14155550123'") == 1)
            // Were it here twice, its own doubt could not be settled.
            try await world.hurry("message.settle_doubt")
            #expect(try await eventually { try await world.status() == "DELIVERED" })
            #expect(try await world.sync(clinic) == "COMPLETED")
            #expect(try await world.count("messages", where: "to_address = '+14155550123'") == 1)
        }
    }

    @Test func `a number that the account no longer has becomes inactive, and is no sender any more`() async throws {
        try await withWorld { world in
            let clinic = try await Self.registered(world)
            #expect(try await world.sync(clinic) == "COMPLETED")
            let lease = try await world.credentials.lease(
                clinic.organization, credential: try await world.credential(of: clinic), purpose: .sync)
            for try await number in lease.client.incomingPhoneNumbers.list() where number.phoneNumber == clinic.number {
                try await lease.client.incomingPhoneNumbers.delete(number.sid)
            }
            #expect(try await world.sync(clinic) == "COMPLETED")
            #expect(try await world.value("SELECT number FROM phone_numbers WHERE NOT is_active") == clinic.number)
            #expect(try await world.count("phone_numbers", where: "is_active") == 1)
            #expect(try await world.send(as: clinic).refusal == "SENDER_NOT_OWNED")
        }
    }

    @Test func `numbers are pointed here as the policy says`() async throws {
        try await withWorld { world in
            let clinic = try await Self.registered(world)
            #expect(try await world.sync(clinic, policy: "NEVER") == "COMPLETED")
            #expect(try await Self.smsURL(world, clinic) == nil)
            #expect(try await world.sync(clinic, policy: "WHEN_EMPTY") == "COMPLETED")
            let ours = world.hooks.inbound(try await world.hook(of: clinic))
            #expect(try await Self.smsURL(world, clinic) == ours)

            let elsewhere = "http://127.0.0.1:9/elsewhere"
            let lease = try await world.credentials.lease(
                clinic.organization, credential: try await world.credential(of: clinic), purpose: .sync)
            for try await number in lease.client.incomingPhoneNumbers.list() {
                var settings = IncomingPhoneNumber.Update()
                settings.smsUrl = elsewhere
                _ = try await lease.client.incomingPhoneNumbers.update(number.sid, settings)
            }
            #expect(try await world.sync(clinic, policy: "WHEN_EMPTY") == "COMPLETED")
            #expect(try await Self.smsURL(world, clinic) == elsewhere)
            #expect(try await world.sync(clinic, policy: "ALWAYS") == "COMPLETED")
            #expect(try await Self.smsURL(world, clinic) == ours)
        }
    }

    @Test func `a hook of a credential that was revoked counts as empty`() async throws {
        try await withWorld { world in
            let clinic = try await Self.registered(world)
            #expect(try await world.sync(clinic) == "COMPLETED")
            let before = try await Self.smsURL(world, clinic)
            try await world.revoke(clinic)
            _ = try await world.register(clinic)
            #expect(try await world.sync(clinic) == "COMPLETED")
            let after = try await Self.smsURL(world, clinic)
            #expect(after != before)
            let hook = try await world.hook(of: clinic)
            #expect(after == world.hooks.inbound(hook))
        }
    }

    @Test func `a token that Twilio no longer accepts ends the run with a sentence, and the credential is invalid`()
        async throws
    {
        try await withWorld { world in
            let clinic = try await Self.registered(world)
            try await world.carrier.control(
                "/accounts/\(clinic.account.sid)", #"{"authToken":"\#(String(repeating: "0", count: 32))"}"#)
            #expect(try await world.sync(clinic) == "FAILED")
            let error = try await world.ask("{ syncStatus { state error } }", as: clinic.caller)["data"]?["syncStatus"]
            #expect(error?["state"] == "FAILED")
            #expect(error?["error"]?.stringValue?.contains("auth token") == true)
            #expect(try await world.value("SELECT status FROM credentials") == "INVALID")
            #expect(try await Self.counts(world) == [0, 0, 0, 0, 0])
        }
    }

    @Test func `an account that is not proved is not read`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeClinic()
            await world.carrier.stop()
            _ = try await world.register(clinic)
            try await world.carrier.start()
            #expect(try await world.sync(clinic) == "FAILED")
            #expect(try await world.value("SELECT error FROM sync_runs").contains("verifyCredential"))
            #expect(try await world.carrier.control("/requests")["count"] == 0)
        }
    }

    @Test func `without a credential there is nothing to sync with`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeClinic()
            #expect(try await world.sync(clinic) == "TWILIO_NOT_CONFIGURED")
            let other = try await Self.registered(world, 1)
            let foreign =
                try await world.ask("{ credentials { id } }", as: other.caller)["data"]?["credentials"]?
                .arrayValue?.first?["id"] ?? .null
            let payload = try await world.mutate("startSync", ["credentialId": foreign], "sync { state }", as: clinic)
            #expect(payload.refusal == "NOT_FOUND")
        }
    }

    @Test func `a run that was killed in the middle is taken up again, and does nothing twice`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await Self.registered(world)
            try await world.carrier.misbehave(
                #"{"do":"latency","milliseconds":30000,"times":1,"match":{"method":"GET","path":"/Messages"}}"#)
            _ = try await world.mutate("startSync", [:], "sync { state }", as: clinic)
            let worker = world.worker()
            let dying = Task { await worker.run() }
            // The numbers are in, and the first page of messages is under way.
            let isReading = try await eventually {
                try await world.carrier.control("/requests?method=GET&path=/Messages")["count"] == 1
            }
            #expect(isReading)
            #expect(try await world.count("phone_numbers") == 2)
            dying.cancel()
            await dying.value
            #expect(try await world.value("SELECT state FROM sync_runs") == "RUNNING")
            try await world.data.psql("UPDATE jobs SET lease_until = now() WHERE state = 'RUNNING'")
            // One that runs is answered with, not started beside.
            _ = try await world.mutate("startSync", [:], "sync { state }", as: clinic)
            #expect(try await world.count("sync_runs") == 1)
            try await world.working {
                let isDone = try await eventually {
                    try await world.hurry("sync.run")
                    return try await world.value("SELECT state FROM sync_runs") == "COMPLETED"
                }
                #expect(isDone)
            }
            #expect(try await Self.counts(world) == [2, 3, 2, 2, 3])
        }
    }
}
