import GraphQL
import OrderedCollections
import Postgres
import QueryEngine
import Testing

/// Numbers over rows, by time and by column.
@Suite struct AggregateTests {
    private func statistics(_ answer: JSONValue) -> [JSONValue] {
        answer["data"]?["messageStatistics"]?.arrayValue ?? []
    }

    @Test func `over no row there is one answer of zeros, and with groups there is none`() async throws {
        try await withWorld { world in
            let document = """
                query S($by: TimeInterval) {
                  messageStatistics(by: $by, filter: {bodyContains: "nowhere"}) { messages segments delivered firstAt }
                }
                """
            let all = try await world.ask(document)
            #expect(statistics(all) == [["messages": 0, "segments": 0, "delivered": 0, "firstAt": .null]])
            let byDay = try await world.ask(document, ["by": "DAY"])
            #expect(statistics(byDay) == [])
        }
    }

    @Test func `a day begins at midnight of the time zone that was asked for`() async throws {
        try await withWorld { world in
            // Half an hour after midnight in Berlin, and still the day before in New York.
            try await world.sql("UPDATE messages SET created_at = '2026-07-01T22:30:00Z'")
            let document = "query S($z: TimeZone) { messageStatistics(by: DAY, timeZone: $z) { start messages } }"
            for (zone, start) in [
                ("Europe/Berlin", "2026-07-01T22:00:00+00:00"), ("America/New_York", "2026-07-01T04:00:00+00:00"),
                ("UTC", "2026-07-01T00:00:00+00:00"),
            ] {
                let answer = try await world.ask(document, ["z": .string(zone)])
                #expect(statistics(answer) == [["start": .string(start), "messages": 7]])
            }
        }
    }

    @Test(arguments: ["Mars/Olympus_Mons", "+02", "EST5EDT4", "'; DROP TABLE messages; --", "", "GMT+5"])
    func `a time zone that is none is the caller's error`(zone: String) async throws {
        try await withWorld { world in
            let response = await world.execute(
                "query S($z: TimeZone) { messageStatistics(by: DAY, timeZone: $z) { start } }",
                ["z": .string(zone)], as: Clinic.alpha.caller())
            #expect(response.errors.map(\.code) == [.badUserInput])
        }
    }

    @Test func `every bucket of a year of usage adds up to what was used`() async throws {
        try await withWorld { world in
            try await world.sql(
                """
                DELETE FROM usage_counters;
                INSERT INTO usage_counters (org_id, metric, day, slot, count)
                  SELECT '\(Clinic.alpha.id)', m, '2026-01-01'::date + d, s, d + s
                  FROM unnest(ARRAY['MESSAGES_OUTBOUND', 'MESSAGES_INBOUND']) m, generate_series(0, 364) d, generate_series(0, 1) s
                """)
            let document = """
                query U($by: UsageInterval!) {
                  usage(from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z", by: $by) { start messages messagesInbound }
                }
                """
            for (interval, points) in [("DAY", 365), ("WEEK", 53), ("MONTH", 12), ("YEAR", 1)] {
                let answer = try await world.ask(document, ["by": .string(interval)])
                let usage = answer["data"]?["usage"]?.arrayValue ?? []
                #expect(usage.count == points, "\(interval)")
                let starts = usage.compactMap { $0["start"]?.stringValue }
                #expect(starts == starts.sorted())
                let inbound = usage.compactMap { $0["messagesInbound"]?.intValue }.reduce(0, +)
                let all = usage.compactMap { $0["messages"]?.intValue }.reduce(0, +)
                #expect(inbound == 133_225)
                #expect(all == 266_450)
            }
        }
    }

    @Test func `numbers stay within their organization, also with one lock removed`() async throws {
        var options = SQLOptions()
        options.writesTenantPredicate = false
        for options in [SQLOptions(), options] {
            try await withWorld(sql: options) { world in
                try await world.sql(
                    "DELETE FROM message_status_events; DELETE FROM messages WHERE org_id = '\(Clinic.beta.id)' AND segments > 2"
                )
                let alpha = try await world.ask("{ messageStatistics { messages } }")
                #expect(statistics(alpha) == [["messages": 7]])
                let beta = try await world.ask("{ messageStatistics { messages } }", as: Clinic.beta.caller())
                #expect(statistics(beta) == [["messages": 2]])
            }
        }
    }

