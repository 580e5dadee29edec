import Foundation
import GraphQL
import OrderedCollections
import Postgres
import QueryEngine
import TestSupport
import Testing

/// What PostgreSQL's troubles look like to a caller. Each is made with a real server: a table that somebody has locked keeps
/// a query waiting for as long as the test likes.
@Suite struct DatabaseErrorTests {
    private static let document = "{ contacts { totalCount } }"
    private static let lock = Statement("LOCK TABLE contacts IN ACCESS EXCLUSIVE MODE")
    private static let answer = "{\"data\":{\"contacts\":{\"totalCount\":3}}}"

    /// Runs `body` while nobody else can read contacts; `release` lets them.
    private func withLock<R: Sendable>(
        _ world: World, _ body: @Sendable (_ release: @escaping @Sendable () -> Void) async throws -> R
    ) async throws -> R {
        try await world.sql("GRANT UPDATE ON contacts TO switchboard_edge")
        let (hold, release) = AsyncStream.makeStream(of: Void.self)
        let (locked, lock) = AsyncStream.makeStream(of: Void.self)
        async let holding: Void = world.database.withoutTenant(as: .edge) { transaction in
            _ = try await transaction.execute(Self.lock)
            lock.finish()
            for await _ in hold {}
        }
        for await _ in locked {}
        let result: Result<R, any Error>
        do {
            result = .success(try await body { release.finish() })
        } catch {
            result = .failure(error)
        }
        release.finish()
        try await holding
        return try result.get()
    }

    private static let waiting = """
        FROM pg_stat_activity WHERE datname = current_database() AND usename = 'switchboard_tenant' AND wait_event_type = 'Lock'
        """

    /// The server's process that waits for the lock; another one than `not`.
    private func waiter(_ world: World, not other: String = "") async throws -> String {
        while true {
            let pid = try await world.sql("SELECT pid \(Self.waiting)")
            if !pid.isEmpty, pid != other { return pid }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    private func ask(_ world: World, _ document: String = document) async -> EngineResponse {
        await world.execute(document, as: Clinic.alpha.caller())
    }

    @Test(.timeLimit(.minutes(1)))
    func `a statement that takes too long is stopped by the server`() async throws {
        var configuration = EngineConfiguration()
        configuration.statementTimeout = .milliseconds(200)
        try await withWorld(configuration: configuration, connections: 1) { world in
            let response = try await withLock(world) { _ in await ask(world) }
            #expect(response.errors.map(\.code) == [.timeout])
            #expect(response.errors.first?.path == [.key("contacts")])
            #expect(String(decoding: await ask(world).bytes, as: UTF8.self) == Self.answer)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a read whose connection dies is tried once more, and nobody notices`() async throws {
        try await withWorld { world in
            let response = try await withLock(world) { release in
                async let response = ask(world)
                let first = try await waiter(world)
                try await world.sql("SELECT pg_terminate_backend(\(first))")
                _ = try await waiter(world, not: first)
                release()
                return await response
            }
            #expect(String(decoding: response.bytes, as: UTF8.self) == Self.answer)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `when it dies again, the caller is told to try later`() async throws {
        try await withWorld { world in
            let response = try await withLock(world) { _ in
                async let response = ask(world)
                let first = try await waiter(world)
                try await world.sql("SELECT pg_terminate_backend(\(first))")
                try await world.sql("SELECT pg_terminate_backend(\(try await waiter(world, not: first)))")
                return await response
            }
            #expect(response.errors.map(\.code) == [.unavailable])
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `what writes is never tried again`() async throws {
        try await withWorld { world in
            let response = try await withLock(world) { _ in
                async let response = ask(
                    world, "mutation { createContact(input: {phone: \"+14155550199\"}) { contact { id } } }")
                try await world.sql("SELECT pg_terminate_backend(\(try await waiter(world)))")
                return await response
            }
            #expect(response.errors.map(\.code) == [.unavailable])
            #expect(try await world.sql("SELECT count(*) FROM contacts") == "6")
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a statement that an administrator stops is told as given up`() async throws {
        try await withWorld { world in
            let response = try await withLock(world) { _ in
                async let response = ask(world)
                try await world.sql("SELECT pg_cancel_backend(\(try await waiter(world)))")
                return await response
            }
            #expect(response.errors.map(\.code) == [.cancelled])
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a caller who goes away stops the statement on the server, and the pool is whole`() async throws {
        try await withWorld(connections: 1) { world in
            try await withLock(world) { _ in
                let asking = Task { await ask(world) }
                let pid = try await waiter(world)
                asking.cancel()
                #expect(await asking.value.errors.map(\.code) == [.cancelled])
                #expect(try await world.sql("SELECT count(*) \(Self.waiting)") == "0")
                #expect(try await world.sql("SELECT state FROM pg_stat_activity WHERE pid = \(pid)") == "idle")
            }
            #expect(String(decoding: await ask(world).bytes, as: UTF8.self) == Self.answer)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `when the server takes no more connections, the caller is told to try later`() async throws {
        try await withWorld { world in
            try await world.sql("ALTER DATABASE \(world.data.name) CONNECTION LIMIT 0")
            try await world.sql(
                """
                SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
                WHERE datname = current_database() AND usename = 'switchboard_tenant'
                """)
            let response = await ask(world)
            #expect(response.errors.map(\.code) == [.unavailable])
            try await world.sql("ALTER DATABASE \(world.data.name) CONNECTION LIMIT -1")
            #expect(String(decoding: await ask(world).bytes, as: UTF8.self) == Self.answer)
        }
    }

    @Test func `anything else says nothing but an errorId`() async throws {
        try await withWorld { world in
            try await world.sql("REVOKE SELECT ON contacts FROM switchboard_tenant")
            let response = await ask(world)
            #expect(response.errors.map(\.code) == [.internal])
            #expect(response.errors.first?.extensions["errorId"]?.stringValue?.count == 36)
            let text = String(decoding: response.bytes, as: UTF8.self)
            for word in ["permission", "denied", "SELECT", "42501", "switchboard", "table"] {
                #expect(!text.contains(word), "\(text)")
            }
        }
    }
}
