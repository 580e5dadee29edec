import EmbeddedPostgres
import Glibc
import Logging
import ServiceLifecycle
import Testing

@Suite("A cluster as a service")
struct ClusterServiceTests {
    @Test func `runs until graceful shutdown, and is gone when the group is`() async throws {
        let cluster = try await start(.ephemeral)
        let process = try #require(cluster.process)
        let group = ServiceGroup(configuration: .init(services: [cluster], logger: quiet))
        async let running: Void = group.run()
        let answer = try await cluster.psql("SELECT 1")
        #expect(answer == "1")
        await group.triggerGracefulShutdown()
        try await running
        #expect(kill(process, 0) != 0)
        #expect(!exists(cluster.location.folder))
    }

    @Test func `ends when nobody refers to it any more`() async throws {
        var cluster: PostgresCluster? = try await start(.ephemeral)
        let folder = try #require(cluster).location.folder
        #expect(exists(folder))
        cluster = nil
        #expect(try await eventually { !exists(folder) })
    }
}
