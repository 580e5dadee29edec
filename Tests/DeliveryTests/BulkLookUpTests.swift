import GraphQL
import OrderedCollections
import QueryEngine
import TestSupport
import TestWorld
import Testing
import TwilioSandbox

/// A bulk of an organization that has lines asked for, while Twilio does not tell.
@Suite struct BulkLookUpTests {
    private static func askingClinic(_ world: World, segmentsPerSecond: Double) async throws -> Clinic {
        let clinic = try await world.makeTextingClinic()
        let changed = try await world.mutate("updateSettings", ["lookUps": true], "settings { lookUps }", as: clinic)
        #expect(changed["settings"] == ["lookUps": true])
        try await world.data.psql("UPDATE phone_numbers SET segments_per_second = \(segmentsPerSecond)")
        return clinic
    }

    private static func misbehave(_ what: String, _ world: World) async throws {
        try await world.carrier.misbehave(#"{\#(what),"match":{"method":"GET","path":"/v2/PhoneNumbers"}}"#)
    }

    private static func lookUps(_ world: World) async throws -> Int {
        Int(try await world.carrier.control("/requests?method=GET&path=/v2/PhoneNumbers")["count"]?.intValue ?? -1)
    }

    @Test(arguments: [403, 404, 500])
    func `an account without Lookup is not asked again and again, and all messages go out`(_ status: Int) async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            // Two numbers: ten messages at a time.
            let clinic = try await Self.askingClinic(world, segmentsPerSecond: 0.5)
            try await Self.misbehave(#""do":"status","status":\#(status)"#, world)
            _ = try await BulkTests.send(world, BulkTests.recipients(0..<60), as: clinic)
            for _ in 0..<4 { try await world.feedBulks() }
            #expect(try await world.count("messages") == 10)
            let asked = try await Self.lookUps(world)
            // Each of those who were next, once; a refusal of the account itself is believed at once.
            #expect(asked > 0 && asked <= 10)
            for _ in 0..<3 {
                try await world.data.psql("DELETE FROM jobs WHERE kind = 'message.send'")
                try await world.feedBulks()
            }
            #expect(try await world.count("messages") == 40)
            #expect(try await Self.lookUps(world) == asked)
            // After a while it is asked again: once at first, where it had failed, to see whether it still does.
            try await world.carrier.behave()
            for _ in 0..<2 {
                world.carrier.clock.hurry(by: .seconds(301))
                try await world.data.psql("DELETE FROM jobs WHERE kind = 'message.send'")
                try await world.feedBulks()
            }
            let told = try await world.count("phone_lines")
            #expect(told >= 10)
            #expect(try await Self.lookUps(world) == asked + told)
        }
    }

    @Test func `a number that Twilio does not know is texted, and the others are asked for`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await Self.askingClinic(world, segmentsPerSecond: 0)
            let unknown = BulkTests.phone(3).dropFirst()
            try await world.carrier.misbehave(
                #"{"do":"status","status":404,"match":{"method":"GET","path":"\#(unknown)"}}"#)
            _ = try await BulkTests.send(world, BulkTests.recipients(0..<30), as: clinic)
            try await world.feedBulks()
            #expect(try await Self.lookUps(world) == 30)
            #expect(try await world.count("phone_lines") == 29)
            // In the sandbox numbers that end in 9 are landlines.
            #expect(try await world.count("messages") == 27)
        }
    }

    @Test func `while Lookup hangs, a bulk goes out, and a pause takes effect`() async throws {
        try await withWorld { world in
            let clinic = try await Self.askingClinic(world, segmentsPerSecond: 2)
            try await Self.misbehave(#""do":"latency","milliseconds":60000"#, world)
            try await world.carrier.misbehave(#"{"do":"no_callbacks"}"#)
            _ = try await BulkTests.send(world, BulkTests.recipients(0..<200), as: clinic)
            let isOut = try await eventually { try await world.count("messages", where: "status = 'ACCEPTED'") > 2 }
            #expect(isOut)
            #expect(try await Self.lookUps(world) == 10)
            let paused = try await BulkTests.control(world, "pauseBulkMessage", as: clinic)
            #expect(paused["bulkMessage"]?["state"] == "PAUSED")
            let hasEnded = try await eventually { try await world.count("messages", where: "status = 'SENDING'") == 0 }
            #expect(hasEnded)
            let posts = try await world.carrier.posts()
            try await world.hurry("message.send")
            let areGone = try await eventually { try await world.count("jobs", where: "kind = 'message.send'") == 0 }
            #expect(areGone)
            #expect(try await world.carrier.posts() <= posts + 1)
        }
    }

    @Test func `a pause while Twilio is asked lets no message be made, and ends the asking`() async throws {
        try await withWorld { world in
            let clinic = try await Self.askingClinic(world, segmentsPerSecond: 0)
            try await Self.misbehave(#""do":"latency","milliseconds":60000"#, world)
            _ = try await BulkTests.send(world, BulkTests.recipients(0..<200), as: clinic)
            let isAsking = try await eventually { try await Self.lookUps(world) > 0 }
            #expect(isAsking)
            let paused = try await BulkTests.control(world, "pauseBulkMessage", as: clinic)
            #expect(paused["bulkMessage"]?["state"] == "PAUSED")
            let hasEnded = try await eventually { try await world.count("jobs", where: "kind = 'message.bulk'") == 0 }
            #expect(hasEnded)
            #expect(try await world.count("messages") == 0)
            #expect(try await Self.lookUps(world) == 10)
        }
    }
}
