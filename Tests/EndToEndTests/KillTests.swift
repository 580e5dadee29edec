import FoundationEssentials
import Glibc
import Subprocess
import Testing

extension EndToEnd {
    @Suite("A demo that is killed", .serialized)
    struct Kill {
        /// Ten rounds are for the long suite.
        private static let rounds = ProcessInfo.processInfo.environment["SWITCHBOARD_LONG_TESTS"] == "1" ? 10 : 3

        @Test func `leaves no process and nothing that the next start trips over`() async throws {
            try await withPlace { place in
                let first = try await withDemo(in: place) { demo in
                    try await demo.stop(SIGKILL, ends: .signaled(SIGKILL))
                    return try demo.clinics
                }
                for round in 2...Self.rounds {
                    // In turn in the middle of its start and when it is ready.
                    if round.isMultiple(of: 2) {
                        try await killWhileStarting(in: place)
                    } else {
                        try await withDemo(in: place) { demo in
                            #expect(try demo.clinics == first)
                            try await demo.stop(SIGKILL, ends: .signaled(SIGKILL))
                        }
                    }
                }
                try await withDemo(in: place) { demo in
                    #expect(try demo.clinics == first)
                    let ready = try await Caller.with { try await $0.get(try demo.server + "/readyz") }
                    #expect(ready.status == 200)
                    try await demo.stop()
                }
            }
        }

        @Test func `in the middle of its very first start is no harm either`() async throws {
            try await withPlace { place in
                try await killWhileStarting(in: place)
                try await withDemo(in: place) { demo in
                    #expect(try demo.clinics.count == 3)
                    try await demo.stop()
                }
            }
        }

        /// Kills it as soon as its database server is there.
        private func killWhileStarting(in place: Place) async throws {
            let program = try await Demo.launch(in: place)
            do {
                try await eventually("the server is started") {
                    program.status != nil || place.processes().contains { $0.contains("/postgres -D ") }
                }
                program.send(SIGKILL)
                #expect(try await program.ended() == .signaled(SIGKILL))
            } catch {
                try await program.end()
                throw error
            }
            try await place.becomesQuiet()
        }
    }
}
