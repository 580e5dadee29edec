import ArgumentParser
import FuzzInputs
import GraphQL

/// Times the texts that are made to hurt, at doubling sizes: what grows faster than its text shows at once.
struct Growth: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Times hostile texts at doubling sizes, with the limits a server has.")

    @Option(help: "The bytes of the largest text.")
    var bytes = 128 * 1_024

    func run() throws {
        let fuzzer = try Fuzzer.ofOurSchema()
        var slowest = (time: Duration.zero, name: "")
        print("  µs at 1/8, 1/4, 1/2 and all of \(bytes) bytes, and what became of the largest")
        for text in HostileText.all {
            var cells: [String] = []
            var verdict = ""
            for size in [bytes / 8, bytes / 4, bytes / 2, bytes] {
                let input = FuzzInput(seed: 0, kind: text.kind, bytes: text.sized(size))
                let time = try ContinuousClock().measure { verdict = try fuzzer.check(input) }
                if time > slowest.time { slowest = (time, text.name) }
                let cell = "\(Int(time / .microseconds(1)))"
                cells.append(String(repeating: " ", count: max(0, 8 - cell.count)) + cell)
            }
            print(cells.joined(), " ", text.name, "–", verdict)
        }
        print("slowest: \(slowest.name), \(Int(slowest.time / .milliseconds(1))) ms")
    }
}
