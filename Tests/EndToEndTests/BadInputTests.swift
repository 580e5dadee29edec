import Foundation
import Glibc
import Subprocess
import Testing

extension EndToEnd {
    @Suite("Bad input", .serialized)
    struct BadInput {
        @Test(
            arguments: [
                (["--prot", "1"], "--prot"), (["--port", "65536"], "--port must be 0 to 65535"),
                (["--port", "many"], "many"), (["--sandbox-port", "70000"], "--sandbox-port must be 0 to 65535"),
                (["--port", "9000", "--sandbox-port", "9000"], "must differ"),
                (["--log-level", "loud"], "--log-level must be"), (["there"], "there"),
            ] as [([String], String)])
        func `on the command line is named, and nothing is made`(arguments: [String], word: String) async throws {
            try await withPlace { place in
                let demo = try await place.run(.switchboard, ["demo", "--state-dir", place.state] + arguments)
                #expect(demo.isRefused(naming: word), "\(demo)")
                #expect(!exists(place.state))
            }
        }

        @Test func `a state directory that cannot be written is named`() async throws {
            try await withPlace { place in
                // Root may write anywhere, but not below a file.
                try Data().write(to: URL(filePath: place.root + "/file"))
                let folder = place.root + "/file/state"
                let demo = try await place.run(.switchboard, ["demo", "--state-dir", folder])
                #expect(demo.isRefused(naming: folder, "choose another --state-dir"), "\(demo)")
            }
        }

        @Test func `a missing PostgreSQL is said, and nothing is half-done`() async throws {
            try await withPlace { place in
                let demo = try await place.run(
                    .switchboard, ["demo", "--state-dir", place.state],
                    environment: ["SWITCHBOARD_PG_BIN": "/nonexistent"])
                #expect(demo.isRefused(naming: "SWITCHBOARD_PG_BIN is /nonexistent"), "\(demo)")
                for file in ["demo.json", "state.json", "root.key", "postgres/data"] {
                    #expect(!exists(place.state + "/" + file))
                }
                // The same directory serves as soon as that is put right.
                try await withDemo(in: place) { try await $0.stop() }
            }
        }

        @Test func `serve without settings names the first that is missing`() async throws {
            let cleared = Dictionary(
                uniqueKeysWithValues: ProcessInfo.processInfo.environment.keys.filter { $0.hasPrefix("SWITCHBOARD_") }
                    .map { ($0, String?.none) })
            try await withPlace { place in
                let serve = try await place.run(.switchboard, ["serve"], environment: cleared)
                #expect(serve.isRefused(naming: "SWITCHBOARD_DATABASE is not set"), "\(serve)")
            }
        }
    }
}
