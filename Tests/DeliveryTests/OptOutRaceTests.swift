import GraphQL
import TestSupport
import TestWorld
import Testing
import TwilioSandbox

/// STOP against what is just going out. An opt-out's time and the time of an attempt are both taken while the contact's row
/// is held, so they stand in the order in which the two have committed.
@Suite struct OptOutRaceTests {
    /// Attempts that were begun for somebody after that somebody's opt-out.
    static func late(_ world: World) async throws -> Int {
        Int(
            try await world.value(
                """
                SELECT count(*) FROM message_attempts a JOIN messages m ON m.id = a.message_id
                JOIN opt_outs o ON o.contact_id = m.contact_id AND o.ended_at IS NULL
                WHERE a.started_at > o.created_at
                """)) ?? -1
    }

    @Test(arguments: [1, 2, 3]) func `STOP at any moment of a bulk: no attempt commits after it`(seed: Int) async throws
    {
        try await withWorld { world in
            let clinic = try await BulkTests.fastClinic(world)
            try await world.syncWithHooks(clinic)
            try await world.data.psql("UPDATE phone_numbers SET segments_per_second = 0")
            try await world.carrier.misbehave(
                #"{"do":"latency","milliseconds":30,"match":{"method":"POST","path":"/Messages"}}"#)
            _ = try await BulkTests.send(world, BulkTests.recipients(0..<300), as: clinic)
            // Around the place in the line that is just going out: before it, at it and behind it.
            var said: Set<Int> = []
            for step in 0..<60 {
                let front = try await world.carrier.posts()
                let wanted = (front + (step * 13 + seed * 7) % 60 - 10 + 300) % 300
                let index = (0..<300).lazy.map { (wanted + $0) % 300 }.first { !said.contains($0) } ?? wanted
                said.insert(index)
                _ = try await world.carrier.inbound(from: BulkTests.phone(index), to: clinic.number, body: "STOP")
            }
            #expect(
                try await eventually {
                    guard try await world.count("bulk_recipients", where: "state = 'PENDING'") == 0 else {
                        return false
                    }
                    return try await world.count(
                        "messages", where: "bulk_id IS NOT NULL AND status IN ('QUEUED', 'SENDING')") == 0
                })
            #expect(try await Self.late(world) == 0)
            #expect(try await world.count("contacts", where: "opted_out") == 60)
            // What had no attempt, the carrier never saw. What was under way the carrier itself may have refused, too.
            let stopped = try await world.count("messages", where: "bulk_id IS NOT NULL AND error_code = 21610")
            let unbegun = try await world.value(
                """
                SELECT string_agg(to_address, ',') FROM messages m WHERE bulk_id IS NOT NULL AND error_code = 21610
                  AND NOT EXISTS (SELECT FROM message_attempts a WHERE a.message_id = m.id)
                """
            ).split(separator: ",").map(String.init)
            for phone in unbegun { #expect(try await world.carrier.posts(to: phone) == 0) }
            let refused = try await world.count("bulk_recipients", where: "error_code = 'OPTED_OUT'")
            let out = try await world.count(
                "messages", where: "bulk_id IS NOT NULL AND status IN ('ACCEPTED', 'SENT', 'DELIVERED')")
            #expect(stopped + refused + out == 300)
            #expect(unbegun.count + refused > 0, "some said it in time")
        }
    }

    /// Everybody has said STOP before the first of them has its turn.
    static func stopAll(_ world: World, isHeard: Bool) async throws -> Clinic {
        let clinic = try await world.working {
            let clinic = try await world.makeTextingClinic()
            try await world.syncWithHooks(clinic)
            return clinic
        }
        for index in 0..<20 { _ = try await world.send("Newsletter", to: BulkTests.phone(index), as: clinic) }
        try await world.data.psql("UPDATE phone_numbers SET segments_per_second = 0")
        // What answers an opt-out passes by it: marked as that, a message is sent as if nobody had looked.
        if !isHeard {
            try await world.data.psql("UPDATE messages SET answers_opt_out = true WHERE body = 'Newsletter'")
        }
        for index in 0..<9 {
            _ = try await world.carrier.inbound(from: BulkTests.phone(index), to: clinic.number, body: "STOP")
        }
        try await world.working {
            let areDone = try await eventually {
                try await world.count("messages", where: "body = 'Newsletter' AND status IN ('QUEUED', 'SENDING')") == 0
            }
            #expect(areDone)
        }
        return clinic
    }

    @Test func `who has said STOP while a message was queued does not get it, and the others do`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            _ = try await Self.stopAll(world, isHeard: true)
            #expect(try await world.count("contacts", where: "opted_out") == 9)
            #expect(try await world.count("messages", where: "body = 'Newsletter' AND error_code = 21610") == 9)
            #expect(try await Self.late(world) == 0)
            #expect(try await world.carrier.posts() == 11)
        }
    }

    @Test func `negative control: without the look at the register, attempts begin after opt-outs`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            _ = try await Self.stopAll(world, isHeard: false)
            #expect(try await Self.late(world) == 9)
        }
    }
}
