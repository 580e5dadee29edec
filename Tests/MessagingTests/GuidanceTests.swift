import Foundation
import GraphQL
import Messaging
import OrderedCollections
import QueryEngine
import Settings
import TestSupport
import TestWorld
import Testing
import TwilioSandbox

@Suite struct GuidanceTests {
    static let stranger = "+14155550123"

    @Test(
        arguments: [
            (Guidance.Standing(isUnknown: true), Guidance.Situation.unknown),
            (Guidance.Standing(isUnknown: true, isOptedOut: true), .optedOut),
            (Guidance.Standing(isUnknown: true, sentUnreadable: true), .unknown),
            (Guidance.Standing(sentUnreadable: true), .unreadable), (Guidance.Standing(), .closed),
            (Guidance.Standing(isUnknown: true, isEcho: true), nil),
        ] as [(Guidance.Standing, Guidance.Situation?)])
    func `each is told what fits where they stand`(standing: Guidance.Standing, situation: Guidance.Situation?) {
        // A Sunday.
        let now = Date(timeIntervalSince1970: 1_763_899_200)
        let hours = OfficeHours(["MON 09:00-17:00"], timeZone: nil)
        #expect(Guidance.situation(standing, hours: hours, at: now) == situation)
        if situation == .closed {
            #expect(Guidance.situation(standing, hours: nil, at: now) == nil)
            #expect(
                Guidance.situation(standing, hours: OfficeHours(["SUN 00:00-24:00"], timeZone: nil), at: now) == nil)
        }
    }

    @Test(arguments: [
        ("2026-11-23T14:00:00Z", true), ("2026-11-23T13:59:59Z", false), ("2026-11-23T22:00:00Z", false),
        ("2026-11-23T17:30:00Z", false), ("2026-11-23T18:00:00Z", true), ("2026-11-24T15:00:00Z", false),
        // The clocks went on in March.
        ("2026-03-09T13:00:00Z", true), ("2026-03-02T13:00:00Z", false),
    ])
    func `an office is open by its own clock`(instant: String, isOpen: Bool) throws {
        let hours = try #require(
            OfficeHours(["MON 09:00-12:30", "MON 13:00-17:00"], timeZone: "America/New_York"))
        let date = try Date(instant, strategy: .iso8601)
        #expect(hours.isOpen(at: date) == isOpen)
    }

    @Test(arguments: [
        "", "MON", "Mon 09:00-17:00", "MON 9:00-17:00", "MON 17:00-09:00", "MON 09:00-24:01", "MON 09:60-10:00",
    ])
    func `what is no line of office hours is refused`(line: String) {
        #expect(!OfficeHours.isLine(line))
    }

    static func clinic(_ settings: JSONValue, in world: World) async throws -> Clinic {
        let clinic = try await world.makeTextingClinic()
        try await world.syncWithHooks(clinic)
        let changed = try await world.mutate("updateSettings", settings, "settings { id }", as: clinic)
        #expect(changed.refusal == nil, "\(changed)")
        return clinic
    }

    static func replies(in world: World) async throws -> [String] {
        try await world.value("SELECT body FROM messages WHERE auto_response ORDER BY created_at, id")
            .split(separator: "\n").map(String.init)
    }

    @Test func `a stranger is told once a day how to begin, and is a contact that came unasked`() async throws {
        try await withWorld { world in
            let clinic = try await Self.clinic(
                [
                    "guidance": true, "frontDeskPhone": "+12125550109", "registrationUrl": "https://clinic.test/join",
                ], in: world)
            for body in ["Hello?", "Anybody there?", "Hello?"] {
                _ = try await world.carrier.inbound(from: Self.stranger, to: clinic.number, body: body)
            }
            let expected =
                "Hello! This is the number of Clinic 0. We do not know you by this number yet. "
                + "Register at https://clinic.test/join. Call +12125550109 for help."
            #expect(try await Self.replies(in: world) == [expected])
            let wentOut = try await eventually { try await world.status() == "DELIVERED" }
            #expect(wentOut)
            let came = try await world.ask(
                "{ contacts(filter: {cameUnasked: true}) { nodes { phone } } }", as: clinic.caller)
            #expect(came["data"]?["contacts"]?["nodes"] == [["phone": .string(Self.stranger)]])
            // The next day they are told again; once somebody has written to them, no more.
            try await world.data.psql("UPDATE auto_replies SET day = day - 1")
            _ = try await world.carrier.inbound(from: Self.stranger, to: clinic.number, body: "Me again")
            #expect(try await Self.replies(in: world).count == 2)
            _ = try await world.send("We are here", as: clinic)
            try await world.data.psql("DELETE FROM auto_replies")
            _ = try await world.carrier.inbound(from: Self.stranger, to: clinic.number, body: "Thank you")
            #expect(try await Self.replies(in: world).count == 2)
        }
    }

    @Test func `two robots do not go on talking`() async throws {
        try await withWorld { world in
            let clinic = try await Self.clinic(
                ["guidance": true, "keywordReplies": "ALWAYS", "unknownSenderReply": "Who are you?"], in: world)
            // A robot that answers each of our messages with the same, and one that asks for help each time.
            for index in 0..<20 {
                let body = index % 2 == 0 ? "Who are you?" : "HELP"
                _ = try await world.carrier.inbound(from: Self.stranger, to: clinic.number, body: body)
            }
            #expect(try await world.count("messages", where: "auto_response") == 2)
            // Our own numbers are not guided.
            _ = try await world.carrier.inbound(
                from: clinic.account.numbers[1].phoneNumber, to: clinic.number, body: "Hi")
            #expect(try await world.count("messages", where: "auto_response") == 2)
            // Negative control: what says so is the book of replies.
            try await world.data.psql("DELETE FROM auto_replies")
            _ = try await world.carrier.inbound(from: Self.stranger, to: clinic.number, body: "HELP")
            #expect(try await world.count("messages", where: "auto_response") == 3)
        }
    }

    @Test func `one who has opted out and writes on is told how to come back`() async throws {
        try await withWorld { world in
            let clinic = try await Self.clinic(
                ["guidance": true, "stopWords": ["basta"], "optOutReply": "Bye"], in: world)
            _ = try await world.carrier.inbound(from: Self.stranger, to: clinic.number, body: "basta")
            _ = try await world.carrier.inbound(from: Self.stranger, to: clinic.number, body: "Is my visit at ten?")
            #expect(
                try await Self.replies(in: world) == [
                    "Bye",
                    "You asked Clinic 0 not to text you, so nobody can answer here. Reply START to get messages again.",
                ])
            let wentOut = try await eventually {
                try await world.count("messages", where: "auto_response AND status = 'DELIVERED'") == 2
            }
            #expect(wentOut)
        }
    }

    @Test func `a known one is told when nobody is there, and nothing is said where guidance is off`() async throws {
        try await withWorld { world in
            let clinic = try await Self.clinic(
                ["outsideHoursReply": "Open {hours}", "officeHours": ["MON 09:00-09:01"], "timeZone": "Europe/Paris"],
                in: world)
            _ = try await ContactMaker.make(Self.stranger, name: "Ada", in: world, as: clinic)
            _ = try await world.carrier.inbound(from: Self.stranger, to: clinic.number, body: "Hello")
            #expect(try await Self.replies(in: world) == [])
            _ = try await world.mutate("updateSettings", ["guidance": true], "settings { id }", as: clinic)
            // On a Monday at nine in Paris somebody would be there; move the hours to another day then.
            let today = try await world.value(
                "SELECT to_char(now() AT TIME ZONE 'Europe/Paris' + interval '2 days', 'DY')")
            _ = try await world.mutate(
                "updateSettings", ["officeHours": [.string("\(today) 09:00-09:01")]], "settings { id }", as: clinic)
            _ = try await world.carrier.inbound(from: Self.stranger, to: clinic.number, body: "Hello")
            #expect(try await Self.replies(in: world) == ["Open \(today) 09:00-09:01"])
        }
    }
}

enum ContactMaker {
    static func make(_ phone: String, name: String, in world: World, as clinic: Clinic) async throws {
        let made = try await world.mutate(
            "createContact", ["phone": .string(phone), "name": .string(name)], "contact { id }", as: clinic)
        #expect(made.refusal == nil)
    }
}
