import ArgumentParser
import Logging

/// `make bench`: measures Switchboard beside others that do the same work, and keeps the figures in a file.
@main
struct Benchmarks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmarks",
        abstract: "Measures Switchboard beside others that do the same work.",
        discussion: "Suites: \(suites.keys.sorted().joined(separator: ", ")). Run it in the project's folder.")

    /// Every suite by its name, which is also the first part of its keys.
    static let suites: [String: any BenchmarkSuite.Type] = [
        AccountsSuite.name: AccountsSuite.self,
        AuditSuite.name: AuditSuite.self,
        EngineSuite.name: EngineSuite.self,
        LanguageSuite.name: LanguageSuite.self,
        MessagingSuite.name: MessagingSuite.self,
        SandboxSuite.name: SandboxSuite.self,
        TwilioSuite.name: TwilioSuite.self,
        VaultSuite.name: VaultSuite.self,
    ]

    @Argument(help: "The suites to run; all of them when none is named.")
    var names: [String] = []

    @Option(help: "How often each contestant has its turn; the median counts.")
    var rounds = 5

    @Option(help: "How long a turn takes, in seconds.")
    var seconds = 1.5

    @Option(help: "How large a database the engine is measured on: 1 is a million messages, 0.1 is a quick look.")
    var scale = 1.0

    @Flag(help: "Measure what takes many minutes as well: ten million messages in one organization.")
    var full = false

    @Option(help: "Where the figures are kept, beside those of suites that do not run now.")
    var output = ".switchboard/bench.json"

    func validate() throws {
        for name in names where Self.suites[name] == nil {
            throw ValidationError("There is no suite “\(name)”: \(Self.suites.keys.sorted().joined(separator: ", ")).")
        }
        guard rounds > 0 else { throw ValidationError("--rounds must be at least 1.") }
        guard seconds > 0 else { throw ValidationError("--seconds must be more than 0.") }
        guard (0.01...1).contains(scale) else { throw ValidationError("--scale must be 0.01 to 1.") }
    }

    func run() async throws {
        // What starts a database tells of each migration.
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = .warning
            return handler
        }
        var figures = Figures()
        let turns = Turns(rounds: rounds, seconds: seconds, scale: scale, isFull: full)
        for name in names.isEmpty ? Self.suites.keys.sorted() : names {
            guard let suite = Self.suites[name] else { continue }
            print("\(name): \(rounds) rounds of \(seconds) s for each contestant, where it says nothing else")
            try await suite.init().run(turns, &figures)
        }
        print(figures.table)
        try figures.merge(into: output)
        print("Kept in \(output).")
    }
}

/// The benchmarks of one part of Switchboard.
protocol BenchmarkSuite: SendableMetatype {
    /// As the command line calls it.
    static var name: String { get }

    init()

    /// Measures, and adds a figure under a key that begins with the suite's name and a dot.
    func run(_ turns: Turns, _ figures: inout Figures) async throws
}
