import EmbeddedPostgres
import FoundationEssentials
import Glibc
import Testing

@Suite("PostgreSQL's programs")
struct ServerBinariesTests {
    @Test func `are taken from the highest version that Debian has installed`() async throws {
        try await withDirectory { root in
            for major in [9, 14, 15, 18] { try install(major, in: "\(root)/\(major)/bin") }
            try install(19, in: "\(root)/19/bin", without: "initdb")
            let found = try await find(debianRoot: root)
            #expect(found == "\(root)/18/bin")
        }
    }

    @Test func `are those that made the data`() async throws {
        try await withDirectory { root in
            for major in [15, 18] { try install(major, in: "\(root)/\(major)/bin") }
            #expect(try await find(for: 15, debianRoot: root) == "\(root)/15/bin")
            let error = await #expect(throws: ClusterError.self) { try await find(for: 16, debianRoot: root) }
            #expect(error?.code == .version)
            #expect(error?.description.contains("apt-get install postgresql-16") == true)
        }
    }

    @Test func `are taken from SWITCHBOARD_PG_BIN alone, and else from PATH`() async throws {
        try await withDirectory { root in
            for major in [16, 17] { try install(major, in: "\(root)/own/\(major)") }
            try install(18, in: "\(root)/18/bin")
            let environment = ["SWITCHBOARD_PG_BIN": "\(root)/own/16", "PATH": "\(root)/own/17"]
            #expect(try await find(environment, debianRoot: root) == "\(root)/own/16")
            #expect(try await find(["PATH": "\(root)/own/17"], debianRoot: "\(root)/none") == "\(root)/own/17")
            let error = await #expect(throws: ClusterError.self) {
                try await find(["SWITCHBOARD_PG_BIN": "\(root)/none"], debianRoot: root)
            }
            #expect(error?.code == .binariesMissing)
            #expect(error?.description.contains("SWITCHBOARD_PG_BIN is \(root)/none") == true)
        }
    }

    @Test func `that are missing or too old are asked for by the exact command`() async throws {
        try await withDirectory { root in
            try install(14, in: "\(root)/14/bin")
            let error = await #expect(throws: ClusterError.self) { try await find(debianRoot: root) }
            #expect(error?.code == .binariesMissing)
            #expect(error?.description.contains("run `apt-get install postgresql`") == true)
        }
    }

    private func find(
        for wanted: Int? = nil, _ environment: [String: String] = [:], debianRoot: String
    ) async throws -> String {
        try await ServerBinaries.find(
            for: wanted, as: ClusterUser.current(), environment: environment, debianRoot: debianRoot
        ).folder
    }

    private func install(_ major: Int, in folder: String, without missing: String = "") throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for program in ["initdb", "postgres", "pg_ctl"] where program != missing {
            try "#!/bin/sh\necho '\(program) (PostgreSQL) \(major).3 (Debian \(major).3-1)'\n".write(
                toFile: "\(folder)/\(program)", atomically: false, encoding: .utf8)
            chmod("\(folder)/\(program)", 0o755)
        }
    }
}
