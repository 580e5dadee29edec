import Foundation
import GraphQL
import OrderedCollections
import TestSupport
import TestWorld
import Testing

/// Messages of later.
@Suite struct ScheduleTests {
    static let recipient = "+14155550123"
    static let selection = "message { id status scheduledAt }"

    static func at(_ seconds: TimeInterval) -> JSONValue {
        .string(Date(timeIntervalSinceNow: seconds).formatted(.iso8601))
    }

    static func schedule(
        _ world: World, _ more: [String: JSONValue], as clinic: Clinic
    ) async throws -> JSONValue {
        var input: JSONValue = [
            "to": .string(recipient), "body": "Your visit is tomorrow.", "from": .string(clinic.number),
        ]
        if var members = input.objectValue {
            for (name, value) in more { members[name] = value }
            input = .object(members)
        }
        return try await world.mutate("scheduleMessage", input, selection, as: clinic)
    }

    @Test func `a message waits for its time, and then goes out once`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            let payload = try await Self.schedule(world, ["at": Self.at(3_600)], as: clinic)
            #expect(payload["message"]?["status"] == "SCHEDULED")
            // A job that comes too early waits on.
            try await world.hurry("message.send")
            #expect(
                try await eventually { try await world.count("jobs", where: "run_at > now() + interval '50 min'") == 1 }
            )
            #expect(try await world.status() == "SCHEDULED")
            try await world.data.psql("UPDATE messages SET scheduled_at = now()")
            try await world.hurry("message.send")
            #expect(try await eventually { try await world.status() == "DELIVERED" })
            let history = try await world.history()
            #expect(Array(history.prefix(3)) == ["SCHEDULED", "QUEUED", "SENDING"])
            #expect(try await world.carrier.posts() == 1)
        }
    }

    @Test(
        arguments: [
            (["at": at(-60)], "TIME_IN_PAST", "at"), (["at": at(36 * 86_400)], "TIME_TOO_FAR", "at"),
            ([:], "INVALID_TIME", "at"), (["localAt": "2026-02-30T09:00"], "INVALID_TIME", "localAt"),
            (["localAt": "tomorrow"], "INVALID_TIME", "localAt"),
            (["localAt": "2020-01-01T09:00"], "TIME_IN_PAST", "localAt"),
            (["at": at(60), "localAt": "2030-01-01T09:00"], "INVALID_TIME", "localAt"),
            (["at": at(60), "body": " "], "INVALID_BODY", "body"),
            (["at": at(60), "to": "5550123"], "INVALID_PHONE", "to"),
        ] as [([String: JSONValue], String, String)])
    func `what cannot be scheduled is refused, and nothing stays`(
        _ more: [String: JSONValue], _ code: String, _ field: String
    ) async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            let payload = try await Self.schedule(world, more, as: clinic)
            #expect(payload.refusal == code)
            #expect(payload["userErrors"]?.arrayValue?.first?["field"] == [.string(field)])
            #expect(payload["message"] == .null)
            for table in ["messages", "jobs", "contacts", "usage_counters"] {
                #expect(try await world.count(table) == 0)
            }
        }
    }

    @Test func `it can be moved and taken back until it goes out`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            let other = try await world.makeClinic(1)
            let id = try await Self.schedule(world, ["at": Self.at(3_600)], as: clinic)["message"]?["id"] ?? .null
            let moved = try await world.mutate(
                "rescheduleMessage", ["id": id, "at": Self.at(7_200)], Self.selection, as: clinic)
            #expect(moved["message"]?["status"] == "SCHEDULED")
            #expect(try await world.count("messages", where: "scheduled_at > now() + interval '110 min'") == 1)
            #expect(
                try await world.count(
                    "messages",
                    where: "expires_at BETWEEN scheduled_at + interval '9 h' AND scheduled_at + interval '11 h'")
                    == 1)
            for (field, time, code) in [
                ("at", Self.at(-60), "TIME_IN_PAST"), ("at", Self.at(36 * 86_400), "TIME_TOO_FAR"),
                ("localAt", "tomorrow", "INVALID_TIME"),
            ] {
                let refused = try await world.mutate(
                    "rescheduleMessage", .object(["id": id, field: time]), Self.selection, as: clinic)
                #expect(refused.refusal == code)
            }
            #expect(try await world.count("messages", where: "scheduled_at > now() + interval '110 min'") == 1)
            // Listed by its state.
            let list = try await world.ask(
                "{ messages(filter: { status: [SCHEDULED] }) { nodes { id } } }", as: clinic.caller)
            #expect(list["data"]?["messages"]?["nodes"] == [["id": id]])
            let foreign = try await world.mutate("cancelScheduledMessage", ["id": id], Self.selection, as: other)
            #expect(foreign.refusal == "NOT_FOUND")
            let canceled = try await world.mutate("cancelScheduledMessage", ["id": id], Self.selection, as: clinic)
            #expect(canceled["message"]?["status"] == "CANCELED")
            for name in ["cancelScheduledMessage", "rescheduleMessage"] {
                var input: JSONValue = ["id": id]
                if name == "rescheduleMessage" { input = ["id": id, "at": Self.at(60)] }
                #expect(try await world.mutate(name, input, Self.selection, as: clinic).refusal == "WRONG_STATE")
            }
            try await world.data.psql("UPDATE messages SET scheduled_at = now()")
            try await world.hurry("message.send")
            #expect(try await eventually { try await world.count("jobs") == 0 })
            #expect(try await world.carrier.posts() == 0)
        }
    }

    @Test func `the same key answers with the same message, and with another time it is refused`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            let input: [String: JSONValue] = ["at": Self.at(3_600), "idempotencyKey": "visit-1"]
            let first = try await Self.schedule(world, input, as: clinic)
            let second = try await Self.schedule(world, input, as: clinic)
            #expect(first["message"]?["id"] == second["message"]?["id"])
            let other = try await Self.schedule(
                world, ["at": Self.at(7_200), "idempotencyKey": "visit-1"], as: clinic)
            #expect(other.refusal == "IDEMPOTENCY_KEY_REUSED")
            #expect(try await world.count("messages") == 1)
        }
    }

    @Test func `a time on the recipient's clock, and quiet hours by the same clock`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            try await world.data.psql(
                """
                INSERT INTO contacts (org_id, phone, time_zone)
                VALUES ('\(clinic.organization)', '\(Self.recipient)', 'America/New_York')
                """)
            let day = Date(timeIntervalSinceNow: 3 * 86_400).formatted(.iso8601.year().month().day())
            let local = "to_char(scheduled_at AT TIME ZONE 'America/New_York', 'YYYY-MM-DD HH24:MI')"
            _ = try await Self.schedule(world, ["localAt": .string("\(day)T22:30")], as: clinic)
            #expect(try await world.value("SELECT \(local) FROM messages") == "\(day) 22:30")
            try await world.data.psql("DELETE FROM message_status_events; DELETE FROM messages")

            let wrong = try await world.mutate(
                "updateSettings", ["quietHours": ["from": "21:00", "until": "21:00"]], "settings { quietFrom }",
                as: clinic)
            #expect(wrong.refusal == "INVALID_QUIET_HOURS")
            let settings = try await world.mutate(
                "updateSettings",
                ["timeZone": "Europe/Berlin", "quietHours": ["from": "21:00", "until": "08:00"]],
                "settings { timeZone quietFrom quietUntil }", as: clinic)
            #expect(settings["settings"] == ["timeZone": "Europe/Berlin", "quietFrom": "21:00", "quietUntil": "08:00"])
            _ = try await Self.schedule(world, ["localAt": .string("\(day)T22:30")], as: clinic)
            #expect(
                try await world.value(
                    "SELECT to_char(scheduled_at AT TIME ZONE 'America/New_York', 'HH24:MI') FROM messages") == "08:00")
            try await world.data.psql("DELETE FROM message_status_events; DELETE FROM messages")
            _ = try await Self.schedule(
                world, ["localAt": .string("\(day)T22:30"), "ignoreQuietHours": true], as: clinic)
            #expect(try await world.value("SELECT \(local) FROM messages") == "\(day) 22:30")
            // Another person's clock is the organization's.
            try await world.data.psql(
                "DELETE FROM message_status_events; DELETE FROM messages; UPDATE contacts SET time_zone = NULL")
            _ = try await Self.schedule(world, ["localAt": .string("\(day)T12:30")], as: clinic)
            #expect(
                try await world.value(
                    "SELECT to_char(scheduled_at AT TIME ZONE 'Europe/Berlin', 'HH24:MI') FROM messages") == "12:30")
        }
    }

    @Test func `quiet hours that came since hold a message back, and it may go out as much longer`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            _ = try await Self.schedule(world, ["at": Self.at(3_600)], as: clinic)
            // From a minute ago until two hours from now.
            let minutes = { (seconds: TimeInterval) in
                var style = Date.ISO8601FormatStyle.iso8601.time(includingFractionalSeconds: false)
                style.timeZone = .gmt
                return String(Date(timeIntervalSinceNow: seconds).formatted(style).prefix(5))
            }
            _ = try await world.mutate(
                "updateSettings",
                ["quietHours": ["from": .string(minutes(-60)), "until": .string(minutes(7_200))]],
                "settings { quietFrom }", as: clinic)
            try await world.data.psql(
                "UPDATE messages SET scheduled_at = now(), expires_at = now() + interval '1 hour'")
            try await world.hurry("message.send")
            #expect(
                try await eventually {
                    try await world.count(
                        "messages", where: "status = 'SCHEDULED' AND scheduled_at > now() + interval '110 min'")
                        == 1
                })
            #expect(try await world.count("messages", where: "expires_at > now() + interval '170 min'") == 1)
            // Negative control: one that is sent by hand does not wait.
            _ = try await world.send(to: "+14155550124", as: clinic)
            #expect(try await eventually { try await world.status(to: "+14155550124") == "DELIVERED" })
            #expect(try await world.carrier.posts(to: Self.recipient) == 0)
        }
    }
}
