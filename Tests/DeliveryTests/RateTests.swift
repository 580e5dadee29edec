import Credentials
import GraphQL
import JobQueue
import QueryEngine
import TestSupport
import TestWorld
import Testing
import TwilioSandbox

/// How fast a sender goes, over all nodes, and who is not held up by it.
@Suite struct RateTests {
    /// Forty messages, ten a second, by two nodes that know nothing of each other. Answers the most that were begun within any
    /// second, and how many seconds lay between the first and the last.
    static func sendByTwoNodes(_ world: World, segmentsPerSecond: Int) async throws -> (most: Int, seconds: Double) {
        let clinic = try await world.makeTextingClinic()
        try await world.data.psql("UPDATE phone_numbers SET segments_per_second = \(segmentsPerSecond)")
        return try await sendForty(world, clinic)
    }

    private static func sendForty(_ world: World, _ clinic: Clinic) async throws -> (most: Int, seconds: Double) {
        for index in 0..<40 { _ = try await world.send(to: "+141555501\(index + 10)", as: clinic) }
        return try await handOver(40, world)
    }

    private static func handOver(_ count: Int, _ world: World) async throws -> (most: Int, seconds: Double) {
        try await world.carrier.misbehave(#"{"do":"no_callbacks"}"#)
        try await world.working {
            try await world.workingElsewhere {
                let areOut = try await eventually {
                    try await world.count("messages", where: "status = 'ACCEPTED'") == count
                }
                #expect(areOut)
            }
        }
        let most = try await world.value(
            """
            SELECT max((SELECT count(*) FROM message_attempts b
                        WHERE b.started_at >= a.started_at AND b.started_at < a.started_at + interval '1 second'))
            FROM message_attempts a
            """)
        let seconds = try await world.value(
            "SELECT extract(epoch FROM max(started_at) - min(started_at)) FROM message_attempts")
        return (Int(most) ?? 0, Double(seconds) ?? 0)
    }

    @Test func `two nodes together do not go faster than their sender may`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let (most, seconds) = try await Self.sendByTwoNodes(world, segmentsPerSecond: 10)
            // Ten, the one that the second ends with, and what may be late: a quarter of a second's worth.
            #expect(most <= 14)
            #expect(seconds >= 39.0 / 10 - 0.5)
            #expect(try await world.carrier.posts() == 40)
        }
    }

    @Test func `negative control: without a limit they do`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let (most, _) = try await Self.sendByTwoNodes(world, segmentsPerSecond: 0)
            #expect(most > 14)
        }
    }

    @Test func `two nodes together do not go faster than the account may, whatever its numbers may`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            try await world.data.psql("UPDATE phone_numbers SET segments_per_second = 0")
            let id = JSONValue.string(OpaqueID.encode(try await world.credential(of: clinic), prefix: "cred"))
            func set(_ rate: JSONValue) async throws -> JSONValue {
                try await world.mutate(
                    "configureMessagingAccount", ["credentialId": id, "messagesPerSecond": rate],
                    "account { messagesPerSecond }", as: clinic)
            }
            #expect(try await set(-1).refusal == "INVALID_RATE")
            #expect(try await set(10)["account"] == ["messagesPerSecond": 10])
            let (most, seconds) = try await Self.sendForty(world, clinic)
            #expect(most <= 14)
            #expect(seconds >= 39.0 / 10 - 0.5)
        }
    }

    @Test func `two nodes together send no more than 25 messages with files a second for an account`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await BulkTests.fastClinic(world)
            for index in 0..<80 { _ = try await world.send(to: BulkTests.phone(index), as: clinic) }
            try await world.data.psql(
                """
                INSERT INTO message_media (org_id, message_id, position, state, url)
                SELECT org_id, id, 0, 'LINKED', '\(world.carrier.url)/_files/x-ray.png' FROM messages
                """)
            let (most, seconds) = try await Self.handOver(80, world)
            // Likewise: a quarter of a second's worth may be late.
            #expect(most <= 25 + 1 + 7)
            #expect(seconds >= 79.0 / 25 - 0.5)
        }
    }

    @Test func `a toll-free number sends three a second`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            try await world.data.psql("UPDATE phone_numbers SET number_type = 'TOLL_FREE'")
            for index in 10..<22 { _ = try await world.send(to: "+141555501\(index)", as: clinic) }
            try await world.working {
                let areOut = try await eventually {
                    try await world.count("messages", where: "status = 'DELIVERED'") == 12
                }
                #expect(areOut)
            }
            // Of a local number the last would wait for eleven seconds, without a rate for none.
            let seconds = try await world.value(
                "SELECT extract(epoch FROM max(started_at) - min(started_at)) FROM message_attempts")
            #expect((3..<9).contains(Double(seconds) ?? 0))
        }
    }

    @Test func `a long text counts by its segments`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            _ = try await world.send(String(repeating: "a", count: 400), as: clinic)
            #expect(try await eventually { try await world.status() == "DELIVERED" })
            _ = try await world.send("Hello", to: "+14155550124", as: clinic)
            #expect(try await eventually { try await world.count("messages", where: "status = 'DELIVERED'") == 2 })
            // One a second is the rate of a local number: the second has waited for three.
            let seconds = try await world.value(
                "SELECT extract(epoch FROM max(started_at) - min(started_at)) FROM message_attempts")
            #expect((Double(seconds) ?? 0) > 2.7)
        }
    }

    @Test func `21611 halves the sender's speed once, and 20429 the account's`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.carrier.misbehave(TemporaryRefusalTests.refusal(status: 429, code: 21_611))
            _ = try await world.send(as: clinic)
            let slowdown = "SELECT round(slowness) || ' ' || slowdowns FROM sender_lanes WHERE sender = "
            #expect(try await eventually { try await world.value(slowdown + "'\(clinic.number)'") == "2 1" })
            #expect(try await world.count("sender_lanes", where: "sender = ''") == 0)
            try await world.carrier.misbehave(TemporaryRefusalTests.refusal(status: 429, code: 20_429))
            try await world.hurry("message.send")
            #expect(try await eventually { try await world.value(slowdown + "''") == "2 1" })
            try await world.hurry("message.send")
            #expect(try await eventually { try await world.status() == "DELIVERED" })
            #expect(try await world.carrier.messages(to: "+14155550123") == 1)
        }
    }

    @Test func `a message that would come too late in its line fails at once, and says so`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.data.psql(
                """
                INSERT INTO sender_lanes (org_id, credential_id, sender, next_free_at)
                SELECT org_id, credential_id, number, now() + interval '11 hours' FROM phone_numbers
                """)
            _ = try await world.send(as: clinic)
            #expect(try await eventually { try await world.status() == "FAILED" })
            #expect(try await world.value("SELECT error_code FROM messages") == "30036")
            #expect(try await world.carrier.posts() == 0)
        }
    }

    @Test func `a number's rate and share can be set, and what cannot be is refused`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            let answer = try await world.ask("{ phoneNumbers { nodes { id segmentsPerSecond } } }", as: clinic.caller)
            let number = answer["data"]?["phoneNumbers"]?["nodes"]?.arrayValue?.first
            #expect(number?["segmentsPerSecond"] == .null)
            let id = number?["id"] ?? .null
            let selection = "phoneNumber { segmentsPerSecond rotationWeight rotationEnabled }"
            let set = try await world.mutate(
                "configurePhoneNumber", ["id": id, "segmentsPerSecond": .number("0.25"), "rotationWeight": 3],
                selection,
                as: clinic)
            #expect(
                set["phoneNumber"] == [
                    "segmentsPerSecond": .number("0.25"), "rotationWeight": 3, "rotationEnabled": true,
                ])
            // What is left out stays; null is the rate of the kind.
            let unset = try await world.mutate(
                "configurePhoneNumber", ["id": id, "segmentsPerSecond": .null, "rotationEnabled": false], selection,
                as: clinic)
            #expect(
                unset["phoneNumber"] == ["segmentsPerSecond": .null, "rotationWeight": 3, "rotationEnabled": false])
            func refusal(_ input: JSONValue) async throws -> String? {
                try await world.mutate("configurePhoneNumber", input, selection, as: clinic).refusal
            }
            #expect(try await refusal(["id": id, "segmentsPerSecond": -1]) == "INVALID_RATE")
            #expect(try await refusal(["id": id, "rotationWeight": 0]) == "INVALID_WEIGHT")
            #expect(try await refusal(["id": "num_nothing"]) == "NOT_FOUND")
            let other = try await world.makeClinic(1)
            let foreign = try await world.mutate("configurePhoneNumber", ["id": id], selection, as: other)
            #expect(foreign.refusal == "NOT_FOUND")
        }
    }

    // MARK: Fairness

    /// Many queued messages of a clinic, each with its job.
    static func queue(_ count: Int, _ world: World, _ clinic: Clinic) async throws {
        try await world.data.psql(
            """
            UPDATE phone_numbers SET segments_per_second = 0 WHERE org_id = '\(clinic.organization)';
            INSERT INTO contacts (org_id, phone)
              SELECT '\(clinic.organization)', '+1500555' || to_char(n, 'FM00000') FROM generate_series(1, \(count)) n;
            INSERT INTO conversations (org_id, contact_id, last_message_at)
              SELECT org_id, id, now() FROM contacts
              WHERE org_id = '\(clinic.organization)' AND phone LIKE '+1500555%';
            INSERT INTO messages (org_id, direction, status, from_address, to_address, body, segments, contact_id,
                conversation_id, phone_number_id, credential_id)
              SELECT c.org_id, 'OUTBOUND', 'QUEUED', n.number, c.phone, 'Newsletter', 1, c.id, v.id, n.id, n.credential_id
              FROM contacts c JOIN conversations v ON v.org_id = c.org_id AND v.contact_id = c.id
              JOIN phone_numbers n ON n.org_id = c.org_id AND n.number = '\(clinic.number)'
              WHERE c.org_id = '\(clinic.organization)' AND c.phone LIKE '+1500555%';
            INSERT INTO jobs (org_id, kind, subject_id, run_at)
              SELECT org_id, 'message.send', id, now() - interval '1 hour' FROM messages
              WHERE org_id = '\(clinic.organization)' AND status = 'QUEUED';
            ANALYZE jobs;
            """)
    }

    @Test func `a clinic with thousands queued does not hold another one's single message up`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let busy = try await world.makeTextingClinic(0)
            let other = try await world.makeTextingClinic(1)
            try await world.carrier.misbehave(#"{"do":"no_callbacks"}"#)
            try await Self.queue(20_000, world, busy)
            try await world.working {
                let isBusy = try await eventually { try await world.carrier.posts() > 20 }
                #expect(isBusy)
                _ = try await world.send(as: other)
                let isOut = try await eventually {
                    try await world.count("messages", where: "org_id = '\(other.organization)' AND status = 'ACCEPTED'")
                        == 1
                }
                #expect(isOut)
                let left = try await world.count("messages", where: "status = 'QUEUED'")
                #expect(left > 15_000, "the other's message did not wait for these")
            }
        }
    }

    @Test func `slow answers to one clinic leave workers for the others`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let busy = try await world.makeTextingClinic(0)
            let other = try await world.makeTextingClinic(1)
            try await world.carrier.misbehave(#"{"do":"no_callbacks"}"#)
            try await world.carrier.misbehave(
                #"{"do":"latency","milliseconds":8000,"match":{"method":"POST","account":"\#(busy.account.sid)"}}"#)
            try await Self.queue(100, world, busy)
            try await world.working {
                let isFull = try await eventually {
                    try await world.count("messages", where: "status = 'SENDING'") >= 24
                }
                #expect(isFull)
                #expect(try await world.count("messages", where: "status = 'SENDING'") == 24)
                _ = try await world.send(as: other)
                let isOut = try await eventually {
                    try await world.count("messages", where: "org_id = '\(other.organization)' AND status = 'ACCEPTED'")
                        == 1
                }
                #expect(isOut)
                #expect(
                    try await world.count("messages", where: "org_id = '\(busy.organization)' AND status = 'ACCEPTED'")
                        == 0)
            }
        }
    }
}
