import Foundation
import GraphQL
import OrderedCollections
import Testing

/// One message, once, whatever dies. `SWITCHBOARD_CRASH_MESSAGES` is how many are sent in all: 2,000 in
/// `make test-delivery`, 60 without it, with an injury of each kind. `SWITCHBOARD_CRASH_SEED` is which way it goes.
@Suite(.serialized) struct CrashTests {
    private static let settings = ProcessInfo.processInfo.environment
    private static let messages = settings["SWITCHBOARD_CRASH_MESSAGES"].flatMap { Int($0) } ?? 60
    private static let seed = settings["SWITCHBOARD_CRASH_SEED"].flatMap { UInt64($0) } ?? 1
    /// Every failpoint comes up from here on.
    private static let isLong = messages >= 1_000

    /// What the carrier does to requests and callbacks, each now and then.
    private static let misbehaviour = [
        #"{"do":"drop_before","rate":0.03,"match":{"method":"POST","path":"/Messages"}}"#,
        #"{"do":"drop_after","rate":0.04,"match":{"method":"POST","path":"/Messages"}}"#,
        #"{"do":"kill_reused","rate":0.05,"match":{"method":"POST","path":"/Messages"}}"#,
        #"{"do":"status","status":500,"rate":0.02,"match":{"method":"POST","path":"/Messages"}}"#,
        #"{"do":"status","status":500,"accept":true,"rate":0.02,"match":{"method":"POST","path":"/Messages"}}"#,
        #"{"do":"status","status":429,"rate":0.03,"retryAfter":1,"match":{"method":"POST","path":"/Messages"}}"#,
        #"{"do":"truncate","rate":0.02,"match":{"method":"POST","path":"/Messages"}}"#,
        #"{"do":"latency","milliseconds":300,"rate":0.2,"match":{"method":"POST","path":"/Messages"}}"#,
        #"{"do":"duplicate_callbacks","copies":3,"rate":0.3}"#, #"{"do":"reorder_callbacks","rate":0.3}"#,
        #"{"do":"no_callbacks","rate":0.1}"#,
    ]

    @Test(.timeLimit(.minutes(30)))
    func `whatever is killed, each message is created once, and each doubt is settled or told`() async throws {
        let run = try await CrashRun(seed: Self.seed)
        do {
            try await run.prepare()
            for rule in Self.misbehaviour { try await run.control("/misbehave", rule) }
            try await Self.sendAmongKills(run)
            try await run.control("/misbehave", deletes: true)
            try await Self.settle(run)
            try await Self.judge(run)
        } catch {
            await run.tearDown()
            throw error
        }
        await run.tearDown()
    }

    private static func phone(_ index: Int) -> String { "+1500555\(5_000 + index)" }

    /// Half of them one by one, half in bulks, from three organizations, each with a key, while things die.
    private static func sendAmongKills(_ run: CrashRun) async throws {
        let singles = messages / 6 * 3
        let killEvery = max(5, singles / 36)
        // Lists go out all along, so that some do while a server is made to die over them.
        let listEvery = max(1, singles / lists)
        var (injury, list) = (0, 0)
        for number in 0..<singles {
            _ = try await run.ask(
                "mutation S($i: SendMessageInput!) { sendMessage(input: $i) { message { id } userErrors { code } } }",
                [
                    "to": .string(phone(number)), "body": "One by one.", "idempotencyKey": .string("one-\(number)"),
                ], run.organizations[number % 3])
            var isListDue = number % listEvery == listEvery - 1
            if number % killEvery == killEvery - 1 {
                try await run.revive()
                switch injury % 3 {
                case 0: if try await run.armFailpoint() { isListDue = true }
                case 1: try await run.killServer()
                default: try await run.killDatabase()
                }
                injury += 1
            }
            if isListDue, list < lists {
                try await sendList(list, run)
                list += 1
            }
        }
        while list < lists {
            try await sendList(list, run)
            list += 1
        }
    }

    /// How many lists, a third of them from each organization.
    private static var lists: Int { isLong ? 24 : 6 }

    private static func sendList(_ list: Int, _ run: CrashRun) async throws {
        let all = messages / 6 * 3..<messages / 6 * 6
        let range = all.count * list / lists..<all.count * (list + 1) / lists
        let recipients = range.map { JSONValue.object(["to": .string(phone(all.lowerBound + $0))]) }
        _ = try await run.ask(
            """
            mutation B($i: SendBulkMessageInput!) {
              sendBulkMessage(input: $i) { bulkMessage { total } userErrors { code } }
            }
            """,
            [
                "body": "A bulk.", "recipients": .array(recipients), "idempotencyKey": .string("bulk-\(list)"),
            ], run.organizations[list % 3])
    }

