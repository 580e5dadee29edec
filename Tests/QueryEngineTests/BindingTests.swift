import GraphQL
import Logging
import OrderedCollections
import Postgres
import QueryEngine
import TestSupport
import Testing

@Suite struct BindingTests {
    private func columns(of data: TestDatabase, _ catalog: BindingCatalog) async throws -> DatabaseColumns {
        let database = Database(
            configuration: DatabaseConfiguration(conninfo: data.conninfo),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let columns = try await DatabaseColumns.read(of: catalog.tableNames, from: database)
        await database.close()
        return columns
    }

    @Test func `no field that a table answers is answered by Swift`() throws {
        let (schema, catalog) = try TestSchema.bindings()
        var answeredBySwift = 0
        var bound = 0
        for (type, bindings) in catalog.fields {
            for (_, binding) in bindings {
                switch binding {
                case .resolver: if catalog.tables[type] != nil { answeredBySwift += 1 }
                case .column, .money, .embedded, .one, .many, .byID, .tenant, .aggregate, .measure, .group:
                    bound += 1
                case .namespace, .command, .feed: break
                }
            }
        }
        for (name, binding) in catalog.fields[schema.queryType.name] ?? [:] {
            guard case .resolver = binding, let field = schema.queryType.fields[name] else { continue }
            var open = [field.type.namedType]
            var seen: Set<String> = []
            while let type = open.popLast() {
                guard seen.insert(type).inserted else { continue }
                if catalog.tables[type] != nil { answeredBySwift += 1 }
                open += schema.type(named: type)?.fields?.values.map(\.type.namedType) ?? []
            }
        }
        #expect(answeredBySwift == 0)
        #expect(bound > 100)
    }

    static let wrong: [(replacing: String, by: String, says: [String])] = [
        ("from_address", "from_adress", ["Message.from", "messages.from_adress"]),
        ("from: Address @column", "from: Address! @column", ["Message.from", "messages.from_address may be null"]),
        (
            "phoneNumber: PhoneNumber @one", "phoneNumber: PhoneNumber! @one",
            ["Message.phoneNumber", "phone_number_id may be null"]
        ),
        ("segments: Int!", "segments: Boolean!", ["Message.segments", "messages.segments is of type integer"]),
        ("@table(name: \"messages\"", "@table(name: \"massages\"", ["Message", "“massages”"]),
        ("@where(column: \"body\"", "@where(column: \"bodies\"", ["MessageFilter.bodyContains", "messages.bodies"]),
        (
            "key: \"conversation_id\", direction", "key: \"body\", direction",
            ["Conversation.messages", "messages.body is of type text"]
        ),
        (
            "micros: \"price_micros\"", "micros: \"segments\"",
            ["Message.price", "messages.segments is of type integer"]
        ),
        (
            "otherPhones: [E164!]!", "otherPhones: [E164!]! @column(name: \"name\")",
            ["Contact.otherPhones", "contacts.name is of type text, where text[] is needed"]
        ),
        ("@table(name: \"contacts\"", "@table(name: \"sealed_secrets\"", ["Contact.name", "sealed_secrets.name"]),
        // Every bound column is readable, but pages read whole rows.
        ("\"shown_invitations\"", "\"invitations\"", ["Invitation", "may not read invitations.token_hash", "a view"]),
    ]

    @Test(arguments: wrong.indices)
    func `a binding that the database cannot answer is told by type, field, table and column`(index: Int) async throws {
        let wrong = Self.wrong[index]
        let schema = try TestSchema.schema(replacing: [wrong.replacing: wrong.by])
        let catalog = try BindingCatalog(schema: schema)
        try await withMigratedDatabase { data in
            let columns = try await columns(of: data, catalog)
            let error = #expect(throws: BindingErrors.self) { try catalog.check(schema: schema, against: columns) }
            for part in wrong.says { #expect(error?.description.contains(part) == true, "\(error?.description ?? "")") }
        }
    }

    @Test func `the repository's schema fits the migrated database`() async throws {
        let (schema, catalog) = try TestSchema.bindings()
        try await withMigratedDatabase { data in
            try catalog.check(schema: schema, against: try await columns(of: data, catalog))
        }
    }

    @Test func `a role that may not read a bound column is told at start`() async throws {
        let (schema, catalog) = try TestSchema.bindings()
        try await withMigratedDatabase { data in
            try await data.psql("REVOKE SELECT ON messages FROM switchboard_tenant")
            let columns = try await columns(of: data, catalog)
            let error = #expect(throws: BindingErrors.self) { try catalog.check(schema: schema, against: columns) }
            #expect(error?.description.contains("switchboard_tenant may not read messages.body") == true)
        }
    }

    static let misplaced: [(sdl: String, says: String)] = [
        ("extend type Query { x: Message @access(roles: [OWNER]) }", "Query.x: a root field needs a binding"),
        ("extend type Query { x: Viewer @resolver(name: \"viewer\") }", "Query.x: a root field needs @access"),
        (
            "extend type Query { x: Message @resolver(name: \"x\") @access(roles: [OWNER]) }",
            "Query.x: is answered by Swift, but reaches Message"
        ),
        (
            "extend type Message { x: Viewer @resolver(name: \"x\") }",
            "Message.x: this binding stands on root fields only"
        ),
        ("extend type Message { x: String @column(name: \"a; DROP TABLE messages\") }", "Message.x"),
        ("extend type Message { x: [Int] }", "Message.x: a column answers a list of texts, and none of Int"),
        ("extend type Message { x: ID }", "Message.x: an ID of another type needs @column"),
        ("type X @table(name: \"x\", prefix: \"msg\") { id: ID! }", "X: the prefix “msg” is that of Message already"),
        ("extend type Query { x: Message! @byId @access(roles: [OWNER]) }", "Query.x"),
        (
            "extend type Mutation { x: Message @command(name: \"x\") @access(roles: [OWNER]) }",
            "Mutation.x: a command answers with a payload"
        ),
        ("extend type Contact { m: [Message!]! @many }", "Contact.m: @many below a type needs a key"),
        (
            "extend type Contact { m(first: Int): MessageConnection! @many(key: \"contact_id\") }",
            "Contact.m: a connection takes first, after, last and before"
        ),
        (
            "extend type Contact { m(first: Int, after: String, last: Int, before: String): MessageConnection! @many(key: \"contact_id\", orderBy: \"sent_at\") }",
            "Contact.m: a connection of Message cannot be ordered by sent_at"
        ),
    ]

    @Test(arguments: misplaced.indices)
    func `a binding in the wrong place is told by type and field`(index: Int) throws {
        let (sdl, says) = Self.misplaced[index]
        let schema = try TestSchema.schema(adding: sdl)
        let error = #expect(throws: BindingErrors.self) { try BindingCatalog(schema: schema) }
        #expect(error?.description.contains(says) == true, "\(error?.description ?? "")")
    }

    @Test func `commands and resolvers must be those that the schema names`() async throws {
        let (schema, catalog) = try TestSchema.bindings()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let database = Database(configuration: DatabaseConfiguration(conninfo: ""), logger: logger)
        var commands = TestCommands.all
        commands["sendMessage"] = nil
        commands["sendMassage"] = TestCommands.all["sendMessage"]
        let error = #expect(throws: BindingErrors.self) {
            try Engine(
                schema: schema, catalog: catalog, database: database, commands: commands, resolvers: [:], logger: logger
            )
        }
        for name in ["command “sendMessage”", "command “sendMassage”", "resolver “viewer”"] {
            #expect(error?.description.contains(name) == true)
        }
        await database.close()
    }
}
