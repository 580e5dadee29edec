import Foundation
import GraphQL
import OrderedCollections
import Subprocess
import Testing

extension EndToEnd.Running {
    @Suite("and its people", .serialized)
    struct People {
        private static let signIn = """
            mutation S($i: SignInInput!) { signIn(input: $i) {
              session { accessToken refreshToken memberships { organizationId role } } userErrors { code } } }
            """

        private func run(_ demo: Demo, _ arguments: [String]) async throws -> Place.Finished {
            try await demo.command(arguments)
        }

        @Test func `e-mail and password of demo_json sign in, and sign out`() async throws {
            let demo = try SharedDemo.current
            let clinic = try #require(demo.file["organizations"]?.arrayValue?.first)
            let url = try demo.text("graphql")
            try await Caller.with { caller in
                let answer = try await caller.ask(
                    url, Self.signIn,
                    ["i": ["email": clinic["email"] ?? .null, "password": clinic["password"] ?? .null]], key: nil)
                let session = try #require(try answer.json["data"]?["signIn"]?["session"], "\(answer.text)")
                #expect(session["memberships"] == [["organizationId": clinic["id"] ?? .null, "role": "OWNER"]])
                let token = try #require(session["accessToken"]?.stringValue)
                let viewer = try await caller.data(demo, "{ viewer { kind role } organization { id } }", key: token)
                #expect(viewer["viewer"] == ["kind": "USER", "role": "OWNER"])
                #expect(viewer["organization"]?["id"] == clinic["id"])
                _ = try await caller.data(demo, "mutation { signOut { userErrors { code } } }", key: token)
                #expect(try await caller.ask(url, "{ viewer { role } }", key: token).status == 401)
                let nobody = try await caller.ask(url, "{ messages { totalCount } }", key: nil)
                #expect(nobody.status == 401)
                #expect(try nobody.error?["extensions"]?["code"] == "UNAUTHENTICATED")
            }
        }

        @Test func `the first platform admin is made at the command line, and chooses a password`() async throws {
            let demo = try SharedDemo.current
            let made = try await run(
                demo, ["user", "create", "--email", "admin@platform.example", "--platform-role", "PLATFORM_ADMIN"])
            #expect(made.status == .exited(0), "\(made)")
            let token = try #require(made.output.split(separator: "\n").last.map(String.init))
            try await Caller.with { caller in
                let url = try demo.text("graphql")
                let reset = try await caller.ask(
                    url,
                    "mutation R($i: ResetPasswordInput!) { resetPassword(input: $i) { userErrors { code } } }",
                    ["i": ["token": .string(token), "password": "a password of the admin"]], key: nil)
                #expect(try reset.json["data"]?["resetPassword"]?["userErrors"] == [], "\(reset.text)")
                let answer = try await caller.ask(
                    url, Self.signIn,
                    ["i": ["email": "admin@platform.example", "password": "a password of the admin"]], key: nil)
                let access = try #require(
                    try answer.json["data"]?["signIn"]?["session"]?["accessToken"]?.stringValue, "\(answer.text)")
                let platform = try await caller.data(
                    demo, "{ viewer { role } platform { organizations { totalCount } } }", key: access)
                #expect(platform["viewer"]?["role"] == "PLATFORM_ADMIN")
                #expect(platform["platform"]?["organizations"]?["totalCount"] == 3)
            }
            let listed = try await run(demo, ["user", "list"])
            #expect(listed.output.contains("admin@platform.example\tusr_"))
            let organizations = try await run(demo, ["org", "list"])
            #expect(organizations.output.contains("harbor-clinic\t"))
            let keys = try await run(demo, ["key", "list", "--organization", "harbor-clinic"])
            #expect(keys.output.contains("OWNER"))
            let label = "ended at once"
            let created = try await run(
                demo,
                ["key", "create", "--platform", "--role", "PLATFORM_AUDITOR", "--days", "1", "--label", label])
            #expect(created.status == .exited(0), "\(created)")
            let platformKeys = try await run(demo, ["key", "list", "--platform"]).output
            let line = try #require(platformKeys.split(separator: "\n").first { $0.hasSuffix(label) })
            #expect(!line.contains("expires never"))
            let id = String(line.prefix { $0 != "\t" })
            #expect(try await run(demo, ["key", "revoke", "--platform", id]).output.contains("Revoked."))
            let again = try await run(demo, ["key", "revoke", "--platform", id])
            #expect(again.status == .exited(1))
            #expect(try await run(demo, ["user", "reset-password", "nobody@platform.example"]).status == .exited(1))
        }

        @Test func `the doctor says what is right, and what to do about what is wrong`() async throws {
            let demo = try SharedDemo.current
            let healthy = try await run(demo, ["doctor"])
            for name in [
                "database", "roles and grants", "migrations", "root key", "clock", "PostgreSQL", "locked memory",
                "public URL",
            ] {
                #expect(healthy.output.contains("  \(name): "), "\(healthy)")
            }
            #expect(!healthy.output.contains("WRONG    roles and grants"))
            _ = try await demo.psql("GRANT DELETE ON audit_events TO switchboard_tenant")
            let ill = try await run(demo, ["doctor"])
            #expect(ill.status == .exited(1))
            #expect(ill.output.contains("switchboard_tenant may DELETE on audit_events"), "\(ill)")
            _ = try await demo.psql("REVOKE DELETE ON audit_events FROM switchboard_tenant")
            // A column is enough, and so is a policy.
            #expect(healthy.output.contains("grants and policies: those of the migrations"), "\(healthy)")
            _ = try await demo.psql(
                "GRANT UPDATE (outcome) ON audit_events TO switchboard_edge; "
                    + "CREATE POLICY all_in ON messages FOR SELECT TO switchboard_tenant USING (true)")
            let subtle = try await run(demo, ["doctor"])
            _ = try await demo.psql(
                "REVOKE UPDATE (outcome) ON audit_events FROM switchboard_edge; DROP POLICY all_in ON messages")
            #expect(subtle.status == .exited(1))
            #expect(subtle.output.contains("grant audit_events switchboard_edge INSERT UPDATE(outcome)"), "\(subtle)")
            #expect(
                subtle.output.contains("policy messages all_in PERMISSIVE SELECT to switchboard_tenant"), "\(subtle)")
        }
    }
}
