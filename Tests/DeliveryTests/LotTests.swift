import Credentials
import Foundation
import GraphQL
import Postgres
import TestSupport
import TestWorld
import Testing
import TwilioSandbox

/// Many messages of one organization are begun, ended and reported in few transactions; what is not as expected is looked
/// at alone, and nothing that holds for one message holds less for many.
@Suite struct LotTests {
    /// Transactions that have brought messages to a status.
    private static func transactions(_ world: World, _ status: String) async throws -> Int {
        Int(
            try await world.value(
                "SELECT count(DISTINCT xmin::text) FROM message_status_events WHERE status = '\(status)'")) ?? -1
    }

    /// Messages that wait, of a clinic whose numbers have no limit.
    private static func queued(_ count: Int, in world: World, _ body: String = "Hello") async throws -> Clinic {
        let clinic = try await BulkTests.fastClinic(world)
        for index in 0..<count { _ = try await world.send(body, to: BulkTests.phone(index), as: clinic) }
        return clinic
    }

    @Test func `what waits together goes in few transactions, each once`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            _ = try await Self.queued(40, in: world)
            // The answers come together, too.
            try await world.carrier.misbehave(#"{"do":"latency","milliseconds":100,"match":{"method":"POST"}}"#)
            try await world.working {
                let areDone = try await eventually {
                    try await world.count("messages", where: "status = 'DELIVERED'") == 40
                }
                #expect(areDone)
            }
            #expect(try await world.carrier.posts() == 40)
            #expect(try await world.count("message_attempts", where: "state = 'ACCEPTED'") == 40)
            #expect(try await world.count("message_status_events", where: "status = 'DELIVERED'") == 40)
            #expect(try await Self.transactions(world, "SENDING") <= 10)
            #expect(try await Self.transactions(world, "ACCEPTED") <= 20)
            #expect(try await world.count("jobs", where: "kind = 'message.send'") == 0)
            #expect(try await world.count("message_checks") == 0)
        }
    }

    @Test func `an attempt that has waited too long for its turn is not made, and another one is`() async throws {
        var options = WorldOptions(isWorking: false)
        options.longestWait = .zero
        try await withWorld(options) { world in
            _ = try await Self.queued(3, in: world)
            try await world.working {
                let haveWaited = try await eventually {
                    try await world.count("message_attempts", where: "state = 'NOT_SENT' AND number > 1") >= 3
                }
                #expect(haveWaited)
            }
            #expect(try await world.carrier.posts() == 0)
            #expect(try await world.count("messages", where: "status = 'QUEUED'") == 3)
            let others = "reason NOT LIKE 'Calls to Twilio took too long%'"
            #expect(try await world.count("message_attempts", where: others) == 0)
        }
    }

    @Test func `one after the other they go in a transaction each`() async throws {
        try await withWorld { world in
            let clinic = try await BulkTests.fastClinic(world)
            for index in 0..<5 {
                _ = try await world.send(to: BulkTests.phone(index), as: clinic)
                let isOut = try await eventually { try await world.status(to: BulkTests.phone(index)) == "DELIVERED" }
                #expect(isOut)
            }
            #expect(try await Self.transactions(world, "SENDING") == 5)
            #expect(try await Self.transactions(world, "DELIVERED") == 5)
        }
    }

    @Test func `among many, each gets what it would get alone`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await Self.queued(30, in: world)
            func set(_ change: String, _ range: Range<Int>) async throws {
                let phones = range.map { "'\(BulkTests.phone($0))'" }.joined(separator: ",")
                try await world.data.psql("\(change) IN (\(phones))")
            }
            // Opted out, too late, known to the carrier already, with a number that has a limit, refused by the carrier.
            try await set("UPDATE contacts SET opted_out_at = now() WHERE phone", 0..<4)
            try await set("UPDATE messages SET expires_at = now() WHERE to_address", 4..<8)
            try await set("UPDATE messages SET twilio_sid = 'SM' || md5(id::text) WHERE to_address", 8..<12)
            try await world.data.psql(
                "INSERT INTO message_sids SELECT org_id, twilio_sid, id FROM messages WHERE twilio_sid IS NOT NULL")
            let slow = clinic.account.numbers[1].phoneNumber
            try await set(
                """
                UPDATE messages SET from_address = '\(slow)',
                  phone_number_id = (SELECT id FROM phone_numbers WHERE number = '\(slow)')
                WHERE to_address
                """, 12..<16)
            try await world.data.psql("UPDATE phone_numbers SET segments_per_second = 20 WHERE number = '\(slow)'")
            for index in 16..<20 {
                try await world.carrier.misbehave(
                    #"{"do":"status","status":400,"code":21614,"match":{"method":"POST","to":"\#(BulkTests.phone(index))"}}"#
                )
            }
            try await world.working {
                let areDone = try await eventually {
                    try await world.count("messages", where: "status IN ('QUEUED', 'SENDING', 'SENT')") == 0
                }
                #expect(areDone)
            }
            func outcome(_ range: Range<Int>) async throws -> Set<String> {
                var outcomes: Set<String> = []
                for index in range {
                    let posts = try await world.carrier.posts(to: BulkTests.phone(index))
                    let found = try await world.value(
                        """
                        SELECT status || ' ' || coalesce(error_code::text, '-') FROM messages
                        WHERE to_address = '\(BulkTests.phone(index))'
                        """)
                    outcomes.insert("\(found) \(posts)")
                }
                return outcomes
            }
            #expect(try await outcome(0..<4) == ["FAILED 21610 0"])
            #expect(try await outcome(4..<8).allSatisfy { $0.hasPrefix("FAILED") && $0.hasSuffix(" 0") })
            #expect(try await outcome(8..<12) == ["ACCEPTED - 0"])
            #expect(try await outcome(12..<16) == ["DELIVERED - 1"])
            #expect(try await outcome(16..<20) == ["FAILED 21614 1"])
            #expect(try await outcome(20..<30) == ["DELIVERED - 1"])
        }
    }

    @Test func `a message that somebody has locked holds none of the others up when the answers come`() async throws {
        let lock = Statement("SELECT id FROM messages WHERE org_id = $1 AND to_address = $2 FOR UPDATE")
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await Self.queued(12, in: world)
            try await world.carrier.misbehave(#"{"do":"no_callbacks"}"#)
            try await world.carrier.misbehave(#"{"do":"latency","milliseconds":1000,"match":{"method":"POST"}}"#)
            func accepted(_ count: Int) async throws -> Bool {
                try await eventually { try await world.count("messages", where: "status = 'ACCEPTED'") == count }
            }
            try await world.working {
                let areUnderWay = try await eventually {
                    try await world.count("messages", where: "status = 'SENDING'") == 12
                }
                #expect(areUnderWay)
                try await world.database.withTenant(clinic.organization) { transaction in
                    _ = try await transaction.execute(
                        lock, [.organization(clinic.organization), .text(BulkTests.phone(5))])
                    #expect(try await accepted(11))
                }
                #expect(try await accepted(12))
            }
            #expect(try await world.carrier.posts() == 12)
        }
    }

    @Test func `callbacks that come all at once end as they would one by one`() async throws {
        try await withWorld { world in
            let clinic = try await BulkTests.fastClinic(world)
            let other = try await world.makeClinic(1)
            _ = try await world.register(other)
            try await world.carrier.misbehave(#"{"do":"no_callbacks"}"#)
            for index in 0..<24 { _ = try await world.send(to: BulkTests.phone(index), as: clinic) }
            let areOut = try await eventually {
                try await world.count("messages", where: "status = 'ACCEPTED'") == 24
            }
            #expect(areOut)
            let (mine, theirs) = (try await world.hook(of: clinic), try await world.hook(of: other))
            let known = try await world.value(
                """
                SELECT string_agg(m.twilio_sid || ' ' || a.nonce, ',' ORDER BY m.to_address)
                FROM messages m JOIN message_attempts a ON a.message_id = m.id
                """
            ).split(separator: ",").map { $0.split(separator: " ").map(String.init) }
            var webhooks: [SignedWebhook] = []
            for (index, message) in known.enumerated() {
                func said(_ status: String, _ hook: String, _ account: SandboxAccount, nonce: String) {
                    var report = CallbackTests.report(message[0], status, account: account.sid)
                    if status == "undelivered" { report.append(("ErrorCode", "30005")) }
                    webhooks.append(
                        SignedWebhook(
                            world.hooks.status(hook, attempt: nonce), report, token: account.authToken))
                }
                let end = index < 6 ? "undelivered" : "delivered"
                // The last four are told of by somebody else only, and with another message's attempt.
                if index < 20 {
                    for status in ["sent", end, end, "sent"] { said(status, mine, clinic.account, nonce: message[1]) }
                } else {
                    said(end, theirs, other.account, nonce: message[1])
                }
            }
            let sent = webhooks
            try await withThrowingTaskGroup(of: Int.self) { group in
                for webhook in sent { group.addTask { try await webhook.post(in: world) } }
                for try await status in group { #expect(status == 204) }
            }
            #expect(try await world.count("messages", where: "status = 'DELIVERED'") == 14)
            #expect(try await world.count("messages", where: "status = 'UNDELIVERED' AND error_code = 30005") == 6)
            #expect(try await world.count("messages", where: "status = 'ACCEPTED'") == 4)
            #expect(
                try await world.count("message_status_events", where: "status IN ('DELIVERED', 'UNDELIVERED')") == 20)
            #expect(try await Self.transactions(world, "DELIVERED") < 14)
            #expect(
                try await world.value(
                    """
                    SELECT count(*) FROM (SELECT message_id, status FROM message_status_events
                      GROUP BY message_id, status HAVING count(*) > 1) AS twice
                    """) == "0")
            #expect(try await world.count("message_checks") == 4)
        }
    }
}
