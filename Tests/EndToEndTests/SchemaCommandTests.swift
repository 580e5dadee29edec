import Foundation
import GraphQL
import Subprocess
import Testing

extension EndToEnd.Running {
    @Suite("switchboard schema", .serialized)
    struct SchemaCommand {
        private static let inbox = """
            query Inbox($first: Int!) {
              messages(first: $first) { nodes { id body contact { name } } }
            }
            """
        private static let several = """
            \(inbox)
            query Who { viewer { role } }
            subscription Live { messageChanged { id } }
            mutation Make { createContact(input: {phone: "+14155550123"}) { contact { id } } }

            """

        private func explain(
            _ document: String, _ arguments: [String] = [], without database: Bool = false
        ) async throws -> (file: String, finished: Place.Finished) {
            let demo = try SharedDemo.current
            let file = "\(demo.place.root)/\(UUID().uuidString).graphql"
            try Data(document.utf8).write(to: URL(filePath: file))
            var environment = try demo.settings()
            if database { environment["SWITCHBOARD_DATABASE"] = .some(nil) }
            return (
                file,
                try await demo.place.run(
                    .switchboard, ["schema", "explain", file] + arguments, environment: environment)
            )
        }

        // MARK: explain

        @Test func `explain shows the operation, its plan, the SQL and PostgreSQL's plan, in this order`() async throws
        {
            let (_, finished) = try await explain(Self.inbox, ["--variables", #"{"first": 5}"#])
            #expect(finished.status == .exited(0), "\(finished.errors)")
            var rest = finished.output[...]
            for part in [
                "query Inbox($first: Int!) {", "Plan, of cost 11, as OWNER:",
                "messages: MessageConnection!: page of messages",
                "SQL, as switchboard_tenant:", "t1.org_id = $1", "-- $1: organization", "Index Cond: (t1_1.org_id =",
            ] {
                let found = try #require(rest.firstRange(of: part), "\(part) in \(finished.output)")
                rest = rest[found.upperBound...]
            }
            // No organization was named, and that is told; nothing was executed.
            #expect(finished.output.contains("Give --organization"))
            #expect(!finished.output.contains("actual time="))
        }

        @Test func `explain --analyze tells what PostgreSQL really did for an organization, by slug and by ID`()
            async throws
        {
            let demo = try SharedDemo.current
            let organization = try #require(demo.file["organizations"]?.arrayValue?.first)
            let uuid = try await demo.psql("SELECT id FROM organizations ORDER BY created_at LIMIT 1")
            for name in [organization["slug"]?.stringValue, organization["id"]?.stringValue] {
                let (_, finished) = try await explain(
                    Self.inbox,
                    ["--variables", #"{"first": 5}"#, "--analyze", "--organization", try #require(name)])
                #expect(finished.output.contains("actual time=") && finished.output.contains("Execution Time: "))
                #expect(finished.output.contains("'\(uuid)'::uuid"), "\(finished)")
                #expect(!finished.output.contains("Give --organization"))
            }
        }

        @Test func `explain shows of several operations the one that was asked for, and changes nothing`() async throws
        {
            let demo = try SharedDemo.current
            let before = try await demo.psql("SELECT count(*) FROM contacts")
            for (name, word) in [
                ("Who", "resolver viewer"), ("Live", "feed of message"), ("Make", "command createContact"),
            ] {
                let (_, finished) = try await explain(Self.several, ["--operation", name, "--analyze"])
                #expect(finished.status == .exited(0), "\(finished.errors)")
                #expect(finished.output.contains(word) && finished.output.contains(name))
                #expect(!finished.output.contains("Inbox"))
            }
            #expect(try await demo.psql("SELECT count(*) FROM contacts") == before)
        }

        @Test func `explain needs no database for plan and SQL`() async throws {
            let (_, finished) = try await explain("{ contacts { totalCount } }", without: true)
            #expect(finished.status == .exited(0), "\(finished.errors)")
            #expect(finished.output.contains("SELECT ") && finished.output.contains("set SWITCHBOARD_DATABASE"))
        }

        @Test(
            arguments: [
                ("{\n  messages {\n    nodes { boddy }\n  }\n}", [], ":3:13: ", "body"),
                ("{\n  messages {\n    nodes { body }\n", [], ":4:1: ", "end of the document"),
                (inbox, [], ":1:13: ", "“$first” of type “Int!” must be given"),
                (inbox, ["--variables", #"{"first": "x"}"#], ":1:13: ", "“$first”"),
                ("{\n  messages { totalCount }\n}", ["--role", "PLATFORM_ADMIN"], ":2:3: ", "PLATFORM_ADMIN"),
                ("{ contacts(first: 999999999) { nodes { id } } }", [], ":1:3: ", "1000000"),
            ] as [(String, [String], String, String)])
        func `explain names file, line and column of what is wrong`(
            document: String, arguments: [String], place: String, word: String
        ) async throws {
            let (file, finished) = try await explain(document, arguments)
            #expect(finished.status == .exited(1))
            #expect(finished.output.isEmpty)
            #expect(finished.errors.contains(file + place) && finished.errors.contains(word), "\(finished.errors)")
        }

        @Test(
            arguments: [
                (["--operation", "Nope"], "Inbox, Who, Live, Make"), ([], "--operation: Inbox, Who, Live, Make"),
                (["--variables", "{"], "--variables"), (["--role", "BOSS"], "PLATFORM_AUDITOR"),
                (["--operation", "Who", "--organization", "nobody"], "nobody"),
                (
                    ["--operation", "Inbox", "--variables", #"{"first": 1}"#, "--database", "host=/nonexistent"],
                    "/nonexistent"
                ),
            ] as [([String], String)])
        func `explain says what it needs instead of a wrong option`(arguments: [String], word: String) async throws {
            let (_, finished) = try await explain(Self.several, arguments)
            guard case .exited(let code) = finished.status else { return #expect(Bool(false), "\(finished)") }
            #expect(code != 0)
            // A wrong option of `schema explain` shows how this command is used, and no other's.
            #expect(finished.errors.contains(word), "\(finished.errors)")
            #expect(!finished.errors.contains("Usage: switchboard <subcommand>"))
        }

        @Test func `explain says that a file cannot be read`() async throws {
            let finished = try await SharedDemo.current.command(["schema", "explain", "/nonexistent.graphql"])
            #expect(finished.isRefused(naming: "/nonexistent.graphql"), "\(finished)")
        }

        // MARK: check, and the same at the start

        @Test func `check and the start refuse a database that lacks what a field is bound to, and name all of it`()
            async throws
        {
            let demo = try SharedDemo.current
            func expectRefusals(_ change: String, undone undo: String, naming words: [String]) async throws {
                _ = try await demo.psql(change)
                let (check, serve): (Place.Finished, Place.Finished)
                do {
                    check = try await demo.command(["schema", "check"])
                    serve = try await demo.command(["serve"])
                    _ = try await demo.psql(undo)
                } catch {
                    _ = try await demo.psql(undo)
                    throw error
                }
                for finished in [check, serve] {
                    #expect(finished.status == .exited(1), "\(finished)")
                    for word in words { #expect(finished.errors.contains(word), "\(finished.errors)") }
                }
            }
            try await expectRefusals(
                "ALTER TABLE messages RENAME COLUMN error_code TO error_number",
                undone: "ALTER TABLE messages RENAME COLUMN error_number TO error_code",
                naming: [
                    "Message.errorCode: the database has no column messages.error_code", "MessageFilter.errorCode",
                ])
            try await expectRefusals(
                "ALTER TABLE contacts ALTER COLUMN phone DROP NOT NULL",
                undone: "ALTER TABLE contacts ALTER COLUMN phone SET NOT NULL",
                naming: ["Contact.phone", "contacts.phone may be null"])
            try await expectRefusals(
                "REVOKE SELECT ON sync_status FROM switchboard_tenant",
                undone: "GRANT SELECT ON sync_status TO switchboard_tenant",
                naming: ["SyncStatus.state", "switchboard_tenant may not read sync_status.state"])
            // The control: as migrated, it fits.
            let check = try await demo.command(["schema", "check"])
            #expect(check.status == .exited(0), "\(check.errors)")
            #expect(check.output.contains("fits"))
        }

        @Test func `check says when the database is not there, or not given`() async throws {
            let demo = try SharedDemo.current
            let gone = try await demo.command(["schema", "check", "--database", "host=/nonexistent"])
            #expect(gone.isRefused(naming: "/nonexistent"), "\(gone)")
            let none = try await demo.place.run(
                .switchboard, ["schema", "check"], environment: ["SWITCHBOARD_DATABASE": nil])
            #expect(none.isRefused(naming: "SWITCHBOARD_DATABASE"), "\(none)")
        }
    }
}
