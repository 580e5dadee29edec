import FoundationEssentials
import GraphQL
import Subprocess
import SystemPackage

/// A process that tries inputs, watched from outside.
struct SupervisedWorker: Sendable {
    let seed: UInt64
    let count: Int
    let seconds: Int
    let patience: Int
    let hangAt: UInt64?

    /// Ends the whole run, saying how to see the input again.
    struct Failure: Error, CustomStringConvertible {
        let description: String

        init(_ what: String, seed: UInt64?) {
            guard let seed else {
                description = "A process \(what) before its first input."
                return
            }
            description = """
                The input of seed \(seed) \(what).
                Again:  make fuzz ARGS="--seed \(seed) --count 1"
                Its text:  .build/release/fuzz show --seed \(seed)
                """
        }
    }

    private enum Outcome: Sendable {
        case ended(TerminationStatus, [UInt8])
        case hangs(UInt64)
    }

    /// - Throws: a `Failure` when the process crashes, finds something or hangs.
    func run() async throws -> Tally {
        let note = FilePath(FileManager.default.temporaryDirectory.path).appending("fuzz-\(getProcess())-\(seed)")
        defer { try? FileManager.default.removeItem(atPath: note.string) }
        let outcome = try await withThrowingTaskGroup(of: Outcome.self) { group in
            group.addTask { try await work(note) }
            group.addTask { try await watch(note) }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw Failure("did not start", seed: nil) }
            return first
        }
        switch outcome {
        case .hangs(let seed): throw Failure("takes longer than \(patience) s", seed: seed)
        case .ended(.exited(0), let output): return try Tally(JSONValue(parsing: output))
        case .ended(.exited, let output):
            throw Failure("fails: " + String(decoding: output, as: UTF8.self), seed: SeedNote.read(note))
        case .ended(let status, _): throw Failure("crashes the process (\(status))", seed: SeedNote.read(note))
        }
    }

    /// Cancelled, it kills the process.
    private func work(_ note: FilePath) async throws -> Outcome {
        var options = PlatformOptions()
        options.teardownSequence = []
        let result = try await Subprocess.run(
            .path(FilePath(CommandLine.arguments[0])),
            arguments: Arguments(
                [
                    "work", "--seed", "\(seed)", "--count", "\(count)", "--seconds", "\(seconds)", "--note",
                    note.string,
                    "--parent", "\(getProcess())",
                ] + (hangAt.map { ["--hang-at", "\($0)"] } ?? [])),
            platformOptions: options, input: .none, output: .bytes(limit: 1 << 20),
            error: .fileDescriptor(.standardError, closeAfterSpawningProcess: false))
        return .ended(result.terminationStatus, result.standardOutput)
    }

    private func watch(_ note: FilePath) async throws -> Outcome {
        var last: UInt64?
        var since = ContinuousClock.now
        while true {
            try await Task.sleep(for: .milliseconds(250))
            let seed = SeedNote.read(note)
            if seed != last { (last, since) = (seed, .now) }
            if let seed, since.duration(to: .now) > .seconds(patience) { return .hangs(seed) }
        }
    }

    private func getProcess() -> Int32 { ProcessInfo.processInfo.processIdentifier }
}

/// The file in which a process notes the seed of the input that it is about to try.
struct SeedNote: ~Copyable {
    private let file: FileDescriptor

    init(_ path: FilePath) throws {
        file = try .open(path, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
    }

    deinit { try? file.close() }

    func write(_ seed: UInt64) throws {
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: seed >> ($0 * 8)) }
        _ = try file.writeAll(toAbsoluteOffset: 0, bytes)
    }

    static func read(_ path: FilePath) -> UInt64? {
        guard let bytes = try? Data(contentsOf: URL(filePath: path.string)), bytes.count == 8 else { return nil }
        return bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
