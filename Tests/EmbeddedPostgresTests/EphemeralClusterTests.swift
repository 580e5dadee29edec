import EmbeddedPostgres
import FoundationEssentials
import Glibc
import Logging
import TestSupport
import Testing

@Suite("An ephemeral cluster")
struct EphemeralClusterTests {
    @Test func `lets the one who started it in as each named role, without a password`() async throws {
        try await withCluster(.ephemeral, roles: ["alice", "bob"]) { cluster in
            _ = try await cluster.psql("CREATE ROLE alice LOGIN; CREATE ROLE bob LOGIN; CREATE ROLE carol LOGIN")
            for role in ["alice", "bob", PostgresCluster.administrator] {
                let answer = try await Psql.run("SELECT current_user", conninfo: "\(cluster.conninfo()) user=\(role)")
                #expect(answer == role)
            }
            let unnamed = await #expect(throws: Psql.Failure.self) {
                try await Psql.run("SELECT 1", conninfo: "\(cluster.conninfo()) user=carol")
            }
            #expect(unnamed?.description.contains("Peer authentication failed") == true)
        }
    }

    @Test func `listens on its socket only, in a folder that others cannot enter, and trusts nobody`() async throws {
        try await withCluster(.ephemeral) { cluster in
            #expect(try await cluster.psql("SHOW listen_addresses") == "")
            #expect(try await cluster.psql("SELECT DISTINCT auth_method FROM pg_hba_file_rules") == "peer")
            #expect(try await cluster.psql("SELECT count(*) FROM pg_hba_file_rules WHERE error IS NOT NULL") == "0")
            #expect(permissions(cluster.location.folder) == 0o700)
            #expect(permissions(cluster.location.socketFolder) == 0o700)
            let initial = try String(contentsOfFile: "\(cluster.location.folder)/data/pg_hba.conf", encoding: .utf8)
            let rules = initial.split(separator: "\n").filter { !$0.hasPrefix("#") }
            #expect(!rules.isEmpty && !rules.contains { $0.contains("trust") })
        }
    }

    @Test func `is UTF-8 and UTC, and takes settings`() async throws {
        try await withCluster(.ephemeral, settings: ["work_mem": "7MB", "application_name": #"it's a \ "#]) { cluster in
            let answer = try await cluster.psql(
                """
                SELECT current_setting('server_encoding'), current_setting('TimeZone'), current_setting('work_mem'),
                       (SELECT reset_val FROM pg_settings WHERE name = 'application_name') IS NOT NULL
                """)
            #expect(answer == "UTF8|UTC|7MB|t")
        }
    }

    @Test func `is gone with its folder after stop, and stop may be called again`() async throws {
        let cluster = try await start(.ephemeral)
        let process = try #require(cluster.process)
        #expect(kill(process, 0) == 0)
        await cluster.stop()
        #expect(kill(process, 0) != 0)
        #expect(!exists(cluster.location.folder))
        await cluster.stop()
    }

    @Test func `keeps its data over a restart, and loses its connections`() async throws {
        try await withCluster(.ephemeral) { cluster in
            _ = try await cluster.psql("CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
            let before = try #require(cluster.process)
            let sleeper = Task { try await cluster.psql("SELECT pg_sleep(60)") }
            #expect(try await eventually { try await cluster.psql(Self.sleepers) == "1" })
            try await cluster.restart()
            await #expect(throws: Psql.Failure.self) { try await sleeper.value }
            #expect(try await cluster.psql("SELECT n FROM kept") == "7")
            #expect(cluster.process != before)
        }
    }

    private static let sleepers =
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'"

    @Test func `is gone with its folder when its process is killed`() async throws {
        try await withDirectory { directory in
            let note = "\(directory)/note"
            await #expect(processExitsWith: .signal(SIGKILL)) { [note = note as String] in
                let cluster = try await PostgresCluster.start(
                    ClusterConfiguration(lifetime: .ephemeral, roles: []), logger: Logger(label: "killed"))
                try "\(cluster.location.folder)\n\(cluster.process ?? 0)".write(
                    toFile: note, atomically: true, encoding: .utf8)
                kill(getpid(), SIGKILL)
            }
            let lines = try String(contentsOfFile: note, encoding: .utf8).split(separator: "\n").map(String.init)
            let process = try #require(pid_t(lines[1]))
            #expect(process > 1)
            #expect(try await eventually { !exists(lines[0]) && kill(process, 0) != 0 })
        }
    }

    /// A DETAIL quotes rows: `Key (secret)=(…) already exists`.
    @Test(arguments: [true, false])
    func `its log quotes no row, unless it is told to`(_ guarded: Bool) async throws {
        try await withCluster(.ephemeral, settings: guarded ? [:] : ["log_error_verbosity": "default"]) { cluster in
            _ = try await cluster.psql("CREATE TABLE vault (secret text PRIMARY KEY)")
            let insert = "INSERT INTO vault SELECT chr(115) || 'wordfish'"
            _ = try await cluster.psql(insert)
            await #expect(throws: Psql.Failure.self) { try await cluster.psql(insert) }
            let log = try String(contentsOfFile: cluster.location.log, encoding: .utf8)
            #expect(log.contains("duplicate key"))
            #expect(log.contains("swordfish") == !guarded)
        }
    }
}
