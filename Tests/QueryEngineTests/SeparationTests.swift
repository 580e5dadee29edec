import GraphQL
import OrderedCollections
import QueryEngine
import Testing

/// Two clinics in one database: nothing of one is ever in an answer to the other, by two locks, each tried alone.
@Suite struct SeparationTests {
    /// Lists of every kind of row, and relations in every direction.
    private static let everything = """
        { messages { totalCount nodes { id body contact { name messages { nodes { body } } } statusEvents { source }
            conversation { id unreadCount messages(last: 3) { edges { node { body } } pageInfo { hasNextPage } } }
            phoneNumber { displayName } } }
          contacts { totalCount nodes { id name } }
          conversations { nodes { id contact { name } } }
          phoneNumbers { nodes { displayName } }
          credentials { label accountSid }
          auditEvents { nodes { id purpose } } }
        """

    private static let dropPolicies = """
        DO $$ DECLARE r record; BEGIN
          FOR r IN SELECT oid::regclass AS t FROM pg_class WHERE relrowsecurity LOOP
            EXECUTE format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY', r.t);
          END LOOP;
        END $$
        """

    private func text(_ world: World, _ document: String, as clinic: Clinic) async -> String {
        String(decoding: await world.execute(document, as: clinic.caller()).bytes, as: UTF8.self)
    }

    private func expectSeparate(_ world: World) async {
        for (own, other) in [(Clinic.alpha, Clinic.beta), (Clinic.beta, Clinic.alpha)] {
            let answer = await text(world, Self.everything, as: own)
            #expect(answer.contains(own.mark))
            #expect(!answer.contains(other.mark))
            #expect(!answer.contains("0000000\(other.number)0000"))
            #expect(answer.contains("\"totalCount\":7") && answer.contains("\"totalCount\":3"))
        }
    }

    @Test func `as shipped, no answer to one clinic holds anything of the other`() async throws {
        try await withWorld { await expectSeparate($0) }
    }

    @Test func `without the predicate in the SQL, the policies hold by themselves`() async throws {
        var options = SQLOptions()
        options.writesTenantPredicate = false
        try await withWorld(sql: options) { await expectSeparate($0) }
    }

    @Test func `without the policies, the predicate in the SQL holds by itself`() async throws {
        try await withWorld { world in
            try await world.sql(Self.dropPolicies)
            await expectSeparate(world)
        }
    }

    @Test func `without both, the leak is seen: these tests can fail`() async throws {
        var options = SQLOptions()
        options.writesTenantPredicate = false
        try await withWorld(sql: options) { world in
            try await world.sql(Self.dropPolicies)
            let answer = await text(world, Self.everything, as: .alpha)
            #expect(answer.contains("alpha message") && answer.contains("beta message"))
        }
    }

    private static let nodes: [(prefix: String, number: Int)] = [
        ("msg", 401), ("con", 101), ("conv", 201), ("num", 301), ("cred", 500), ("aud", 701), ("org", 0), ("sync", 0),
    ]

    @Test(arguments: nodes.map(\.prefix))
    func `another clinic's id is answered exactly as one that never existed`(prefix: String) async throws {
        let number = Self.nodes.first { $0.prefix == prefix }?.number ?? 0
        let document = "query N($id: ID!) { node(id: $id) { __typename id } message(id: $id) { body } }"
        try await withWorld { world in
            func answer(_ id: String) async -> [UInt8] {
                await world.execute(document, ["id": .string(id)], as: Clinic.alpha.caller()).bytes
            }
            let own = Clinic.id(prefix, Clinic.alpha.uuid(number))
            let foreign = Clinic.id(prefix, Clinic.beta.uuid(number))
            let never = Clinic.id(prefix, Clinic.alpha.uuid(999))
            let expected = Array("{\"data\":{\"node\":null,\"message\":null}}".utf8)
            #expect(await answer(foreign) == expected)
            #expect(await answer(never) == expected)
            #expect(await answer(own) != expected)
        }
    }

    @Test(arguments: [
        "", "msg", "msg_", "msg_zz", "con_00000001000040008000000000000401", "msg_0000000100004000800000000000040",
        "MSG_00000001000040008000000000000401", "00000001-0000-4000-8000-000000000401",
        "msg_00000001-0000-4000-8000-000000000401", "msg_' OR '1'='1", "msg_\u{0}",
    ])
    func `a malformed id, or one of another type, is answered as one that never existed`(id: String) async throws {
        try await withWorld { world in
            let response = await world.execute(
                "query M($id: ID!) { message(id: $id) { body } messages(filter: {contactId: $id}) { totalCount } }",
                ["id": .string(id)], as: Clinic.alpha.caller())
            #expect(
                String(decoding: response.bytes, as: UTF8.self)
                    == "{\"data\":{\"message\":null,\"messages\":{\"totalCount\":0}}}")
        }
    }

    @Test func `filters by another clinic's ids find nothing`() async throws {
        try await withWorld { world in
            let foreign = JSONValue.string(Clinic.id("con", Clinic.beta.contact(1)))
            let answer = try await world.ask(
                "query F($id: ID) { messages(filter: {contactId: $id}) { totalCount nodes { id } } }", ["id": foreign])
            #expect(answer["data"]?["messages"] == ["totalCount": 0, "nodes": []])
        }
    }

    @Test(arguments: [
        "' OR 1=1 --", "'; DROP TABLE messages; --", "\\", "\"", "$1", "%", "_", "$$", "\u{2028}", "{}", "\\u0000",
    ])
    func `texts are values, whatever they hold`(text: String) async throws {
        try await withWorld { world in
            let answer = try await world.ask(
                """
                query T($text: String) {
                  messages(filter: {bodyContains: $text}) { totalCount }
                  contacts(filter: {nameContains: $text}) { totalCount }
                  auditEvents(filter: {action: $text}) { totalCount }
                }
                """, ["text": .string(text)])
            let messages: JSONValue = text == "\"" ? 7 : 0
            let contacts: JSONValue = text == "%" || text == "_" ? 2 : 0
            #expect(answer["data"]?["messages"]?["totalCount"] == messages)
            #expect(answer["data"]?["contacts"]?["totalCount"] == contacts)
            #expect(answer["data"]?["auditEvents"]?["totalCount"] == 0)
        }
    }

    @Test func `a text with the character zero is the caller's error, not the database's`() async throws {
        try await withWorld { world in
            let response = await world.execute(
                "query T($text: String) { messages(filter: {bodyContains: $text}) { totalCount } }",
                ["text": "a\u{0}b"], as: Clinic.alpha.caller())
            #expect(response.errors.map(\.code) == [.badUserInput])
        }
    }
}
