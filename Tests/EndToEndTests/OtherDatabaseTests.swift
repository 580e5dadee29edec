import Subprocess
import Testing

extension EndToEnd {
    @Suite("A database that the binary may not run on", .serialized)
    struct OtherDatabase {
        @Test func `is taken when it is newer and says that this binary may still run, else refused`() async throws {
            try await withPlace { place in
                try await withDemo(in: place) { demo in
                    _ = try await demo.psql(
                        """
                        INSERT INTO schema_migrations (version, name, checksum, compatible_with)
                        SELECT 9001, '9001_of_tomorrow', checksum, 1 FROM schema_migrations LIMIT 1
                        """)
                    try await demo.stop()
                }
                try await withDemo(in: place) { demo in
                    _ = try await demo.psql("UPDATE schema_migrations SET compatible_with = 9001 WHERE version = 9001")
                    try await demo.stop()
                }
                try await expectRefusal(in: place, naming: "9001_of_tomorrow", "newer")
            }
        }

        @Test func `is refused when an applied migration was changed`() async throws {
            try await withPlace { place in
                try await withDemo(in: place) { demo in
                    _ = try await demo.psql("UPDATE schema_migrations SET checksum = name WHERE version = 2")
                    try await demo.stop()
                }
                try await expectRefusal(in: place, naming: "0002_accounts", "changed")
            }
        }

        private func expectRefusal(in place: Place, naming words: String...) async throws {
            let demo = try await place.run(.switchboard, ["demo", "--state-dir", place.state])
            for word in words { #expect(demo.isRefused(naming: word), "\(demo)") }
            #expect(!exists(place.demoFile))
            try await place.becomesQuiet()
        }
    }
}
