import ArgumentParser
import FoundationEssentials
import Subprocess
import SystemPackage

/// `make fuzz`: mutated inputs against the whole query language.
///
/// Processes of their own do the work, each noting the seed of the input that it is about to try. So a crash ends one of
/// them, a hang is seen from outside, and in both cases the seed that makes the input again is told.
@main
struct Fuzz: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fuzz", abstract: "Tries mutated inputs on the query language.",
        subcommands: [Run.self, Work.self, Growth.self, Show.self], defaultSubcommand: Run.self)
}

struct Inputs: ParsableArguments {
    @Option(help: "How many inputs to try.")
    var count = 1_000_000

    @Option(help: "The seed of the first input; each next one has the next number.")
    var seed: UInt64 = 1

    @Option(help: "Stop after so many seconds; 0 for never.")
    var seconds = 0

    @Option(
        help: ArgumentHelp("Never come back from the input of this seed: so the watch is tried.", visibility: .hidden))
    var hangAt: UInt64?
}

struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Tries inputs in several processes (the default).")

    @OptionGroup var inputs: Inputs

    @Option(help: "How many processes try inputs.")
    var workers = ProcessInfo.processInfo.activeProcessorCount

    @Option(help: "How many seconds an input may take before it counts as hanging.")
    var patience = 10

    func validate() throws {
        guard inputs.count > 0, workers > 0, patience > 0, inputs.seconds >= 0 else {
            throw ValidationError("--count, --workers and --patience must be at least 1, and --seconds at least 0.")
        }
    }

    func run() async throws {
        print("\(inputs.count) inputs from seed \(inputs.seed) on, in \(workers) processes")
        let start = ContinuousClock.now
        let share = (inputs.count + workers - 1) / workers
        let tally = try await withThrowingTaskGroup(of: Tally.self) { group in
            for worker in 0..<workers {
                let first = worker * share
                let count = min(share, inputs.count - first)
                guard count > 0 else { continue }
                let supervised = SupervisedWorker(
                    seed: inputs.seed &+ UInt64(first), count: count, seconds: inputs.seconds, patience: patience,
                    hangAt: inputs.hangAt)
                group.addTask { try await supervised.run() }
            }
            return try await group.reduce(into: Tally()) { $0.add($1) }
        }
        print(tally.report(over: ContinuousClock.now - start))
    }
}
