import Foundation
import Subprocess
import Testing

extension EndToEnd {
    @Suite("The auth token of a registered clinic", .serialized)
    struct SecretTests {
        /// In a message's body, where it may be found: so the search is able to find.
        private static let canary = "Canary 5b0c1a7e in a body"

        @Test func `is nowhere in clear: not in the database, a log, or a file but the sandbox's own`() async throws {
            try await withPlace { place in
                try await withDemo(in: place, ["--log-level", "trace"]) { demo in
                    let clinic = try demo.clinics[0]
                    // The worst that an administrator of the database may switch on.
                    for setting in [
                        "log_statement = 'all'", "log_parameter_max_length = -1", "log_error_verbosity = 'default'",
                    ] {
                        _ = try await demo.psql("ALTER SYSTEM SET \(setting)")
                    }
                    _ = try await demo.psql("SELECT pg_reload_conf()")
                    try await Caller.with { caller in
                        let job = MainJob(demo: demo, clinic: clinic, caller: caller)
                        try await job.register()
                        try await job.sync()
                        try await job.send(Self.canary)
                    }
                    // So that the tables' files hold what the write-ahead log does.
                    _ = try await demo.psql("CHECKPOINT")
                    let forms = Self.forms(clinic)

                    let dump = try await PgDump.run(demo)
                    #expect(dump.contains(Self.canary))
                    #expect(dump.contains(clinic.accountSid))
                    for form in forms { #expect(!dump.contains(form)) }

                    let canaries = try Self.files(under: place.state, holding: [Self.canary])
                    #expect(canaries.contains { $0.hasPrefix("postgres/data/") })
                    // The server's own log has parameters now, so that is searched too.
                    #expect(canaries.contains { $0.contains("log") && !$0.contains("pg_wal") }, "\(canaries)")
                    #expect(try Self.files(under: place.state, holding: forms) == ["demo.json", "state.json"])

                    try await demo.stop()
                    #expect(try Self.files(under: place.state, holding: forms) == ["state.json"])
                    // At this level libraries say what they hold, so that is where a secret would slip out.
                    let log = try demo.program.errors
                    #expect(log.contains(" trace ") || log.contains(" debug "))
                    let said = log + (try demo.program.output)
                    for form in forms { #expect(!said.contains(form)) }
                }
            }
        }

        /// As it is, as PostgreSQL prints bytes, and as HTTP sends it.
        private static func forms(_ clinic: Demo.Clinic) -> [String] {
            let bytes = Data(clinic.authToken.utf8)
            let digits = Array("0123456789abcdef".utf8)
            let hexadecimal = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
            return [
                clinic.authToken, String(decoding: hexadecimal, as: UTF8.self),
                Data("\(clinic.accountSid):\(clinic.authToken)".utf8).base64EncodedString(),
            ]
        }

        /// Paths under a folder, of the files that hold one of these texts.
        private static func files(under folder: String, holding texts: [String]) throws -> Set<String> {
            var found: Set<String> = []
            for case let path as String in FileManager.default.enumerator(atPath: folder) ?? .init() {
                guard let data = FileManager.default.contents(atPath: "\(folder)/\(path)") else { continue }
                if texts.contains(where: { data.range(of: Data($0.utf8)) != nil }) { found.insert(path) }
            }
            return found
        }
    }
}
