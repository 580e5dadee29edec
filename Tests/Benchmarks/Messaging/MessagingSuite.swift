import Curl
import FoundationEssentials
import GraphQL
import OrderedCollections
import Twilio

/// Messages from the API to the carrier and back, with all guarantees on, beside bare POSTs to the same carrier.
///
/// Everything runs on this machine: server, database, and the sandbox, which answers after 40 ms as Twilio about does.
/// Rates are lifted; they are what would be measured otherwise.
struct MessagingSuite: BenchmarkSuite {
    static let name = "messaging"

    func run(_ turns: Turns, _ figures: inout Figures) async throws {
        let server = try await DemoServer.start()
        let transport = try HTTPTransport()
        do {
            try await run(turns, server, transport, &figures)
        } catch {
            await transport.shutdown()
            await server.stop()
            throw error
        }
        await transport.shutdown()
        await server.stop()
        try await memory(turns, &figures)
    }

    private func run(
        _ turns: Turns, _ server: DemoServer, _ transport: HTTPTransport, _ figures: inout Figures
    ) async throws {
        var clinics: [TextingClinic] = []
        for organization in server.organizations.prefix(2) {
            clinics.append(
                try await TextingClinic.open(
                    organization, at: server.url, sandbox: server.sandbox, over: transport))
        }
        guard clinics.count == 2 else { throw Program.Failure(description: "The demo is not as known.") }
        let (clinic, other) = (clinics[0], clinics[1])
        try await server.psql("--command=UPDATE phone_numbers SET segments_per_second = 0")

        // Warms up.
        _ = try await singles(50, by: clinic, server)
        _ = try await bulk(500, by: clinic, server)
        // What autovacuum does within a minute of a database's life; until then the planner takes its tables for empty.
        try await server.psql("--command=VACUUM (ANALYZE)")
        let single = try await singles(300, by: clinic, server)
        figures.add(
            "messaging.single.p50_ms", single.answered.at(0.5), "ms until sendMessage has answered", target: .atMost(5))
        figures.add("messaging.single.p99_ms", single.answered.at(0.99), "ms, 99 of 100 are faster")
        figures.add(
            "messaging.single.carrier_p50_ms", single.carried.at(0.5),
            "ms from the message's creation until its POST is with the carrier", target: .atMost(50))
        figures.add("messaging.single.carrier_p99_ms", single.carried.at(0.99), "ms, 99 of 100 are faster")

        try await bulks(clinic, turns, server, &figures)
        try await fairness(clinic, other, turns, server, &figures)
        try await inbound(clinic, turns, &figures)
    }

    // MARK: One by one

    private struct Singles {
        /// Milliseconds.
        var answered: [Double] = []
        var carried: [Double] = []
    }

    /// The sandbox answers so many milliseconds after a request has come.
    private static let latency = 40.0

    private func singles(_ count: Int, by clinic: TextingClinic, _ server: DemoServer) async throws -> Singles {
        let start = try await server.psql("--command=SELECT clock_timestamp()")
        var singles = Singles()
        for index in 0..<count {
            let begun = ContinuousClock.now
            _ = try await clinic.mutate(
                "sendMessage",
                ["to": .string(TextingClinic.phone(5_000 + index)), "body": "Your appointment is tomorrow at ten."],
                "message { id }")
            singles.answered.append((ContinuousClock.now - begun) / .milliseconds(1))
        }
        try await settled(clinic, server)
        // The attempt ends when the answer is written down: the carrier had the request 40 ms before that at the latest.
        let times = try await server.psql(
            """
            --command=SELECT 1000 * extract(epoch FROM a.finished_at - m.created_at) FROM message_attempts a
            JOIN messages m ON m.org_id = a.org_id AND m.id = a.message_id
            WHERE a.state = 'ACCEPTED' AND m.bulk_id IS NULL AND m.created_at >= '\(start.trimmed)'
            """)
        singles.carried = times.split(separator: "\n").compactMap { Double($0).map { $0 - Self.latency } }
        guard singles.carried.count == count else {
            throw Program.Failure(description: "\(singles.carried.count) of \(count) messages came to the carrier.")
        }
        return singles
    }

    // MARK: Inbound

