import GraphQL
import OrderedCollections
import QueryEngine
import TestSupport
import TestWorld
import Testing
import TwilioSandbox

/// What a bulk waits for, and what is none of its business.
@Suite struct BulkRoomTests {
    /// A clinic whose numbers may send a segment a second, without workers, and ten messages of its first number with their
    /// jobs.
    private static func slowClinic(_ world: World) async throws -> Clinic {
        let clinic = try await world.makeTextingClinic()
        try await RateTests.queue(10, world, clinic)
        try await world.data.psql("UPDATE phone_numbers SET segments_per_second = 1")
        return clinic
    }

    private static func send(
        _ range: Range<Int>, from number: String, _ world: World, as clinic: Clinic
    ) async throws {
        let taken = try await BulkTests.send(
            world, BulkTests.recipients(range), ["from": .string(number)], as: clinic)
        #expect(taken.refusal == nil, "\(taken)")
    }

    private static func made(_ world: World, _ status: String = "%") async throws -> Int {
        try await world.count("messages", where: "bulk_id IS NOT NULL AND status LIKE '\(status)'")
    }

    @Test(arguments: ["SCHEDULED", "QUEUED"])
    func `what is scheduled for later, or waits for the morning, is in no bulk's way`(_ status: String) async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await Self.slowClinic(world)
            try await world.data.psql(
                """
                UPDATE messages SET status = '\(status)', respects_quiet_hours = true;
                UPDATE jobs SET run_at = now() + interval '7 days'
                """)
            try await Self.send(0..<3, from: clinic.number, world, as: clinic)
            try await world.working {
                let areOut = try await eventually { try await Self.made(world, "DELIVERED") == 3 }
                #expect(areOut)
            }
            #expect(try await world.count("messages", where: "bulk_id IS NULL AND status = '\(status)'") == 10)
        }
    }

    @Test func `two bulks from two numbers both go on, each as fast as its number`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            let fast = clinic.account.numbers[1].phoneNumber
            try await world.data.psql(
                "UPDATE phone_numbers SET segments_per_second = CASE number WHEN '\(fast)' THEN 20 ELSE 1 END")
            try await world.carrier.misbehave(#"{"do":"no_callbacks"}"#)
            try await Self.send(0..<700, from: fast, world, as: clinic)
            for _ in 0..<3 { try await world.feedBulks() }
            // Ten seconds' worth.
            #expect(try await Self.made(world) == 200)
            try await Self.send(700..<705, from: clinic.number, world, as: clinic)
            try await world.working {
                let isOn = try await eventually {
                    try await world.count(
                        "messages", where: "from_address = '\(clinic.number)' AND status = 'ACCEPTED'") > 1
                }
                #expect(isOn)
                #expect(
                    try await world.count("messages", where: "from_address = '\(fast)' AND status = 'ACCEPTED'") > 0)
                // The fast one is far from its end.
                #expect(try await world.count("bulk_recipients", where: "state = 'PENDING'") > 0)
            }
        }
    }

    /// What stands in the queue, and how many messages a bulk of a number that sends one a second makes beside it.
    static let obstacles: [(what: String, sql: String, made: Int)] = [
        ("messages of its number that are due", "SELECT 1", 0),
        ("messages of another number", "UPDATE messages SET from_address = '+12125550150'", 10),
        (
            "messages that go out just now",
            """
            UPDATE jobs SET state = 'RUNNING', run_at = 'infinity', lease_owner = gen_random_uuid(),
              lease_until = now() + interval '1 minute'
            """, 0
        ),
        (
            "messages that are tried again in an hour",
            "UPDATE jobs SET attempt = 3, run_at = now() + interval '1 hour'", 0
        ),
        ("nothing", "DELETE FROM jobs", 10),
    ]

    @Test(arguments: obstacles.indices)
    func `the queue is as long as its number needs for some seconds, and no longer`(_ index: Int) async throws {
        let (what, sql, made) = Self.obstacles[index]
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await Self.slowClinic(world)
            try await world.data.psql(sql)
            try await Self.send(0..<100, from: clinic.number, world, as: clinic)
            for _ in 0..<4 { try await world.feedBulks() }
            #expect(try await Self.made(world) == made, "\(what)")
        }
    }

    @Test(arguments: ["number", "account", "another number"])
    func `nothing is put at the end of a line that is long already`(_ line: String) async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await Self.slowClinic(world)
            let sender = ["number": clinic.number, "account": ""][line] ?? "+12125550150"
            try await world.data.psql(
                """
                UPDATE jobs SET run_at = now() + interval '1 hour';
                INSERT INTO sender_lanes (org_id, credential_id, sender, next_free_at)
                  SELECT org_id, id, '\(sender)', now() + interval '1 hour' FROM credentials
                """)
            try await Self.send(0..<100, from: clinic.number, world, as: clinic)
            for _ in 0..<4 { try await world.feedBulks() }
            #expect(try await Self.made(world) == (line == "another number" ? 10 : 0))
        }
    }

    @Test func `an account that may send few messages is not given more than these, whatever its numbers may`()
        async throws
    {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            try await world.data.psql(
                """
                UPDATE phone_numbers SET segments_per_second = 0;
                INSERT INTO messaging_accounts (org_id, credential_id, messages_per_second)
                  SELECT org_id, id, 2 FROM credentials
                """)
            try await Self.send(0..<100, from: clinic.number, world, as: clinic)
            for _ in 0..<4 { try await world.feedBulks() }
            #expect(try await Self.made(world) == 20)
        }
    }

    @Test func `a bulk that has lost all its numbers is refused as fast as it can be`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            let taken = try await BulkTests.send(world, BulkTests.recipients(0..<100), as: clinic)
            #expect(taken.refusal == nil, "\(taken)")
            try await world.data.psql("UPDATE phone_numbers SET is_active = false")
            try await world.feedBulks()
            #expect(try await world.count("bulk_recipients", where: "state = 'REFUSED'") == 100)
        }
    }

    @Test func `a bulk that waits counts its messages the more seldom the more there are`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            try await world.data.psql("UPDATE phone_numbers SET segments_per_second = 1")
            try await Self.send(0..<100, from: clinic.number, world, as: clinic)
            // As if there were many: a look in twenty seconds and more.
            try await world.data.psql("UPDATE bulk_messages SET total = total + 500000, created = created + 500000")
            func report() async throws -> String {
                try await world.feedBulks()
                return try await world.value("SELECT reported FROM bulk_messages")
            }
            #expect(try await report() == "")
            #expect(try await report() == "QUEUED 10")
            try await world.data.psql(
                "UPDATE messages SET status = 'FAILED' WHERE to_address = '\(BulkTests.phone(1))'")
            for _ in 0..<3 { #expect(try await report() == "QUEUED 10") }
            world.carrier.clock.hurry(by: .seconds(101))
            #expect(try await report() == "FAILED 1,QUEUED 9")
        }
    }

    /// Rows and index entries of `jobs` and `messages` that were read. A connection tells the server what it has read when it
    /// ends.
    private static func read(_ world: World, ending: Bool = false) async throws -> Int {
        if ending {
            let tenants = "FROM pg_stat_activity WHERE datname = current_database() AND usename = 'switchboard_tenant'"
            _ = try await world.value("SELECT count(pg_terminate_backend(pid)) \(tenants)")
            let haveEnded = try await eventually { try await world.value("SELECT count(*) \(tenants)") == "0" }
            #expect(haveEnded)
        }
        return Int(
            try await world.value(
                """
                SELECT sum(seq_tup_read + (SELECT sum(pg_stat_get_tuples_returned(indexrelid))
                    FROM pg_index WHERE indrelid = relid))
                FROM pg_stat_user_tables WHERE relname IN ('jobs', 'messages')
                """)) ?? -1
    }

    @Test(arguments: [false, true])
    func `a bulk that waits reads what stands in its way, however much is scheduled`(
        _ isPlannedWhileEmpty: Bool
    ) async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            try await Self.send(0..<10, from: clinic.number, world, as: clinic)
            // Its line is long, and it has no reason to count.
            try await world.data.psql(
                """
                ALTER TABLE jobs SET (autovacuum_enabled = off);
                ALTER TABLE messages SET (autovacuum_enabled = off);
                UPDATE bulk_messages SET total = total + 500000, created = created + 500000;
                INSERT INTO sender_lanes (org_id, credential_id, sender, next_free_at)
                  SELECT org_id, id, '\(clinic.number)', now() + interval '1 hour' FROM credentials
                """)
            // More than the five times that PostgreSQL plans by the values.
            if isPlannedWhileEmpty { for _ in 0..<8 { try await world.feedBulks() } }
            try await world.data.psql(
                """
                INSERT INTO contacts (org_id, phone) VALUES ('\(clinic.organization)', '+15005550001');
                INSERT INTO conversations (org_id, contact_id, last_message_at) SELECT org_id, id, now() FROM contacts;
                INSERT INTO messages (org_id, direction, status, from_address, to_address, body, segments, contact_id,
                    conversation_id, phone_number_id, credential_id)
                  SELECT v.org_id, 'OUTBOUND', 'SCHEDULED', n.number, '+15005550001', 'Later', 1, v.contact_id, v.id, n.id,
                         n.credential_id
                  FROM conversations v JOIN phone_numbers n ON n.number = '\(clinic.number)', generate_series(1, 5000);
                INSERT INTO jobs (org_id, kind, subject_id, run_at, attempt)
                  SELECT org_id, 'message.send', id, now() + interval '7 days',
                         CASE WHEN row_number() OVER () <= 5 THEN 1 ELSE 0 END FROM messages;
                """)
            if !isPlannedWhileEmpty { try await world.data.psql("VACUUM (ANALYZE)") }
            let before = try await Self.read(world)
            for _ in 0..<3 { try await world.feedBulks() }
            #expect(try await Self.read(world, ending: true) - before < 1_000)
            #expect(try await Self.made(world) == 0)
        }
    }
}
