import Glibc
import Subprocess
import Testing

extension EndToEnd {
    /// What watches the inputs of `make fuzz`, tried with an input that hangs on purpose.
    @Suite("The fuzz program", .serialized)
    struct FuzzProgram {
        private static let few = ["--count", "3", "--workers", "1"]

        @Test func `tells the seed of an input that hangs, and ends the process that tried it`() async throws {
            try await withPlace { place in
                let run = try await place.run(
                    .fuzz, Self.few + ["--patience", "5", "--hang-at", "2"], environment: ["TMPDIR": place.root])
                #expect(!run.status.isSuccess)
                #expect(run.errors.contains("The input of seed 2 takes longer than 5 s."), "\(run)")
                #expect(run.errors.contains("--seed 2 --count 1"), "\(run)")
            }
        }

        /// The control: the same inputs, none of which hangs.
        @Test func `finds nothing where nothing hangs`() async throws {
            try await withPlace { place in
                let run = try await place.run(.fuzz, Self.few, environment: ["TMPDIR": place.root])
                #expect(run.status.isSuccess, "\(run)")
                #expect(run.output.contains("No crash, no hang, nothing found."), "\(run)")
            }
        }

        /// Killed, it can end nobody; and what hangs notices nothing by itself.
        @Test func `leaves no process behind when it is killed`() async throws {
            try await withPlace { place in
                let program = try await RunningProgram.start(
                    try Executable.fuzz.path, Self.few + ["--patience", "3600", "--hang-at", "1"], folder: place.root,
                    environment: ["TMPDIR": place.root])
                do {
                    try await eventually("a process tries inputs") { !place.processes().isEmpty }
                } catch {
                    program.send(SIGKILL)
                    throw error
                }
                program.send(SIGKILL)
                _ = try await program.ended()
                try await place.becomesQuiet()
            }
        }
    }
}
