import Foundation
import GraphQL
import Subprocess
import Testing

extension EndToEnd {
    @Suite("switchboard audit", .serialized, .sharedDemo)
    struct AuditCommand {
        private static let slug = "harbor-clinic"

        private func audit(_ arguments: String...) async throws -> Place.Finished {
            try await SharedDemo.current.command(["audit"] + arguments)
        }

        /// Waits for the sealer, which takes up to a second.
        private func sealed() async throws {
            let demo = try SharedDemo.current
            try await eventually("all is sealed") { try await demo.psql("SELECT count(*) FROM audit_unsealed") == "0" }
        }

        @Test func `verify ends well on what nobody touched, and names each log`() async throws {
            let finished = try await audit("verify")
            #expect(finished.status == .exited(0), "\(finished)")
            let lines = finished.output.split(separator: "\n")
            #expect(lines.count == 4 && lines.allSatisfy { $0.hasSuffix("nothing wrong") }, "\(finished.output)")
            #expect(lines.first?.hasPrefix("platform: ") == true)
            for slug in ["harbor-clinic", "meadow-dental", "summit-eye-care"] {
                #expect(lines.contains { $0.hasPrefix("\(slug) (") }, "\(finished.output)")
            }
            let one = try await audit("verify", "--organization", Self.slug)
            #expect(one.status == .exited(0) && one.output.split(separator: "\n").count == 1)
            #expect(one.output.hasPrefix("\(Self.slug) ("))
        }

        @Test func `verify fails and names the event that was changed, and only while it is`() async throws {
            let demo = try SharedDemo.current
            try await sealed()
            let event = try await demo.psql(
                """
                SELECT e.id FROM audit_events e JOIN organizations o ON o.id = e.org_id
                WHERE o.slug = '\(Self.slug)' AND e.action = 'api_key.create' LIMIT 1
                """)
            let purpose = try await demo.psql("SELECT quote_nullable(purpose) FROM audit_events WHERE id = '\(event)'")
            func note(_ purpose: String) async throws {
                _ = try await demo.psql("UPDATE audit_events SET purpose = \(purpose) WHERE id = '\(event)'")
            }
            try await note("'harmless'")
            let found = try await audit("verify")
            try await note(purpose)
            #expect(found.status == .exited(1))
            #expect(found.output.contains("\n  event \(event) was changed\n"), "\(found.output)")
            #expect(found.output.split(separator: "\n").count { $0.hasSuffix("nothing wrong") } == 3)
            let mended = try await audit("verify")
            #expect(mended.status == .exited(0), "\(mended.output)")
        }

        @Test func `export prints a JSON object for each event, with instants as the API has them`() async throws {
            let finished = try await audit("export", "--organization", Self.slug)
            #expect(finished.status == .exited(0), "\(finished.errors)")
            let lines = try finished.output.split(separator: "\n").map { try JSONValue(parsing: Array($0.utf8)) }
            #expect(lines.contains { $0["action"] == "organization.create" && $0["position"] == 1 })
            #expect(lines.contains { $0["action"] == "audit.export" })
            for line in lines {
                let instant = try #require(line["occurredAt"]?.stringValue)
                #expect(instant.contains("T") && instant.hasSuffix("+00:00"), "\(instant)")
            }
            // From the second event's instant on, and before it: all of them, each once.
            let instant = try #require(lines[1]["occurredAt"]?.stringValue)
            let before = try await audit("export", "--organization", Self.slug, "--to", instant)
            let after = try await audit("export", "--organization", Self.slug, "--from", instant)
            let ids = lines.map { $0["id"] }
            let parts = try (before.output + after.output).split(separator: "\n")
                .map { try JSONValue(parsing: Array($0.utf8))["id"] }
            #expect(Array(parts.prefix(ids.count)) == ids)
            #expect(before.output.split(separator: "\n").count == 1)
        }

        @Test func `a checkpoint is accepted by verify, and a log cut off behind it is not`() async throws {
            // A demo of its own, since what is cut off is gone.
            try await withPlace { place in
                try await withDemo(in: place) { demo in
                    let checkpoint = try await demo.command(["audit", "checkpoint"])
                    #expect(checkpoint.status == .exited(0), "\(checkpoint.errors)")
                    let lines = checkpoint.output.split(separator: "\n")
                    #expect(lines.count == 4)
                    #expect(try lines.allSatisfy { try JSONValue(parsing: Array($0.utf8))["signature"] != nil })
                    let file = place.root + "/checkpoints"
                    try Data(checkpoint.output.utf8).write(to: URL(filePath: file))
                    let kept = try await demo.command(["audit", "verify", "--checkpoints", file])
                    #expect(kept.status == .exited(0), "\(kept)")

                    _ = try await demo.psql(
                        """
                        WITH cut AS (DELETE FROM audit_seals s USING organizations o
                          WHERE o.id = s.org_id AND o.slug = '\(Self.slug)' AND s.position > 1 RETURNING s.org_id, s.event_id)
                        SELECT 1 FROM cut LIMIT 1;
                        DELETE FROM audit_unsealed u USING organizations o WHERE o.id = u.org_id AND o.slug = '\(Self.slug)';
                        DELETE FROM audit_events e USING organizations o WHERE o.id = e.org_id AND o.slug = '\(Self.slug)'
                          AND NOT EXISTS (SELECT FROM audit_seals s WHERE s.org_id = e.org_id AND s.event_id = e.id);
                        """)
                    let cut = try await demo.command(["audit", "verify", "--checkpoints", file])
                    #expect(cut.status == .exited(1))
                    #expect(
                        cut.output.contains("the log ends at position 1; a checkpoint saw position"), "\(cut.output)")
                    // What only a checkpoint shows.
                    #expect(try await demo.command(["audit", "verify"]).status == .exited(0))

                    try Data("\n".utf8).write(to: URL(filePath: file))
                    #expect(
                        try await demo.command(["audit", "verify", "--checkpoints", file]).isRefused(naming: "is empty")
                    )
                    let forged = checkpoint.output.replacing("\"position\":", with: "\"position\":1")
                    try Data(forged.utf8).write(to: URL(filePath: file))
                    let refused = try await demo.command(["audit", "verify", "--checkpoints", file])
                    #expect(
                        refused.status == .exited(1) && refused.output.contains("is not signed by this installation"))
                }
            }
        }

        @Test(
            arguments: [
                (["verify", "--organization", "nobody"], "nobody"), (["export", "--organization", "nobody"], "nobody"),
                (["checkpoint", "--organization", "nobody"], "nobody"),
                (["verify", "--checkpoints", "/nonexistent"], "/nonexistent"),
                (["verify", "--checkpoints", "/etc/hostname"], "Line 1"),
                (["export", "--from", "yesterday"], "2026-01-31T00:00:00Z"),
                (["export", "--from", "2026-02-01T00:00:00Z", "--to", "2026-01-01T00:00:00Z"], "--to must be after"),
            ] as [([String], String)])
        func `what cannot be done is one sentence, and no success`(arguments: [String], word: String) async throws {
            let finished = try await SharedDemo.current.command(["audit"] + arguments)
            #expect(finished.isRefused(naming: word), "\(finished)")
            #expect(finished.output.isEmpty)
        }
    }
}