    @Test func `a sum beyond 32 bits is an error and never a wrong number`() async throws {
        try await withWorld { world in
            try await world.sql("UPDATE messages SET segments = 2000000000")
            let response = await world.execute("{ messageStatistics { segments } }", as: Clinic.alpha.caller())
            #expect(response.errors.map(\.code) == [.intOutOfRange])
        }
    }

    @Test func `below a row, numbers are over what belongs to it`() async throws {
        let sdl = """
            extend type Contact {
              statistics(filter: MessageFilter, groupBy: [MessageGroup!]): [MessageStatistics!]! @aggregate(table: "messages", key: "contact_id", bucket: "created_at")
              total: ContactTotal! @aggregate(table: "messages", key: "contact_id")
            }
            type ContactTotal { messages: Int! @measure(function: COUNT) last: DateTime @measure(function: MAX, column: "created_at") }
            """
        try await withWorld(adding: sdl) { world in
            let answer = try await world.ask(
                """
                { contacts(orderBy: CREATED_AT_ASC) { nodes {
                    total { messages } statistics(filter: {direction: INBOUND}, groupBy: [STATUS]) { status messages } } } }
                """)
            let nodes = answer["data"]?["contacts"]?["nodes"]?.arrayValue ?? []
            let totals = nodes.compactMap { $0["total"]?["messages"]?.intValue }
            #expect(totals == [2, 3, 2])
            let received: JSONValue = [["status": "RECEIVED", "messages": 1]]
            for node in nodes { #expect(node["statistics"] == received) }
        }
    }

    static let wrong: [(sdl: String, says: String)] = [
        (
            "extend type Query { x: [UsagePoint!]! @aggregate(table: \"usage_counters\", bucket: \"starts_at\") @access(roles: [OWNER]) }",
            "UsagePoint.start: is null where Query.x is not grouped by it"
        ),
        (
            "extend type Query { x(by: TimeInterval): MessageStatistics! @aggregate(table: \"messages\", bucket: \"created_at\") @access(roles: [OWNER]) }",
            "Query.x: with groups, @aggregate answers a list"
        ),
        (
            "extend type Query { x(by: TimeInterval): [MessageStatistics!]! @aggregate(table: \"messages\") @access(roles: [OWNER]) }",
            "Query.x: takes buckets, but @aggregate names no column"
        ),
        (
            "type X { n: Int @measure(function: COUNT) } extend type Query { x: X! @aggregate(table: \"messages\") @access(roles: [OWNER]) }",
            "X.n: MIN and MAX may be null over no row, COUNT and SUM never are"
        ),
        (
            "type X { n: Int! @measure(function: COUNT) s: String } extend type Query { x: X! @aggregate(table: \"messages\") @access(roles: [OWNER]) }",
            "X.s: a field of an aggregate needs @measure or @group"
        ),
        (
            "extend type Contact { x: Int! @measure(function: COUNT) }",
            "Contact.x: this binding stands in aggregates only"
        ),
        (
            "extend type Contact { x: [MessageStatistics!]! @aggregate(table: \"messages\") }",
            "Contact.x: @aggregate below a type needs a key"
        ),
        (
            "input X { a: [MessageFilter!] @combine(with: OR) b: String @where(column: \"b\") }",
            "X.a: @combine takes a list of X"
        ),
        ("input X { a: Int @where(column: \"a\", operator: STARTS_WITH) }", "X.a: STARTS_WITH searches in text only"),
    ]

    @Test(arguments: wrong.indices)
    func `a binding that cannot be answered is told by type and field`(index: Int) throws {
        let (sdl, says) = Self.wrong[index]
        let schema = try TestSchema.schema(adding: sdl)
        let error = #expect(throws: BindingErrors.self) { try BindingCatalog(schema: schema) }
        #expect(error?.description.contains(says) == true, "\(error?.description ?? "")")
    }

    @Test func `a column that an aggregate names and the database lacks is told at start`() async throws {
        await #expect(throws: BindingErrors.self) {
            try await withWorld(
                adding:
                    "type X { n: Int! @measure(function: SUM, column: \"segmentz\") } extend type Query { x: X! @aggregate(table: \"messages\") @access(roles: [OWNER]) }"
            ) { _ in }
        }
    }
}