    private func inbound(_ clinic: TextingClinic, _ turns: Turns, _ figures: inout Figures) async throws {
        let perSecond = 1_000
        let hook = try await clinic.inboundHook()
        // Those who were written to.
        let known = min(5_000, Self.bulkSize(turns))
        // Conversations are made by the first ones.
        _ = try await storm(0..<1_000, at: 200, hook, clinic) { $0 % known }
        let each = max(1_000, Int(turns.seconds * Double(perSecond)))
        var rates: [[Double]] = [[], []]
        var p99: [[Double]] = [[], []]
        var refused = 0
        for round in 0..<turns.rounds {
            let first = 1_000 + round * (each + 1_000)
            let storms: [(of: Range<Int>, from: (Int) -> Int)] = [
                (first..<first + each, { $0 % known }),
                (first + each..<first + each + 1_000, { $0 - first - each + 10_000 + round * 1_000 }),
            ]
            for (kind, (messages, sender)) in storms.enumerated() {
                let start = ContinuousClock.now
                let times = try await storm(messages, at: perSecond, hook, clinic, from: sender)
                let taken = times.compactMap { $0 }
                rates[kind].append(Double(taken.count) / ((ContinuousClock.now - start) / .seconds(1)))
                p99[kind].append(taken.at(0.99))
                refused += times.count - taken.count
            }
        }
        figures.add(
            "messaging.inbound.per_s", median(rates[0]), "webhooks a second taken, at \(perSecond) a second sent")
        figures.add(
            "messaging.inbound.p99_ms", median(p99[0]), "ms until a webhook is answered, 99 of 100 are faster",
            target: .atMost(50))
        figures.add(
            "messaging.inbound.refused", Double(refused),
            "of \(turns.rounds * (each + 1_000)) answered with 503, for Twilio to come again", target: .atMost(0))
        figures.add(
            "messaging.inbound.strangers_per_s", median(rates[1]), "of 1000 of people that nobody knew, sent likewise")
        figures.add(
            "messaging.inbound.strangers_p99_ms", median(p99[1]), "ms until theirs are answered", target: .atMost(50))
    }

