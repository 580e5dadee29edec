import GraphQL
import OrderedCollections
import QueryEngine
import Testing

/// Two tenants in one database, whose every text, number, instant and id carries a mark of its tenant. Random operations
/// of each, with ids, cursors and filters of the other and forged ones among them: no mark of the other is in any byte of
/// an answer (cursors decoded too), and each answer is to the byte what it is in a database where the other does not
/// exist, counts and page flags included. Documents with several operations are among them, and subscriptions, whose feed
/// holds ids of the other's rows, and which are gone on with by event ids of the other and forged ones. The response has no
/// timing field; what the engine gives is looked at whole. `Server-Timing` is the edge's, and told in development only:
/// `OperationsTests` looks at that.
///
/// Two locks are on the door, and each is tried alone. With neither, the same run finds the marks: it can fail.
///
/// `SWITCHBOARD_ISOLATION_SEED` gives other cases, `SWITCHBOARD_ISOLATION_COUNT` more or fewer operations for each run.
@Suite struct IsolationTests {
    private static let withoutPolicies = """
        DO $$ DECLARE r record; BEGIN
          FOR r IN SELECT oid::regclass AS t FROM pg_class WHERE relrowsecurity LOOP
            EXECUTE format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY', r.t);
          END LOOP;
        END $$;
        """

    private static var withoutPredicate: SQLOptions {
        var options = SQLOptions()
        options.writesTenantPredicate = false
        return options
    }

