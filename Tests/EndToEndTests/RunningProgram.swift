import FoundationEssentials
import Glibc
import Subprocess
import Synchronization
import SystemPackage

/// A program in a process group of its own, whose output goes to files, so that it can be read at any moment and no pipe
/// is left to its children.
final class RunningProgram: Sendable {
    let process: pid_t
    private let files: String
    private let ending: Ending

    /// How the program ended, once it has.
    private final class Ending: Sendable {
        let status = Mutex<TerminationStatus?>(nil)
    }

    /// - Parameters:
    ///   - folder: where the files of its output are kept; there may be several programs' in one.
    ///   - environment: what is different from ours; nil removes a variable.
    static func start(
        _ program: String, _ arguments: [String], folder: String, environment: [String: String?] = [:]
    ) async throws -> RunningProgram {
        let files = "\(folder)/\(UUID().uuidString)"
        let (output, error) = (try create(files + ".out"), try create(files + ".err"))
        var platform = PlatformOptions()
        platform.processGroupID = 0
        let overrides = Dictionary(
            uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) })
        let configuration = Configuration(
            executable: .path(FilePath(program)), arguments: Arguments(arguments),
            environment: .inherit.updating(overrides),
            platformOptions: platform)
        let (started, announce) = AsyncThrowingStream.makeStream(of: pid_t.self)
        let ending = Ending()
        // Not structured, because the program outlives this call; it ends with the program, which every user of this
        // type ends.
        Task {
            do {
                let result = try await Subprocess.run(
                    configuration, input: .none,
                    output: .fileDescriptor(output, closeAfterSpawningProcess: true),
                    error: .fileDescriptor(error, closeAfterSpawningProcess: true)
                ) { announce.yield($0.processIdentifier.value) }
                ending.status.withLock { $0 = result.terminationStatus }
                announce.finish()
            } catch {
                announce.finish(throwing: error)
            }
        }
        for try await process in started { return RunningProgram(process, files: files, ending: ending) }
        throw Unexpected("\(program) was not started")
    }

    private init(_ process: pid_t, files: String, ending: Ending) {
        self.process = process
        self.files = files
        self.ending = ending
    }

    var output: String { get throws { try String(contentsOfFile: files + ".out", encoding: .utf8) } }
    var errors: String { get throws { try String(contentsOfFile: files + ".err", encoding: .utf8) } }
    /// Nil while it runs.
    var status: TerminationStatus? { ending.status.withLock { $0 } }

    func send(_ signal: Int32) {
        // Its id is not another's as long as its end was not seen.
        if status == nil { kill(process, signal) }
    }

    /// Waits for its end.
    func ended() async throws -> TerminationStatus {
        try await eventually("\(files) ends") { status != nil }
        guard let status else { throw Unexpected("It ended and did not say how") }
        return status
    }

    /// Sees to it that it runs no longer, whatever it thinks of that.
    func end() async throws {
        send(SIGTERM)
        if (try? await ended()) == nil {
            send(SIGKILL)
            _ = try await ended()
        }
    }

    private static func create(_ path: String) throws -> SystemPackage.FileDescriptor {
        try .open(path, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: .ownerReadWrite)
    }
}
