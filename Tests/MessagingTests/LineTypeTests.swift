import GraphQL
import OrderedCollections
import QueryEngine
import TestSupport
import TestWorld
import Testing
import TwilioSandbox

/// Landlines, where the organization has Twilio asked. In the sandbox numbers that end in 9 are such.
@Suite struct LineTypeTests {
    static let landline = "+14155550129"
    static let mobile = "+14155550123"

    static func asking(_ world: World) async throws -> Clinic {
        let clinic = try await world.makeTextingClinic()
        let changed = try await world.mutate("updateSettings", ["lookUps": true], "settings { lookUps }", as: clinic)
        #expect(changed["settings"] == ["lookUps": true])
        return clinic
    }

    static func lookUps(_ world: World) async throws -> JSONValue? {
        try await world.carrier.control("/requests?method=GET&path=/v2/PhoneNumbers")["count"]
    }

    @Test func `a landline is refused before anything goes out, and Twilio is asked for it once`() async throws {
        try await withWorld { world in
            let clinic = try await Self.asking(world)
            for _ in 0..<2 {
                let refused = try await world.send(to: Self.landline, as: clinic)
                #expect(refused.refusal == "LANDLINE")
                #expect(refused["userErrors"]?.arrayValue?.first?["field"] == ["to"])
                #expect(try await Self.lookUps(world) == 1)
            }
            let tomorrow = try await world.value(
                "SELECT to_char(now() AT TIME ZONE 'UTC' + interval '1 day', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')")
            let later = try await world.mutate(
                "scheduleMessage",
                [
                    "to": .string(Self.landline), "body": "Hello", "from": .string(clinic.number),
                    "at": .string(tomorrow),
                ], "message { id }", as: clinic)
            #expect(later.refusal == "LANDLINE")
            #expect(try await world.count("messages") == 0)
            for _ in 0..<2 { #expect(try await world.send(to: Self.mobile, as: clinic).refusal == nil) }
            #expect(try await Self.lookUps(world) == 2)
            #expect(try await world.carrier.posts(to: Self.landline) == 0)
            // Negative control: without the setting nobody is asked, and Twilio hears of the message.
            _ = try await world.mutate("updateSettings", ["lookUps": .null], "settings { lookUps }", as: clinic)
            #expect(try await world.send(to: Self.landline, as: clinic).refusal == nil)
            #expect(try await world.send(to: "+14155550139", as: clinic).refusal == nil)
            #expect(try await Self.lookUps(world) == 2)
        }
    }

    @Test func `while Twilio does not tell, the message is taken, and it is asked again`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await Self.asking(world)
            try await world.carrier.misbehave(
                #"{"do":"status","status":500,"match":{"method":"GET","path":"/v2/PhoneNumbers"}}"#)
            #expect(try await world.send(to: Self.landline, as: clinic).refusal == nil)
            #expect(try await world.count("phone_lines") == 0)
            try await world.carrier.behave()
            #expect(try await world.send(to: Self.landline, as: clinic).refusal == "LANDLINE")
            // What was told long ago is asked for again.
            try await world.data.psql(
                "UPDATE phone_lines SET line_type = NULL, looked_up_at = now() - interval '181 days'")
            #expect(try await world.send(to: Self.landline, as: clinic).refusal == "LANDLINE")
        }
    }

    @Test func `a bulk refuses the landlines among its recipients, and texts the others`() async throws {
        try await withWorld { world in
            let clinic = try await Self.asking(world)
            try await world.data.psql("UPDATE phone_numbers SET segments_per_second = 0")
            let recipients = (100..<130).map { JSONValue.object(["to": .string("+14155550\($0)")]) }
            let taken = try await world.mutate(
                "sendBulkMessage", ["body": "Hello", "recipients": .array(recipients)], "bulkMessage { id }", as: clinic
            )
            #expect(taken.refusal == nil, "\(taken)")
            let isOver = try await eventually { try await world.count("messages", where: "status = 'DELIVERED'") == 27 }
            #expect(isOver)
            #expect(
                try await world.value(
                    "SELECT string_agg(right(phone, 3) || ' ' || error_code, ',' ORDER BY phone) FROM bulk_recipients WHERE state = 'REFUSED'"
                ) == "109 LANDLINE,119 LANDLINE,129 LANDLINE")
            #expect(try await Self.lookUps(world) == 30)
        }
    }
}
