import Foundation
import Postgres
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

/// LISTEN on a connection that may die, NOTIFY in bundles.
struct NotificationTests {
    /// Runs services beside `body`, and ends them gracefully.
    private func running<R: Sendable>(
        _ services: [any Service], _ body: () async throws -> R
    ) async throws -> R {
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map { .init(service: $0) }, logger: quiet))
        async let end: Void = group.run()
        let result: R
        do {
            result = try await body()
        } catch {
            await group.triggerGracefulShutdown()
            throw error
        }
        await group.triggerGracefulShutdown()
        try await end
        return result
    }

    /// - Parameter patience: long, so that a busy machine is not taken for a dead one.
    private func listener(_ test: TestDatabase, patience: Duration = .seconds(60)) -> NotificationListener {
        NotificationListener(
            configuration: DatabaseConfiguration(conninfo: test.conninfo), patience: patience, logger: quiet)
    }

    @Test func `a subscriber hears its channels, from listening on, and no others`() async throws {
        try await withTestDatabase { test in
            let listener = listener(test)
            try await running([listener]) {
                var events = listener.subscribe(to: "odd \"name\"", "two").makeAsyncIterator()
                var others = listener.subscribe(to: "other").makeAsyncIterator()
                #expect(await events.next() == .listening)
                #expect(await others.next() == .listening)
                try await test.psql("NOTIFY \"odd \"\"name\"\"\", 'first'; NOTIFY other, 'x'; NOTIFY two, 'second'")
                #expect(await events.next() == .notification(channel: "odd \"name\"", payload: "first"))
                #expect(await events.next() == .notification(channel: "two", payload: "second"))
                #expect(await others.next() == .notification(channel: "other", payload: "x"))
            }
        }
    }

    @Test func `who subscribes while others already listen is told so as well`() async throws {
        try await withTestDatabase { test in
            let listener = listener(test)
            try await running([listener]) {
                var first = listener.subscribe(to: "c").makeAsyncIterator()
                #expect(await first.next() == .listening)
                var second = listener.subscribe(to: "c").makeAsyncIterator()
                #expect(await second.next() == .listening)
                try await test.psql("NOTIFY c")
                #expect(await first.next() == .notification(channel: "c", payload: ""))
                #expect(await second.next() == .notification(channel: "c", payload: ""))
            }
        }
    }

    @Test func `a listener whose connection is ended says lost, then listening, and hears again`() async throws {
        try await withTestDatabase { test in
            let listener = listener(test)
            try await running([listener]) {
                var events = listener.subscribe(to: "c").makeAsyncIterator()
                for round in 1...2 {
                    #expect(await events.next() == .listening)
                    try await test.psql("NOTIFY c, 'round \(round)'")
                    #expect(await events.next() == .notification(channel: "c", payload: "round \(round)"))
                    try await test.psql(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                            + "WHERE datname = current_database() AND application_name = 'switchboard listener'")
                    #expect(await events.next() == .lost)
                }
                #expect(await events.next() == .listening)
            }
        }
    }

    @Test func `a server that falls silent without a word counts as lost, and another is listened to`() async throws {
        try await withTestDatabase { test in
            let listener = listener(test, patience: .seconds(5))
            try await running([listener]) {
                var events = listener.subscribe(to: "c").makeAsyncIterator()
                #expect(await events.next() == .listening)
                let process = try #require(
                    pid_t(
                        try await test.psql(
                            "SELECT pid FROM pg_stat_activity "
                                + "WHERE datname = current_database() AND application_name = 'switchboard listener'")))
                // Stopped, it keeps its socket open and says nothing.
                #expect(kill(process, SIGSTOP) == 0)
                defer { kill(process, SIGCONT) }
                #expect(await events.next() == .lost)
                #expect(await events.next() == .listening)
                try await test.psql("NOTIFY c, 'again'")
                #expect(await events.next() == .notification(channel: "c", payload: "again"))
            }
        }
    }

    @Test func `what is announced in a transaction goes out with its commit, whatever becomes of the announcer`()
        async throws
    {
        try await withDatabase(connections: [.queue: 1]) { database, test in
            let listener = listener(test)
            // Nobody runs it.
            let announcer = Announcer(database: database, logger: quiet)
            try await running([listener]) {
                var events = listener.subscribe(to: "c").makeAsyncIterator()
                #expect(await events.next() == .listening)
                struct Abandoned: Error {}
                await #expect(throws: Abandoned.self) {
                    try await database.withoutTenant(as: .queue) { transaction in
                        try await announcer.announce(channel: "c", payload: "rolled back", in: transaction)
                        throw Abandoned()
                    }
                }
                try await database.withoutTenant(as: .queue) { transaction in
                    try await announcer.announce(channel: "c", payload: "kept", in: transaction)
                }
                #expect(await events.next() == .notification(channel: "c", payload: "kept"))
            }
        }
    }

    @Test func `streams end with the service, and a later subscription is empty`() async throws {
        try await withTestDatabase { test in
            let listener = listener(test)
            var events = listener.subscribe(to: "c").makeAsyncIterator()
            try await running([listener]) {
                #expect(await events.next() == .listening)
            }
            while let event = await events.next() { #expect(event == .lost) }
            var late = listener.subscribe(to: "c").makeAsyncIterator()
            #expect(await late.next() == nil)
        }
    }

    @Test func `a subscriber that falls behind finds the gap marked`() async throws {
        try await withTestDatabase { test in
            let listener = listener(test)
            try await running([listener]) {
                let slow = listener.subscribe(to: "c")
                var witness = listener.subscribe(to: "c", "end").makeAsyncIterator()
                var events = slow.makeAsyncIterator()
                #expect(await events.next() == .listening)
                #expect(await witness.next() == .listening)
                try await test.psql("SELECT pg_notify('c', n::text) FROM generate_series(1, 3000) AS n; NOTIFY \"end\"")
                while let event = await witness.next(), event != .notification(channel: "end", payload: "") {}
                var heard: [NotificationEvent] = []
                while heard.last != .notification(channel: "c", payload: "3000"), let event = await events.next() {
                    heard.append(event)
                }
                // The last of what came is there, and behind it the gap.
                #expect(heard.count <= 1024)
                #expect(await events.next() == .lost)
                #expect(await events.next() == .listening)
            }
        }
    }

    /// Ending a stream while something comes for it takes locks of the runtime's and of ours, which must not wait for each
    /// other: the thread that delivers reads all connections.
    @Test func `listeners that are cancelled while notifications come hold nobody up`() async throws {
        try await withTestDatabase { test in
            let listener = listener(test)
            try await running([listener]) {
                let rounds = Atomic(0)
                // It keeps the channel open.
                var witness = listener.subscribe(to: "c").makeAsyncIterator()
                #expect(await witness.next() == .listening)
                let cancelling = Task.detached {
                    while !Task.isCancelled {
                        let listening = (0..<8).map { _ in
                            Task { for await _ in listener.subscribe(to: "c") {} }
                        }
                        await Task.yield()
                        for task in listening { task.cancel() }
                        for task in listening { await task.value }
                        rounds.add(1, ordering: .relaxed)
                    }
                }
                for _ in 0..<20 {
                    try await test.psql("SELECT pg_notify('c', n::text) FROM generate_series(1, 20000) AS n")
                    let before = rounds.load(ordering: .relaxed)
                    try #require(try await eventually { rounds.load(ordering: .relaxed) > before + 20 })
                }
                cancelling.cancel()
                await cancelling.value
                var events = listener.subscribe(to: "end").makeAsyncIterator()
                #expect(await events.next() == .listening)
                try await test.psql("NOTIFY \"end\"")
                #expect(await events.next() == .notification(channel: "end", payload: ""))
            }
        }
    }

    @Test func `announcements of one moment go out in one statement, each once`() async throws {
        try await withDatabase(connections: [.queue: 1]) { database, test in
            let listener = listener(test)
            let announcer = Announcer(database: database, logger: quiet)
            var events = listener.subscribe(to: "a", "b").makeAsyncIterator()
            // Announced before it runs, so all are of one moment.
            for number in 0..<100 {
                announcer.announce(channel: "a", payload: "\(number % 10)")
                announcer.announce(channel: "b", payload: "é\"{}")
            }
            try await running([listener]) {
                #expect(await events.next() == .listening)
                try await running([announcer]) {
                    var heard: [NotificationEvent] = []
                    for _ in 0..<11 { if let event = await events.next() { heard.append(event) } }
                    #expect(heard.count { $0 == .notification(channel: "b", payload: "é\"{}") } == 1)
                    for number in 0..<10 {
                        #expect(heard.count { $0 == .notification(channel: "a", payload: "\(number)") } == 1)
                    }
                }
            }
            let uses = Statement(
                "SELECT generic_plans + custom_plans FROM pg_prepared_statements WHERE statement LIKE '%pg_notify%unnest%'"
            )
            #expect(try await database.query(as: .queue, uses)[0].int(0) == 1)
        }
    }

    @Test func `what is announced soon after something else waits for its turn, and goes out together`() async throws {
        try await withDatabase(connections: [.queue: 1]) { database, test in
            let listener = listener(test)
            let announcer = Announcer(database: database, pace: .seconds(1), logger: quiet)
            try await running([listener]) {
                var events = listener.subscribe(to: "a").makeAsyncIterator()
                #expect(await events.next() == .listening)
                try await running([announcer]) {
                    for payload in ["1", "2", "3"] {
                        announcer.announce(channel: "a", payload: payload)
                        if payload == "1" {
                            #expect(await events.next() == .notification(channel: "a", payload: "1"))
                        }
                        try await Task.sleep(for: .milliseconds(20))
                    }
                    for payload in ["2", "3"] {
                        #expect(await events.next() == .notification(channel: "a", payload: payload))
                    }
                }
            }
            let uses = Statement(
                "SELECT generic_plans + custom_plans FROM pg_prepared_statements WHERE statement LIKE '%pg_notify%unnest%'"
            )
            #expect(try await database.query(as: .queue, uses)[0].int(0) == 2)
        }
    }

    @Test func `only what is announced in a transaction waits for the disk, and no setting stays behind`() async throws
    {
        try await withDatabase(connections: [.queue: 1]) { database, _ in
            let announcer = Announcer(database: database, logger: quiet)
            let setting = Statement("SELECT current_setting('synchronous_commit') AS setting")
            announcer.announce(channel: "a", payload: "1")
            await announcer.flush()
            #expect(try await database.query(as: .queue, setting).rows.first?.string("setting") != "off")
            let inside = try await database.withoutTenant(as: .queue) { transaction in
                try await announcer.announce(channel: "a", payload: "2", in: transaction)
                return try await transaction.execute(setting).rows.first?.string("setting")
            }
            #expect(inside != "off")
        }
    }

    @Test func `what does not fit is dropped alone, and a shutdown sends what is left`() async throws {
        try await withDatabase(connections: [.queue: 1]) { database, test in
            let listener = listener(test)
            let announcer = Announcer(database: database, logger: quiet)
            try await running([listener]) {
                var events = listener.subscribe(to: "a").makeAsyncIterator()
                #expect(await events.next() == .listening)
                try await running([announcer]) {
                    announcer.announce(channel: "a", payload: String(repeating: "x", count: 8000))
                    announcer.announce(channel: "", payload: "x")
                    announcer.announce(channel: "a", payload: "nul\0")
                    announcer.announce(channel: "a", payload: "fits")
                }
                #expect(await events.next() == .notification(channel: "a", payload: "fits"))
            }
        }
    }
}
