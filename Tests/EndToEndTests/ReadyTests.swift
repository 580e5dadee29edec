import GraphQL
import OrderedCollections
import Subprocess
import TestSupport
import Testing

extension EndToEnd.Running {
    @Suite("that is ready", .serialized)
    struct Ready {
        @Test func `writes demo.json with every promised key and no other, for its owner's eyes only`() throws {
            let demo = try SharedDemo.current
            #expect(
                demo.file.objectValue.map { Set($0.keys) }
                    == ["graphql", "console", "sandbox", "sandboxControl", "database", "platform", "organizations"])
            #expect(demo.file["platform"]?.objectValue.map { Set($0.keys) } == ["apiKey"])
            let clinics = demo.file["organizations"]?.arrayValue ?? []
            #expect(clinics.count == 3)
            for clinic in clinics {
                #expect(
                    clinic.objectValue.map { Set($0.keys) }
                        == [
                            "name", "slug", "id", "apiKey", "email", "password", "accountSid", "authToken", "numbers",
                        ])
            }
            #expect(permissions(demo.place.demoFile) == 0o600)
            #expect(permissions(demo.place.rootKey) == 0o600)
        }

        @Test func `lets psql and pg_dump in by its connection string`() async throws {
            let demo = try SharedDemo.current
            let count = try await demo.psql("SELECT count(*) FROM organizations")
            #expect(count == "3")
            let dump = try await PgDump.run(demo)
            #expect(dump.contains("CREATE TABLE public.messages"))
        }

        @Test(arguments: [("/healthz", "ok"), ("/readyz", "ready"), ("/metrics", "# TYPE")])
        func `answers the machinery around it`(path: String, word: String) async throws {
            let url = try SharedDemo.current.server + path
            let answer = try await Caller.with { try await $0.get(url) }
            #expect(answer.status == 200)
            #expect(answer.text.contains(word))
        }

        @Test func `gives each clinic an account and two or three numbers of its own`() async throws {
            let clinics = try SharedDemo.current.clinics
            #expect(Set(clinics.map(\.accountSid)).count == 3)
            #expect(Set(clinics.map(\.authToken)).count == 3)
            #expect(Set(clinics.map(\.apiKey)).count == 3)
            #expect(clinics.allSatisfy { (2...3).contains($0.numbers.count) })
            let numbers = clinics.flatMap(\.numbers)
            #expect(Set(numbers).count == numbers.count)
        }

        @Test func `lets the platform's admin see the clinics, and a clinic not`() async throws {
            let demo = try SharedDemo.current
            let document = "{ platform { organizations(first: 10) { nodes { name } } } }"
            try await Caller.with { caller in
                let seen = try await caller.data(demo, document, key: demo.platformKey)
                let names = seen["platform"]?["organizations"]?["nodes"]?.arrayValue?.compactMap {
                    $0["name"]?.stringValue
                }
                #expect(try names.map(Set.init) == Set(demo.clinics.map(\.name)))
                let refused = try await caller.ask(
                    try demo.text("graphql"), document, key: try demo.clinics[0].apiKey)
                #expect(try refused.error?["extensions"]?["code"] == "FORBIDDEN")
            }
        }

        @Test func `keeps its state directory from a second demo`() async throws {
            let demo = try SharedDemo.current
            let second = try await demo.place.run(.switchboard, ["demo", "--state-dir", demo.place.state])
            #expect(second.isRefused(naming: "is in use by another start"), "\(second)")
            let health = try await Caller.with { try await $0.get(try demo.server + "/readyz") }
            #expect(health.status == 200)
            #expect(exists(demo.place.demoFile))
        }

        @Test func `keeps its port from a second demo, which then leaves nothing behind`() async throws {
            let port = try SharedDemo.current.server.split(separator: ":").last.map(String.init) ?? ""
            try await withPlace { place in
                let second = try await place.run(
                    .switchboard, ["demo", "--state-dir", place.state, "--port", port])
                #expect(second.isRefused(naming: port), "\(second)")
                #expect(!exists(place.state))
                try await place.becomesQuiet()
            }
        }
    }
}

/// PostgreSQL's own way to take a copy, as a person would who looks for what is stored.
enum PgDump {
    static func run(_ demo: Demo) async throws -> String {
        let result = try await Subprocess.run(
            .name("pg_dump"), arguments: ["--dbname=\(try demo.text("database"))"], output: .string(limit: 64 << 20),
            error: .string(limit: 1 << 20))
        guard case .exited(0) = result.terminationStatus else { throw Unexpected(result.standardError) }
        return result.standardOutput
    }
}