    private func expectIsolation(_ name: String, sql: SQLOptions = SQLOptions(), preparing: String = "") async throws {
        let cases = try await IsolationCases.shared()
        try await withMarkedWorld(sql: sql, preparing: preparing) { world in
            let answers = try await IsolationCases.run(cases.documents, in: world)
            print(
                "isolation \(name): \(answers.operations) operations, \(answers.plans) plans, \(answers.refused) refused, "
                    + "\(answers.atOnce) at once too, \(answers.together) by both tenants together, "
                    + "\(answers.withOwn) answers with own marks")
            for leak in answers.leaks { Issue.record("\(Self.report(leak))") }
            var differing = 0
            for (index, document) in cases.documents.enumerated() where answers.digests[index] != cases.alone[index] {
                differing += 1
                guard differing <= 3 else { continue }
                let position =
                    zip(answers.digests[index], cases.alone[index]).enumerated().first { $1.0 != $1.1 }?.offset ?? 0
                let operation = document.operations[position]
                let response = await world.engine.execute(
                    operation.request(Array(document.text.utf8)),
                    caller: operation.tenant.caller(operation.role))
                let answer =
                    String(decoding: response.bytes, as: UTF8.self)
                    + "\nalone, asked again: " + (try await Self.alone(operation, document))
                let leak = IsolationCases.Leak(
                    text: document.text, operation: operation, what: "an answer that differs from the tenant's alone",
                    answer: answer)
                Issue.record("\(Self.report(leak))")
            }
            #expect(differing == 0)
            #expect(answers.ofSeveral > answers.operations / 20)
            #expect(answers.atOnce > answers.operations / 5)
            #expect(answers.together > answers.operations / 100)
            // Most answers say something, or the test would prove little.
            #expect(answers.withOwn > answers.operations / 3)
            #expect(
                answers.operations == IsolationCases.count / IsolationCases.perDocument * IsolationCases.perDocument)

            let heard = try await IsolationStreams.run(cases.streams.cases, in: world)
            print(
                "isolation \(name): \(cases.streams.cases.count) streams, \(heard.events) events, "
                    + "\(heard.refusedIDs) event ids refused")
            for leak in heard.leaks.prefix(3) { Issue.record("\(leak)") }
            for (index, drawn) in cases.streams.cases.enumerated()
            where heard.digests[index] != cases.streams.alone[index] {
                Issue.record(
                    "events of \(drawn.tenant.word) differ from those of the tenant alone: \(drawn.request.variables)\n\(String(decoding: drawn.request.document, as: UTF8.self))"
                )
            }
            // Of each stream that heard anything four ids were refused, and most heard something.
            #expect(heard.refusedIDs > cases.streams.cases.count * 2 && heard.refusedIDs.isMultiple(of: 4))
        }
    }

    /// What the operation is answered in a database of the tenant alone.
    private static func alone(
        _ operation: IsolationCases.Operation, _ document: IsolationCases.Asked
    ) async throws -> String {
        try await withMarkedWorld([operation.tenant]) { world in
            let response = await world.engine.execute(
                operation.request(Array(document.text.utf8)), caller: operation.tenant.caller(operation.role))
            return String(decoding: response.bytes, as: UTF8.self)
        }
    }

    private static func report(_ leak: IsolationCases.Leak) -> String {
        let variables = String(decoding: JSONValue.object(leak.operation.variables).bytes, as: UTF8.self)
        return """
            SWITCHBOARD_ISOLATION_SEED=\(IsolationCases.seed): \(leak.what) in the answer to \(leak.operation.tenant.word) \
            as \(leak.operation.role.rawValue)
            \(leak.text)variables: \(variables)
            \(leak.answer)
            """
    }

    @Test func `as shipped, nothing of one tenant is in any answer to the other`() async throws {
        try await expectIsolation("as shipped")
    }

    @Test func `without the predicate in the SQL, the policies hold by themselves`() async throws {
        try await expectIsolation("without predicate", sql: Self.withoutPredicate)
    }

    @Test func `without the policies, the predicate in the SQL holds by itself`() async throws {
        try await expectIsolation("without policies", preparing: Self.withoutPolicies)
    }

    @Test func `without both, marks of every kind are found: this test can fail`() async throws {
        let cases = try await IsolationCases.shared()
        try await withMarkedWorld(sql: Self.withoutPredicate, preparing: Self.withoutPolicies) { world in
            let some = Array(cases.documents.prefix(400))
            let answers = try await IsolationCases.run(some, in: world, keepingLeaks: .max)
            print("isolation without both: \(answers.operations) operations, \(answers.leaks.count) leaks")
            #expect(answers.leaks.count > answers.operations / 10)
            let kinds = [
                "a text", "an id,", "an id in a cursor", "a phone number", "an instant", "an amount", "a number",
            ]
            for kind in kinds { #expect(answers.kinds.contains { $0.hasPrefix(kind) }, "\(kind)") }
            let differing = zip(answers.digests, cases.alone).reduce(0) { sum, pair in
                sum + zip(pair.0, pair.1).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) }
            }
            // Counts and flags differ as well, where no mark is seen.
            #expect(differing > answers.leaks.count)
            let heard = try await IsolationStreams.run(cases.streams.cases, in: world)
            print("isolation without both: \(heard.events) events, \(heard.leaks.count) leaks")
            #expect(heard.leaks.count > heard.events / 10)
        }
    }

    // MARK: The marks themselves

    @Test func `every kind of mark is found where it stands, and only the tenant's own`() async throws {
        try await withMarkedWorld { world in
            for tenant in MarkedTenant.both {
                let marks = Marks(tenant)
                let texts = [
                    "{ contacts { nodes { name } } }", "{ messages { nodes { id } } }", "{ messages { nodes { to } } }",
                    "{ messages { nodes { createdAt } } }", "{ messages { nodes { price { amount } } } }",
                    "{ messages { nodes { segments } } }", "{ messages { edges { cursor } } }",
                    "{ auditEvents { edges { cursor } } }", "{ contacts { pageInfo { startCursor } } }",
                ]
                for text in texts {
                    let response = await world.engine.execute(EngineRequest(text), caller: tenant.caller(.owner))
                    #expect(marks.found(in: response) != nil, "\(text)")
                    #expect(Marks(tenant.other).found(in: response) == nil, "\(text)")
                }
            }
        }
    }

    /// Types of columns in which a mark has no room: codes, enum values, flags.
    private static let unmarked: Set = [
        "country_code", "secret_hint", "hint", "currency", "monthly_cost_currency", "price_currency", "default_country",
        "segments_per_second", "messages_per_second", "rotation_weight", "quiet_from", "quiet_until", "total",
        "retention_days",
    ]

    @Test func `every table that the schema names has rows, and every value of them is marked`() async throws {
        try await withMarkedWorld { world in
            for type in world.meaning.schema.types.values {
                guard let table = world.meaning.tables[type.name], !table.isPlatform else { continue }
                for tenant in MarkedTenant.both {
                    let rows = world.interpreter.rows.rows(of: table, in: tenant.organizationID)
                    #expect(!rows.isEmpty, "\(table.name): MarkedTenant has no rows for it")
                    let marks = Marks(tenant)
                    for field in type.fields?.values.elements ?? [] {
                        for column in columns(of: field, type.name, world.meaning) where !Self.unmarked.contains(column)
                        {
                            let cells = rows.compactMap { $0[column] }.filter { $0 != .null }
                            #expect(!cells.isEmpty, "\(type.name).\(field.name): no row has a value")
                            for cell in cells {
                                #expect(isMarked(cell, tenant, marks), "\(table.name).\(column): \(cell)")
                            }
                        }
                    }
                }
            }
        }
    }

    /// Of the values in which a mark has room.
    private func columns(of field: FieldDefinition, _ type: String, _ meaning: SchemaMeaning) -> [String] {
        if case .enumeration? = meaning.schema.type(named: field.type.namedType) { return [] }
        if field.type.namedType == "Boolean" { return [] }
        switch meaning.answer(field, in: type) {
        case .column(let column, _): return [column]
        case .money(let micros, _): return [micros]
        default: return []
        }
    }

    private func isMarked(_ cell: Cell, _ tenant: MarkedTenant, _ marks: Marks) -> Bool {
        switch cell {
        case .int(let number): "\(number.magnitude)".hasPrefix("\(tenant.digits)") && number.magnitude >= 1_000_000
        case .text(let text): text.contains(tenant.word) || marks.found(in: text) != nil
        case .instant(_, let text): text.hasPrefix("\(tenant.year)-02-")
        case .other(.array(let elements)): elements.allSatisfy { isMarked(.text($0.stringValue ?? ""), tenant, marks) }
        default: false
        }
    }
}
