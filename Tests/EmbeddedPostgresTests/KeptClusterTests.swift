import EmbeddedPostgres
import FoundationEssentials
import Glibc
import Logging
import TestSupport
import Testing

@Suite("A cluster that is kept")
struct KeptClusterTests {
    @Test func `keeps its data in the state directory until it is told to start empty`() async throws {
        try await withDirectory { directory in
            let lifetime = ClusterConfiguration.Lifetime.kept(stateDirectory: "\(directory)/a/state")
            try await withCluster(lifetime) { cluster in
                #expect(cluster.location.folder == "\(directory)/a/state/postgres")
                #expect(cluster.location.remark == nil)
                #expect(try await cluster.psql("SHOW fsync") == "on")
                _ = try await cluster.psql("CREATE TABLE kept ()")
            }
            try await withCluster(lifetime) { cluster in
                let isThere = try await cluster.psql("SELECT to_regclass('kept') IS NOT NULL")
                #expect(isThere == "t")
            }
            try await withCluster(lifetime, startsEmpty: true) { cluster in
                let isThere = try await cluster.psql("SELECT to_regclass('kept') IS NOT NULL")
                #expect(isThere == "f")
            }
        }
    }

    @Test func `refuses a second start beside the first, and allows it afterwards`() async throws {
        try await withDirectory { directory in
            let lifetime = ClusterConfiguration.Lifetime.kept(stateDirectory: directory)
            try await withCluster(lifetime) { cluster in
                let refused = await refusal(lifetime)
                #expect(refused?.code == .inUse)
                #expect(refused?.description.contains("is in use by another start") == true)
                let answer = try await cluster.psql("SELECT 1")
                #expect(answer == "1")
            }
            #expect(await refusal(lifetime) == nil)
        }
    }

    @Test func `starts again with its data after its process was killed`() async throws {
        try await withDirectory { directory in
            await #expect(processExitsWith: .signal(SIGKILL)) { [directory = directory as String] in
                let cluster = try await PostgresCluster.start(
                    ClusterConfiguration(lifetime: .kept(stateDirectory: directory), roles: []),
                    logger: Logger(label: "killed"))
                _ = try await cluster.psql("CREATE TABLE kept ()")
                kill(getpid(), SIGKILL)
            }
            try await withCluster(.kept(stateDirectory: directory)) { cluster in
                let isThere = try await cluster.psql("SELECT to_regclass('kept') IS NOT NULL")
                #expect(isThere == "t")
            }
        }
    }

    @Test func `recovers after the server itself was killed`() async throws {
        try await withDirectory { directory in
            let cluster = try await start(.kept(stateDirectory: directory))
            _ = try await cluster.psql("CREATE TABLE kept ()")
            kill(try #require(cluster.process), SIGKILL)
            let error = await #expect(throws: ClusterError.self) { try await cluster.run() }
            #expect(error?.code == .server)
            #expect(error?.description.contains("ended by itself") == true)
            await cluster.stop()
            try await withCluster(.kept(stateDirectory: directory)) { cluster in
                let isThere = try await cluster.psql("SELECT to_regclass('kept') IS NOT NULL")
                #expect(isThere == "t")
            }
        }
    }

    @Test func `makes its data anew where making them was cut short`() async throws {
        try await withDirectory { directory in
            let lifetime = ClusterConfiguration.Lifetime.kept(stateDirectory: directory)
            let folder = try await withCluster(lifetime) { $0.location.folder }
            // What a kill in the middle of initdb leaves.
            #expect(rename("\(folder)/data", "\(folder)/data.new") == 0)
            #expect(unlink("\(folder)/data.new/PG_VERSION") == 0)
            try await withCluster(lifetime) { _ = try await $0.psql("SELECT 1") }
            #expect(!exists("\(folder)/data.new"))
        }
    }

    @Test func `says which PostgreSQL its data need`() async throws {
        try await withDirectory { directory in
            let lifetime = ClusterConfiguration.Lifetime.kept(stateDirectory: directory)
            let folder = try await withCluster(lifetime) { $0.location.folder }
            try "99\n".write(toFile: "\(folder)/data/PG_VERSION", atomically: false, encoding: .utf8)
            let refused = await refusal(lifetime)
            #expect(refused?.code == .version)
            #expect(refused?.description.contains("apt-get install postgresql-99") == true)
        }
    }

    @Test func `says what the server said when it does not start`() async throws {
        try await withDirectory { directory in
            let error = await #expect(throws: ClusterError.self) {
                try await withCluster(
                    .kept(stateDirectory: directory), settings: ["shared_preload_libraries": "nonesuch"]
                ) { _ in }
            }
            #expect(error?.code == .server)
            #expect(error?.description.contains("nonesuch") == true)
            #expect(await refusal(.kept(stateDirectory: directory)) == nil)
        }
    }
}
