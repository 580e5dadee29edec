import Foundation
import GraphQL
import OrderedCollections
import Postgres
import QueryEngine
import Synchronization
import Testing

@Suite struct SubscriptionTests {
    private static let changed = """
        subscription S($filter: MessageFilter) { messageChanged(filter: $filter) { id status } }
        """

    private func subscribe(
        _ world: World, _ variables: OrderedDictionary<String, JSONValue> = [:], after eventID: String? = nil,
        as clinic: Clinic = .alpha, revalidate: @escaping @Sendable () async -> Bool = { true }
    ) async -> EventStream.AsyncIterator {
        await world.engine.subscribe(
            EngineRequest(Self.changed, variables: variables), caller: clinic.caller(), after: eventID,
            revalidate: revalidate
        ).makeAsyncIterator()
    }

    private func record(_ world: World, _ messages: [Int], of clinic: Clinic = .alpha) async throws {
        try await world.database.withTenant(clinic.id) { transaction in
            try await Changes.record("message", messages.map { clinic.message($0) }, in: transaction)
        }
    }

    private func message(_ event: SubscriptionEvent?) throws -> String? {
        guard let event else { return nil }
        return try JSONValue(parsing: event.response.bytes)["data"]?["messageChanged"]?["id"]?.stringValue
    }

    private func id(_ index: Int, of clinic: Clinic = .alpha) -> String { Clinic.id("msg", clinic.message(index)) }

    @Test(.timeLimit(.minutes(1)))
    func `every change after the beginning is seen once, in order`() async throws {
        try await withWorld { world in
            try await record(world, [7])
            var events = await subscribe(world)
            for index in 1...4 { try await record(world, [index]) }
            for index in 1...4 { #expect(try message(await events.next()) == id(index)) }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a transaction that commits late is not passed over`() async throws {
        try await withWorld { world in
            var events = await subscribe(world)
            let (hold, release) = AsyncStream.makeStream(of: Void.self)
            let (begun, begin) = AsyncStream.makeStream(of: Void.self)
            async let late: Void = world.database.withTenant(Clinic.alpha.id) { transaction in
                try await Changes.record("message", [Clinic.alpha.message(1)], in: transaction)
                begin.finish()
                for await _ in hold {}
            }
            for await _ in begun {}
            // Begins later and commits earlier.
            try await record(world, [2])
            release.finish()
            try await late
            #expect(try message(await events.next()) == id(1))
            #expect(try message(await events.next()) == id(2))
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `what was committed before the beginning is not told, though an older transaction still ran`() async throws {
        try await withWorld { world in
            let (hold, release) = AsyncStream.makeStream(of: Void.self)
            let (begun, begin) = AsyncStream.makeStream(of: Void.self)
            async let late: Void = world.database.withTenant(Clinic.alpha.id) { transaction in
                try await Changes.record("message", [Clinic.alpha.message(1)], in: transaction)
                begin.finish()
                for await _ in hold {}
            }
            for await _ in begun {}
            try await record(world, [2])
            var events = await subscribe(world)
            release.finish()
            try await late
            try await record(world, [3])
            #expect(try message(await events.next()) == id(1))
            #expect(try message(await events.next()) == id(3))
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `only what passes the filter, and only of the own clinic`() async throws {
        try await withWorld { world in
            var events = await subscribe(world, ["filter": ["direction": "INBOUND"]])
            try await record(world, [1, 2, 3], of: .beta)
            try await record(world, [1, 3, 5])
            try await record(world, [4])
            try await record(world, [6])
            #expect(try message(await events.next()) == id(4))
            #expect(try message(await events.next()) == id(6))
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `an announcement wakes a subscription that would wait long`() async throws {
        var configuration = EngineConfiguration()
        configuration.feedPollInterval = .seconds(3_600)
        try await withWorld(configuration: configuration, listening: true) { world in
            let stream = await world.engine.subscribe(EngineRequest(Self.changed), caller: Clinic.alpha.caller())
            async let first = Self.first(of: stream)
            try await record(world, [5])
            // Announced again until it is heard: listening may begin at any time.
            let announce = Task {
                while !Task.isCancelled {
                    try await world.sql("NOTIFY switchboard_changes, '\(Clinic.alpha.id)'")
                }
            }
            #expect(try message(await first) == id(5))
            announce.cancel()
            _ = await announce.result
        }
    }

    private static func first(of stream: EventStream) async -> SubscriptionEvent? {
        var events = stream.makeAsyncIterator()
        return await events.next()
    }

    @Test(.timeLimit(.minutes(1)))
    func `a stream goes on after the last event that was seen`() async throws {
        try await withWorld { world in
            var events = await subscribe(world)
            for index in 1...3 { try await record(world, [index]) }
            let first = await events.next()
            #expect(try message(first) == id(1))
            var resumed = await subscribe(world, after: first?.id)
            #expect(try message(await resumed.next()) == id(2))
            #expect(try message(await resumed.next()) == id(3))
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `an event id from elsewhere is one clear error`() async throws {
        try await withWorld { world in
            var events = await subscribe(world)
            try await record(world, [1])
            let own = await events.next()?.id
            var otherClinic = await subscribe(world, after: own, as: .beta)
            let refused = await otherClinic.next()
            #expect(refused?.response.errors.map(\.code) == [.badEventID])
            #expect(refused?.id == nil)
            #expect(await otherClinic.next() == nil)
            for garbage in ["", "x", "MTIzNDU2Nzg5MDEyMzEuMQ", "'; DROP TABLE changes; --"] {
                var stream = await subscribe(world, after: garbage)
                #expect(await stream.next()?.response.errors.map(\.code) == [.badEventID])
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a stream ends when the caller may no longer listen`() async throws {
        try await withWorld { world in
            let isAllowed = Atomic(true)
            var events = await subscribe(world) { isAllowed.load(ordering: .relaxed) }
            try await record(world, [1])
            #expect(try message(await events.next()) == id(1))
            isAllowed.store(false, ordering: .relaxed)
            try await record(world, [2])
            #expect(await events.next() == nil)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a refused subscription gives its errors and ends`() async throws {
        try await withWorld { world in
            let refused: [(String, ErrorCode)] = [
                ("subscription { messageChanged { nothing } }", .validationFailed),
                ("{ contacts { totalCount } }", .wrongOperationType),
            ]
            for (document, code) in refused {
                var stream = await world.engine.subscribe(EngineRequest(document), caller: Clinic.alpha.caller())
                    .makeAsyncIterator()
                #expect(await stream.next()?.response.errors.map(\.code) == [code])
                #expect(await stream.next() == nil)
            }
            var platform = await world.engine.subscribe(EngineRequest(Self.changed), caller: Clinic.platform)
                .makeAsyncIterator()
            #expect(await platform.next()?.response.failure == .forbidden)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a waiting stream ends with its task, and with the engine`() async throws {
        try await withWorld { world in
            let stream = await world.engine.subscribe(EngineRequest(Self.changed), caller: Clinic.alpha.caller())
            let waiting = Task { await Self.first(of: stream) }
            waiting.cancel()
            #expect(await waiting.value == nil)
        }
    }
}
