import GraphQL
import TestSupport
import TestWorld
import Testing

@Suite struct IdempotencyTests {
    @Test func `the same key and input, twenty times at once, is one message and one POST`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            let ids = try await withThrowingTaskGroup(of: JSONValue?.self) { group in
                for _ in 0..<20 {
                    group.addTask { try await world.send(key: "one", as: clinic)["message"]?["id"] }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(ids.count == 20)
            #expect(Set(ids).count == 1)
            #expect(ids.first??.stringValue?.hasPrefix("msg") == true)
            #expect(try await eventually { try await world.status() == "DELIVERED" })
            #expect(try await world.carrier.posts() == 1)
            #expect(try await world.value("SELECT sum(count) FROM usage_counters") == "1")
        }
    }

    @Test func `the same key with other input is an error, and other keys are other messages`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            _ = try await world.send("One", key: "k", as: clinic)
            #expect(try await world.send("Two", key: "k", as: clinic).refusal == "IDEMPOTENCY_KEY_REUSED")
            #expect(
                try await world.send("One", to: "+14155550124", key: "k", as: clinic).refusal
                    == "IDEMPOTENCY_KEY_REUSED")
            #expect(try await world.count("messages") == 1)
            _ = try await world.send("One", key: "l", as: clinic)
            _ = try await world.send("One", as: clinic)
            #expect(try await world.count("messages") == 3)
        }
    }

    @Test func `a key is free again when its message was refused, and another organization's keys are its own`()
        async throws
    {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let first = try await world.makeTextingClinic(0)
            let second = try await world.makeTextingClinic(1)
            #expect(try await world.send("", key: "k", as: first).refusal == "INVALID_BODY")
            try await world.data.psql("UPDATE phone_numbers SET is_active = false")
            #expect(try await world.send(key: "k", as: first).refusal == "SENDER_NOT_OWNED")
            try await world.data.psql("UPDATE phone_numbers SET is_active = true")
            let one = try await world.send(key: "k", as: first)["message"]?["id"]
            let other = try await world.send("Something else", key: "k", as: second)["message"]?["id"]
            #expect(one != nil && other != nil && one != other)
        }
    }
}
