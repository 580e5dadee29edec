import Foundation
import GraphQL
import Logging
import Postgres
import QueryEngine
import TestSupport
import Testing

/// How long the change feed is kept, and what a client hears that comes back too late.
@Suite struct ChangeRetentionTests {
    private static let changed = "subscription { messageChanged { id } }"

    private func subscribe(_ world: World, after eventID: String? = nil) async -> EventStream.AsyncIterator {
        await world.engine.subscribe(EngineRequest(Self.changed), caller: Clinic.alpha.caller(), after: eventID)
            .makeAsyncIterator()
    }

    private func record(_ world: World, _ message: Int, of clinic: Clinic = .alpha) async throws {
        try await world.database.withTenant(clinic.id) { transaction in
            try await Changes.record("message", [clinic.message(message)], in: transaction)
        }
    }

    private func message(_ event: SubscriptionEvent?) throws -> String? {
        try event.flatMap { try JSONValue(parsing: $0.response.bytes)["data"]?["messageChanged"]?["id"]?.stringValue }
    }

    private func id(_ index: Int) -> String { Clinic.id("msg", Clinic.alpha.message(index)) }

    private func cleaner(_ world: World) -> ChangeCleaner {
        ChangeCleaner(database: world.database, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Two days: one more than changes are kept.
    private func age(_ world: World, _ clinic: Clinic = .alpha) async throws {
        try await world.sql("UPDATE changes SET occurred_at = now() - interval '2 days' WHERE org_id = '\(clinic.id)'")
    }

    /// Cleans until so many are gone: what another test's transaction may still hide stays for the next time.
    private func clean(_ world: World, gone count: Int) async throws {
        var left = count
        while left > 0 {
            left -= try await cleaner(world).clean()
            if left > 0 { try await Task.sleep(for: .milliseconds(20)) }
        }
        #expect(left == 0)
    }

    @Test(.timeLimit(.minutes(1)))
    func `what is older than the retention is cleared away, of every organization, and nothing else`() async throws {
        try await withWorld { world in
            for index in 1...3 { try await record(world, index) }
            for index in 1...2 { try await record(world, index, of: .beta) }
            try await age(world)
            try await age(world, .beta)
            try await record(world, 4)
            try await clean(world, gone: 5)
            #expect(try await cleaner(world).clean() == 0)
            #expect(
                try await world.sql("SELECT org_id, subject_id FROM changes")
                    == "\(Clinic.alpha.id)|\(Clinic.alpha.message(4).uuidString.lowercased())")
            #expect(try await world.sql("SELECT count(*) FROM change_horizons") == "2")
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a client that comes back after what it missed is gone is told to query anew, and its stream ends`()
        async throws
    {
        try await withWorld { world in
            var events = await subscribe(world)
            for index in 1...3 { try await record(world, index) }
            let first = await events.next()
            #expect(try message(first) == id(1))
            try await age(world)
            try await clean(world, gone: 3)
            var resumed = await subscribe(world, after: first?.id)
            let refused = await resumed.next()
            #expect(refused?.response.errors.map(\.code) == [.eventIDTooOld])
            #expect(refused?.id == nil)
            #expect(await resumed.next() == nil)
            // Anew, without the id: whole again.
            var anew = await subscribe(world)
            try await record(world, 5)
            #expect(try message(await anew.next()) == id(5))
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a client that had seen all that is gone has missed nothing, however long it was away`() async throws {
        try await withWorld { world in
            var events = await subscribe(world)
            for index in 1...2 { try await record(world, index) }
            _ = await events.next()
            let last = await events.next()
            try await age(world)
            try await clean(world, gone: 2)
            // Another organization's feed being cleared further says nothing about this one.
            try await record(world, 1, of: .beta)
            try await age(world, .beta)
            try await clean(world, gone: 1)
            try await record(world, 6)
            var resumed = await subscribe(world, after: last?.id)
            #expect(try message(await resumed.next()) == id(6))
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `what no reader could have seen yet is not cleared away`() async throws {
        try await withWorld { world in
            let (hold, release) = AsyncStream.makeStream(of: Void.self)
            let (begun, begin) = AsyncStream.makeStream(of: Void.self)
            async let late: Void = world.database.withTenant(Clinic.beta.id) { transaction in
                try await Changes.record("message", [Clinic.beta.message(1)], in: transaction)
                begin.finish()
                for await _ in hold {}
            }
            for await _ in begun {}
            try await record(world, 1)
            try await age(world)
            #expect(try await cleaner(world).clean() == 0)
            release.finish()
            try await late
            try await clean(world, gone: 1)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a long transaction in another database does not hold the feed up; one in this database does`() async throws {
        try await withWorld { world in
            try await withTestDatabase { other in
                let foreign = Database(
                    configuration: DatabaseConfiguration(conninfo: other.conninfo),
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
                let (hold, release) = AsyncStream.makeStream(of: Void.self)
                let (begun, begin) = AsyncStream.makeStream(of: Void.self)
                let writes = Statement("SELECT pg_current_xact_id()::text")
                async let long: Void = foreign.withoutTenant(as: .tenant) { transaction in
                    _ = try await transaction.execute(writes)
                    begin.finish()
                    for await _ in hold {}
                }
                for await _ in begun {}
                var events = await subscribe(world)
                try await record(world, 3)
                #expect(try message(await events.next()) == id(3))
                release.finish()
                try await long
                await foreign.close()
            }
        }
    }
}
