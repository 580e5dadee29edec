import EmbeddedPostgres
import FoundationEssentials
import Glibc
import TestSupport
import Testing

@Suite("The place of a cluster")
struct ClusterLocationTests {
    @Test(arguments: [String(repeating: "long", count: 24), "with,comma", "with space", "with'quote"])
    func `has its socket elsewhere when a connection string cannot name it`(_ name: String) async throws {
        try await withDirectory { directory in
            let socketFolder = try await withCluster(.kept(stateDirectory: "\(directory)/\(name)")) { cluster in
                #expect(cluster.location.folder == "\(directory)/\(name)/postgres")
                #expect(cluster.location.socketFolder.hasPrefix("/tmp/switchboard-"))
                #expect(cluster.location.remark?.contains("its socket in \(cluster.location.socketFolder)") == true)
                #expect(permissions(cluster.location.socketFolder) == 0o700)
                let answer = try await cluster.psql("SELECT 1")
                #expect(answer == "1")
                return cluster.location.socketFolder
            }
            try FileManager.default.removeItem(atPath: socketFolder)
        }
    }

    @Test(.enabled(if: startedByRoot))
    func `is elsewhere when the server's user cannot pass, and belongs to that very directory`() async throws {
        try await withDirectory { directory in
            let closed = "\(directory)/closed"
            #expect(mkdir(closed, 0o700) == 0)
            let lifetime = ClusterConfiguration.Lifetime.kept(stateDirectory: "\(closed)/state")
            let folder = try await withCluster(lifetime) { cluster in
                #expect(cluster.location.folder.hasPrefix("/var/lib/switchboard-"))
                #expect(cluster.location.remark?.contains("cannot keep data in \(closed)/state") == true)
                _ = try await cluster.psql("CREATE TABLE kept ()")
                return cluster.location.folder
            }
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try await withCluster(lifetime) { cluster in
                #expect(cluster.location.folder == folder)
                let isThere = try await cluster.psql("SELECT to_regclass('kept') IS NOT NULL")
                #expect(isThere == "t")
            }
            // A new directory at the old path is another installation: it must not meet the data of the first.
            try FileManager.default.removeItem(atPath: "\(closed)/state")
            try await withCluster(lifetime) { cluster in
                #expect(cluster.location.folder == folder)
                let isThere = try await cluster.psql("SELECT to_regclass('kept') IS NOT NULL")
                #expect(isThere == "f")
                #expect(exists("\(folder)/data.aside/PG_VERSION"))
            }
        }
    }

    @Test(.enabled(if: startedByRoot))
    func `is refused in a folder that somebody else has made`() async throws {
        try await withDirectory { directory in
            let folder = "\(directory)/postgres"
            #expect(mkdir(folder, 0o700) == 0 && chown(folder, 65_534, 65_534) == 0)
            let refused = await refusal(.kept(stateDirectory: directory))
            #expect(refused?.code == .directory)
            #expect(refused?.description.contains("\(folder) belongs to user 65534") == true)
        }
    }

    @Test func `does not follow a link that stands in its place`() async throws {
        try await withDirectory { directory in
            let target = "\(directory)/target"
            #expect(mkdir(target, 0o755) == 0)
            #expect(symlink(target, "\(directory)/postgres") == 0)
            let folder = try await withCluster(.kept(stateDirectory: directory)) { $0.location.folder }
            #expect(folder != "\(directory)/postgres")
            #expect(permissions(target) == 0o755)
            try FileManager.default.removeItem(atPath: folder)
        }
    }

    @Test func `is refused when the state directory is not one`() async throws {
        try await withDirectory { directory in
            try "".write(toFile: "\(directory)/file", atomically: false, encoding: .utf8)
            let refused = await refusal(.kept(stateDirectory: "\(directory)/file"))
            #expect(refused?.code == .directory)
            #expect(refused?.description.contains("choose another --state-dir") == true)
            #expect(await refusal(.kept(stateDirectory: "relative"))?.code == .directory)
        }
    }

    @Test(.enabled(if: !startedByRoot))
    func `is refused when the state directory cannot be written`() async throws {
        try await withDirectory { directory in
            #expect(chmod(directory, 0o500) == 0)
            #expect(await refusal(.kept(stateDirectory: directory))?.code == .directory)
        }
    }
}
