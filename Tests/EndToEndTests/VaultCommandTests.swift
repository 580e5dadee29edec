import Foundation
import GraphQL
import Subprocess
import Testing

extension EndToEnd {
    /// Keys change while the demo sends.
    @Suite("The vault's commands", .serialized)
    struct VaultCommands {
        private static func rootKey(_ demo: Demo) async throws -> String? {
            try await demo.lines("vault", "status").first { $0.hasPrefix("Root key in force: ") }
        }

        @Test func `rotate and shred while messages go out, and the next start opens everything`() async throws {
            try await withPlace { place in
                try await withDemo(in: place) { demo in
                    try await Caller.with { caller in
                        let jobs = try demo.clinics.prefix(2).map { MainJob(demo: demo, clinic: $0, caller: caller) }
                        for job in jobs {
                            try await job.register()
                            try await job.sync()
                        }
                        func send(_ what: String) async throws {
                            for job in jobs { try await job.send("\(what) \(UUID())") }
                        }
                        let before = try await demo.lines("vault", "status")
                        #expect(before.contains { $0.hasPrefix("harbor-clinic: 1 secrets, root key ") }, "\(before)")

                        let key = try await demo.psql(
                            "SELECT string_agg(id::text, ',' ORDER BY id) FROM organization_keys")
                        let moved = try await demo.lines("vault", "rotate-org", "harbor-clinic")
                        #expect(moved.contains("1 secrets moved, 0 left; 1 former keys destroyed."), "\(moved)")
                        #expect(
                            try await demo.psql("SELECT string_agg(id::text, ',' ORDER BY id) FROM organization_keys")
                                != key)
                        try await send("after the organization's")

                        let old = try await Self.rootKey(demo)
                        #expect(try await demo.command("vault", "rotate-root").status == .exited(1), "there is no next")
                        _ = try await demo.lines("vault", "rotate-root", "--prepare")
                        #expect(permissions(place.rootKey + ".next") == 0o600)
                        #expect(
                            try await demo.command("vault", "rotate-root", "--finish").status == .exited(1), "too early"
                        )
                        try await send("with a key prepared")
                        let root = try await demo.lines("vault", "rotate-root")
                        #expect(root.last?.hasSuffix(", 0 left.") == true, "\(root)")
                        // The demo's own server finds the next key by itself.
                        try await send("after the root's")
                        _ = try await demo.lines("vault", "rotate-root", "--finish")
                        #expect(!exists(place.rootKey + ".next"))
                        #expect(try await Self.rootKey(demo) != old)
                        try await send("after the end")

                        let careless = try await demo.command("vault", "shred", "meadow-dental")
                        #expect(careless.status != .exited(0) && careless.errors.contains("--confirm meadow-dental"))
                        let shredded = try await demo.lines(
                            "vault", "shred", "meadow-dental", "--confirm", "meadow-dental")
                        #expect(
                            shredded.last == "Destroyed 1 keys and 1 secrets; revoked 1 credentials and 1 webhooks.",
                            "\(shredded)")
                        try await jobs[0].send("the other one goes on")
                        let gone = try await caller.data(
                            demo, "{ credentials { status } }", key: try demo.clinics[1].apiKey)
                        #expect(gone["credentials"] == [["status": "REVOKED"]])
                        #expect(try await demo.command("audit", "verify").status == .exited(0))
                    }
                    try await demo.stop()
                }
                // With the new root key alone.
                try await withDemo(in: place) { demo in
                    try await Caller.with { caller in
                        try await MainJob(demo: demo, clinic: try demo.clinics[0], caller: caller).send("tomorrow")
                    }
                    try await demo.stop()
                }
            }
        }
    }
}
