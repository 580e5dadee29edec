import ArgumentParser
import Curl

/// The main job, performed against a running demo over the public API and the carrier's own, step by step. Every document,
/// its variables and the answer are printed, and the first thing that is not so ends it with exit code 1.
@main
struct Tour: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tour",
        abstract: "Perform the main job against a running demo, and fail at the first thing that is not so.")

    @Option(help: "The state directory of the demo.")
    var stateDir = ".switchboard"

    @Flag(help: "Print the steps only, without documents and answers.")
    var quiet = false

    func run() async throws {
        let demo: DemoFile
        do {
            demo = try DemoFile.read(stateDirectory: stateDir)
        } catch {
            print(error)
            throw ExitCode.failure
        }
        let transport = try HTTPTransport()
        let console = Console(isQuiet: quiet)
        do {
            try await Journey(demo: demo, transport: transport, console: console).run()
        } catch {
            console.failed("\(error)")
            await transport.shutdown()
            throw ExitCode.failure
        }
        await transport.shutdown()
        console.finished()
    }
}
