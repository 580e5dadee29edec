import GraphQL
import OrderedCollections
import Subprocess
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Starting a demo", .serialized)
    struct Start {
        @Test func `works twice side by side, and neither knows the other's keys`() async throws {
            try await withPlace { one in
                try await withPlace { other in
                    let (port, otherPort) = try (FreePort.find(), FreePort.find())
                    try await withDemo(in: one, ["--port", "\(port)"]) { first in
                        try await withDemo(in: other, ["--port", "\(otherPort)"]) { second in
                            #expect(try first.server == "http://127.0.0.1:\(port)")
                            #expect(try second.server == "http://127.0.0.1:\(otherPort)")
                            try await Caller.with { caller in
                                let key = try first.clinics[0].apiKey
                                let own = try await caller.ask(
                                    try first.text("graphql"), "{ viewer { role } }", key: key)
                                #expect(own.status == 200)
                                let foreign = try await caller.ask(
                                    try second.text("graphql"), "{ viewer { role } }", key: key)
                                #expect(foreign.status == 401)
                            }
                            try await first.stop()
                            let health = try await Caller.with { try await $0.get(try second.server + "/readyz") }
                            #expect(health.status == 200)
                        }
                    }
                }
            }
        }

        @Test func `with --fresh forgets everything, and has no clinic registered`() async throws {
            try await withPlace { place in
                let before = try await withDemo(in: place) { demo in
                    try await Caller.with { caller in
                        for clinic in try demo.clinics {
                            let job = MainJob(demo: demo, clinic: clinic, caller: caller)
                            #expect(try await job.credentials() == 0)
                        }
                        let job = MainJob(demo: demo, clinic: try demo.clinics[0], caller: caller)
                        try await job.register()
                        #expect(try await job.credentials() == 1)
                    }
                    try await demo.stop()
                    return demo
                }
                try await withDemo(in: place, ["--fresh"]) { demo in
                    #expect(demo.platformKey != before.platformKey)
                    #expect(try Set(demo.clinics.map(\.apiKey)).isDisjoint(with: before.clinics.map(\.apiKey)))
                    #expect(try Set(demo.clinics.map(\.authToken)).isDisjoint(with: before.clinics.map(\.authToken)))
                    try await Caller.with { caller in
                        for clinic in try demo.clinics {
                            let job = MainJob(demo: demo, clinic: clinic, caller: caller)
                            #expect(try await job.credentials() == 0)
                        }
                    }
                }
            }
        }

        @Test func `gives a state of before there were users its users, without --fresh`() async throws {
            try await withPlace { place in
                let before = try await withDemo(in: place) { demo in
                    _ = try await demo.psql(
                        "TRUNCATE users, memberships, sessions, refresh_tokens, password_resets CASCADE")
                    try await demo.stop()
                    return demo
                }
                try await withDemo(in: place) { demo in
                    #expect(demo.platformKey == before.platformKey)
                    try await Caller.with { caller in
                        for clinic in demo.file["organizations"]?.arrayValue ?? [] {
                            let answer = try await caller.ask(
                                try demo.text("graphql"),
                                """
                                mutation S($i: SignInInput!) { signIn(input: $i) {
                                  session { memberships { organizationId role } } userErrors { code } } }
                                """,
                                ["i": ["email": clinic["email"] ?? .null, "password": clinic["password"] ?? .null]],
                                key: nil)
                            #expect(
                                try answer.json["data"]?["signIn"]?["session"]?["memberships"]
                                    == [["organizationId": clinic["id"] ?? .null, "role": "OWNER"]], "\(answer.text)")
                        }
                    }
                    try await demo.stop()
                }
            }
        }
    }
}
