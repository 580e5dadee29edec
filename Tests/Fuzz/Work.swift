import ArgumentParser
import Dispatch
import FoundationEssentials
import FuzzInputs
import GraphQL
import SchemaFiles
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension Fuzzer {
    /// Against the schema that the server serves.
    static func ofOurSchema() throws -> Fuzzer {
        Fuzzer(schema: try Schema(sources: SchemaFiles.all.map { Source(bytes: $0.bytes, name: $0.name) }))
    }
}

/// Tries inputs in this process, and prints the tally as JSON.
struct Work: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Tries inputs in this process.", shouldDisplay: false)

    @OptionGroup var inputs: Inputs

    @Option(help: "The file that always holds the seed of the input being tried.")
    var note: String

    @Option(help: "The process that started this one.")
    var parent: Int32

    func run() throws {
        let watch = endWithParent()
        defer { watch.cancel() }
        let fuzzer = try Fuzzer.ofOurSchema()
        let note = try SeedNote(FilePath(note))
        let clock = ContinuousClock()
        let end = inputs.seconds > 0 ? clock.now + .seconds(inputs.seconds) : nil
        var tally = Tally()
        for seed in inputs.seed..<inputs.seed + UInt64(inputs.count) {
            if let end, clock.now > end { break }
            try note.write(seed)
            while seed == inputs.hangAt { sleep(1) }
            let input = fuzzer.input(seed: seed)
            let bytes = input.bytes.count + input.json.count
            do throws(Finding) {
                var start = clock.now
                let verdict = try fuzzer.check(input)
                var time = Int((clock.now - start) / .nanoseconds(1))
                // Only what is slow again is slow: the first time something else may have had the processor.
                for _ in 0..<3 where tally.isSlowest(bytes: bytes, nanoseconds: time) {
                    start = clock.now
                    _ = try fuzzer.check(input)
                    time = min(time, Int((clock.now - start) / .nanoseconds(1)))
                }
                tally.add("\(input.kind.rawValue) \(verdict)", seed: seed, bytes: bytes, nanoseconds: time)
            } catch {
                print(error)
                throw ExitCode.failure
            }
        }
        print(String(decoding: tally.json.bytes, as: UTF8.self))
    }
}

extension Work {
    /// Ends this process once its parent is gone, which may have been killed and then ended nobody: also when an input
    /// hangs, and so beside the work.
    private func endWithParent() -> any DispatchSourceTimer {
        let watch = DispatchSource.makeTimerSource(queue: .global())
        watch.schedule(deadline: .now(), repeating: .milliseconds(250))
        watch.setEventHandler { [parent] in
            if getppid() != parent { _exit(1) }
        }
        watch.resume()
        return watch
    }
}

/// Prints an input.
struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Prints the input of a seed.")

    @Option(help: "The input's seed.")
    var seed: UInt64

    func run() throws {
        let input = try Fuzzer.ofOurSchema().input(seed: seed)
        try FileDescriptor.standardError.writeAll("\(input.kind.rawValue), \(input.bytes.count) bytes\n".utf8)
        try FileDescriptor.standardOutput.writeAll(
            input.bytes + (input.json.isEmpty ? [] : [0x0A] + input.json) + [0x0A])
    }
}