    /// Time goes by: deadlines of the dead pass, callbacks that were lost are overdue, doubt becomes hopeless.
    private static func settle(_ run: CrashRun) async throws {
        // All of them at once, in the middle of what is still under way: whatever is open then, nobody is at work on.
        run.killServers()
        _ = try await run.psql(
            """
            UPDATE message_attempts SET deadline = now() WHERE state = 'SENDING';
            UPDATE jobs SET lease_until = now() WHERE state = 'RUNNING';
            """)
        for round in 0..<180 {
            try await run.revive()
            _ = try await run.psql(
                """
                UPDATE jobs SET lease_until = now() WHERE state = 'RUNNING' AND lease_until < now() + interval '8 seconds';
                UPDATE message_attempts SET deadline = now()
                  WHERE state = 'SENDING' AND started_at < now() - interval '25 seconds';
                UPDATE message_checks SET check_at = now();
                UPDATE jobs SET run_at = now() WHERE state = 'AVAILABLE' AND kind <> 'message.bulk';
                """)
            let open = try await run.psql(
                "SELECT count(*) FROM messages WHERE status NOT IN ('DELIVERED', 'UNDELIVERED', 'FAILED', 'UNKNOWN', 'IN_DOUBT')"
            )
            let pending = try await run.psql("SELECT coalesce(sum(pending), 0) FROM bulk_messages")
            let doubts = try await run.psql("SELECT count(*) FROM messages WHERE status = 'IN_DOUBT'")
            if open == "0", pending == "0" {
                if doubts == "0" { return }
                // Evidence has had its time: what is left, the carrier never got.
                if round > (isLong ? 15 : 5) {
                    _ = try await run.psql(
                        "UPDATE message_attempts SET started_at = started_at - interval '12 hours' WHERE state = 'IN_DOUBT' AND started_at > now() - interval '6 hours'"
                    )
                }
            }
            try await Task.sleep(for: .seconds(1))
        }
    }

    /// To whom the carrier itself broke a POST off, or answered it with an error of its own, without a message made of it.
    private static func interrupted(_ run: CrashRun) async throws -> Set<String> {
        let requests = try await run.control("/requests?method=POST&path=/Messages&accepted=false&limit=1000000")
        return Set(
            (requests["requests"]?.arrayValue ?? []).filter { request in
                (request["status"]?.intValue).map { $0 >= 500 } ?? true
            }.compactMap { $0["parameters"]?["To"]?.stringValue })
    }

    private static func judge(_ run: CrashRun) async throws {
        // The carrier's own count.
        let sandbox = try await run.control("/messages?limit=1000000")
        var created: [String: Int] = [:]
        for message in sandbox["messages"]?.arrayValue ?? [] {
            created[message["to"]?.stringValue ?? "", default: 0] += 1
        }
        let rows = try await run.psql(
            """
            SELECT m.to_address, m.status, (SELECT count(*) FROM message_attempts a WHERE a.message_id = m.id),
                   coalesce((SELECT reason FROM message_attempts a WHERE a.message_id = m.id ORDER BY number DESC LIMIT 1), '')
            FROM messages m WHERE m.direction = 'OUTBOUND'
            """)
        let interrupted = try await Self.interrupted(run)
        var states: [String: Int] = [:]
        var (twice, lost, unsettled, phantom, unexplained) = (0, 0, 0, 0, 0)
        var interruptions: [String] = []
        var seen: Set<String> = []
        for line in rows.split(separator: "\n") {
            let parts = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
            let count = created[parts[0]] ?? 0
            states[parts[1], default: 0] += 1
            #expect(seen.insert(parts[0]).inserted, "a message stands here twice")
            if count > 1 { twice += 1 }
            switch parts[1] {
            case "DELIVERED", "UNDELIVERED": if count == 0 { phantom += 1 }
            case "UNKNOWN":
                interruptions.append("\(parts[0]): \(parts[3])")
                // A server that died had begun this one; else the carrier itself says that it broke off this request.
                if !parts[3].hasPrefix("The worker died"), !interrupted.contains(parts[0]) { unexplained += 1 }
                if count > 0 { unsettled += 1 }
            case "FAILED": lost += 1
            default: unsettled += 1
            }
        }
        lost += messages / 6 * 6 - seen.count
        let attempts = try await run.psql("SELECT count(*) FROM message_attempts")
        let doubted = try await run.psql("SELECT count(*) FROM message_status_events WHERE status = 'IN_DOUBT'")
        print(
            """
            crash test, seed \(seed)
              messages \(seen.count), attempts \(attempts), doubted on the way \(doubted)
              servers killed \(run.injuries.serverKills), at failpoints \(run.injuries.failpoints.count), \
            PostgreSQL killed \(run.injuries.databaseKills)
              failpoints \(Set(run.injuries.failpoints).sorted().joined(separator: ", "))
              created twice \(twice), lost \(lost), reported but not created \(phantom), not settled \(unsettled), \
            UNKNOWN without an interruption \(unexplained)
              ends: \(states.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
              UNKNOWN, each with its interruption:
            \(interruptions.map { "    \($0)" }.joined(separator: "\n"))
            """)
        #expect(twice == 0)
        #expect(lost == 0)
        #expect(phantom == 0)
        #expect(run.injuries.crashes == 0, "a server ended by itself")
        #expect(unsettled == 0)
        #expect(run.injuries.serverKills > 0 && run.injuries.databaseKills > 0 && !run.injuries.failpoints.isEmpty)
        if isLong {
            #expect(Set(run.injuries.failpoints) == Set(CrashRun.failpoints), "servers died at every failpoint")
        }
        #expect(unexplained == 0)
    }
}