    /// So many a second, each at its own time whatever became of those before it. Milliseconds from the time at which each was
    /// due to its answer; `nil` where that was 503.
    private func storm(
        _ messages: Range<Int>, at perSecond: Int, _ hook: String, _ clinic: TextingClinic, from sender: (Int) -> Int
    ) async throws -> [Double?] {
        let start = ContinuousClock.now
        return try await withThrowingTaskGroup(of: Double?.self) { group in
            for (index, message) in messages.enumerated() {
                let due = start + .seconds(1) * index / perSecond
                if due > .now { try await Task.sleep(until: due) }
                let phone = TextingClinic.phone(sender(message))
                group.addTask {
                    let status = try await clinic.receive(message, from: phone, at: hook)
                    guard status < 300 || status == 503 else {
                        throw Program.Failure(description: "A webhook was answered with \(status).")
                    }
                    return status == 503 ? nil : (ContinuousClock.now - due) / .milliseconds(1)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    // MARK: Many

    static func bulkSize(_ turns: Turns) -> Int { max(500, Int(10_000 * turns.scale)) }

    private func bulks(
        _ clinic: TextingClinic, _ turns: Turns, _ server: DemoServer, _ figures: inout Figures
    ) async throws {
        let count = Self.bulkSize(turns)
        func bare(_ turns: Turns) throws -> Double {
            try BareCurl(
                url: clinic.messages,
                body: "To=%2B14155550123&From=\(clinic.organization.numbers.first?.replacing("+", with: "%2B") ?? "")"
                    + "&Body=Your+appointment+is+tomorrow+at+ten",
                username: clinic.organization.accountSid, password: clinic.organization.authToken,
                concurrency: TwilioTraffic.Limits().concurrency
            ).creates(seconds: turns.seconds)
        }
        var accepting: [Double] = []
        let work = try await turns.take([
            { turns in try bare(turns) },
            { _ in
                try await clinic.setCallbacks(false)
                let bulk = try await self.bulk(count, by: clinic, server)
                accepting.append(bulk.acceptedAfter)
                return bulk.perSecond
            },
            { _ in
                try await clinic.setCallbacks(true)
                let bulk = try await self.bulk(count, by: clinic, server)
                accepting.append(bulk.acceptedAfter)
                try await self.delivered(clinic, server)
                return bulk.perSecond
            },
        ])
        let note = "messages a second from QUEUED to ACCEPTED"
        figures.add(
            "messaging.bulk.accept_s", median(accepting), "s for one mutation with \(count) recipients",
            target: .atMost(1.5))
        figures.add("messaging.sends_per_s", median(work[1]), "\(note), without callbacks", target: .atLeast(1_500))
        figures.add("messaging.bare_per_s", median(work[0]), "bare POSTs a second, as many at once")
        figures.add(
            "messaging.sends.ratio", median(zip(work[1], work[0]).map { $0 / $1 }), "of these", target: .atLeast(0.5))
        figures.add(
            "messaging.sends_with_callbacks_per_s", median(work[2]), "\(note), with two callbacks for each",
            target: .atLeast(600))
        let dead = try await server.psql(
            "--command=SELECT max(n_dead_tup) FROM pg_stat_user_tables",
            "--command=SELECT pg_relation_size('jobs') / 1e6")
        let lines = dead.split(separator: "\n").map { Double($0) ?? .nan }
        figures.add("messaging.dead_tuples", lines.first ?? .nan, "dead rows in the table that has most")
        figures.add("messaging.jobs_mb", lines.last ?? .nan, "MB of the queue's table after that")
    }

    private struct Bulk {
        let acceptedAfter: Double
        let perSecond: Double
    }

    private func bulk(_ count: Int, by clinic: TextingClinic, _ server: DemoServer) async throws -> Bulk {
        let start = try await server.psql("--command=SELECT clock_timestamp()")
        let seconds = try await take(count, by: clinic)
        try await settled(clinic, server)
        let figures = try await server.psql(
            """
            --command=SELECT count(*), extract(epoch FROM max(finished_at) - min(started_at)) FROM message_attempts
            WHERE state = 'ACCEPTED' AND started_at >= '\(start.trimmed)'
            """
        ).trimmed.split(separator: "|").compactMap { Double($0) }
        guard figures.count == 2, Int(figures[0]) == count else {
            throw Program.Failure(description: "\(figures) of \(count) messages were accepted.")
        }
        return Bulk(acceptedAfter: seconds, perSecond: figures[0] / figures[1])
    }

    /// Has a bulk taken. Answers after how many seconds it was.
    func take(_ count: Int, by clinic: TextingClinic) async throws -> Double {
        let recipients = (0..<count).map { JSONValue.object(["to": .string(TextingClinic.phone($0 % 10_000))]) }
        let begun = ContinuousClock.now
        _ = try await clinic.mutate(
            "sendBulkMessage",
            ["body": "Your appointment is tomorrow at ten.", "recipients": .array(recipients)],
            "bulkMessage { id total }")
        return (ContinuousClock.now - begun) / .seconds(1)
    }

    /// Waits until nothing of the clinic is to be sent. While there are jobs, these are looked for: to ask the messages reads
    /// all that there ever were, and that four times a second takes a good part of a processor from what is measured.
    private func settled(_ clinic: TextingClinic, _ server: DemoServer) async throws {
        try await wait(
            server,
            """
            SELECT NOT EXISTS (SELECT FROM bulk_messages WHERE org_id = '\(try id(clinic))' AND state = 'RUNNING')
            AND NOT EXISTS (SELECT FROM jobs WHERE org_id = '\(try id(clinic))' AND kind = 'message.send')
            """)
        try await wait(
            server,
            """
            SELECT NOT EXISTS (SELECT FROM messages WHERE org_id = '\(try id(clinic))'
              AND status IN ('SCHEDULED', 'QUEUED', 'SENDING'))
            """)
    }

    /// Waits until the callbacks of all its messages have come.
    private func delivered(_ clinic: TextingClinic, _ server: DemoServer) async throws {
        try await wait(
            server,
            """
            SELECT NOT EXISTS (SELECT FROM messages m WHERE org_id = '\(try id(clinic))'
              AND status IN ('ACCEPTED', 'SENT')
              AND created_at > (SELECT max(created_at) FROM bulk_messages b WHERE b.org_id = m.org_id))
            """)
    }

    private func id(_ clinic: TextingClinic) throws -> String {
        guard let uuid = clinic.organization.uuid else { throw Program.Failure(description: "That is no ID.") }
        return uuid.uuidString.lowercased()
    }

    /// Seldom: each time is a process and a connection, a tenth of a second of a processor, and at four times a second these
    /// took an eighth of both. When something happened, the rows say themselves.
    private func wait(_ server: DemoServer, _ condition: String) async throws {
        for _ in 0..<150 {
            if try await server.psql("--command=\(condition)").trimmed == "t" { return }
            try await Task.sleep(for: .seconds(2))
        }
        throw Program.Failure(description: "In five minutes it did not come to: \(condition)")
    }

    // MARK: Fairness

    /// One clinic has many queued, and another sends one by one.
    private func fairness(
        _ clinic: TextingClinic, _ other: TextingClinic, _ turns: Turns, _ server: DemoServer,
        _ figures: inout Figures
    ) async throws {
        let count = Self.bulkSize(turns)
        try await clinic.setCallbacks(false)
        for _ in 0..<5 { _ = try await take(count, by: clinic) }
        let single = try await singles(200, by: other, server)
        figures.add(
            "messaging.fair.carrier_p99_ms", single.carried.at(0.99),
            "ms until another's single message is with the carrier while \(5 * count) are queued",
            target: .atMost(2_000))
        try await settled(clinic, server)
    }
}

extension [Double] {
    /// A quantile, 0 to 1.
    fileprivate func at(_ quantile: Double) -> Double {
        let sorted = sorted()
        return sorted.isEmpty ? .nan : sorted[Int((Double(sorted.count - 1) * quantile).rounded())]
    }
}

extension String {
    fileprivate var trimmed: String { String(split(whereSeparator: \.isNewline).first ?? "") }
}
