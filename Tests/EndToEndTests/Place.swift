import Foundation
import Glibc
import Subprocess
import Testing

/// A folder for one test: the state directory of a demo, and beside it what programs print.
struct Place: Sendable {
    let root: String

    var state: String { root + "/state" }
    var demoFile: String { state + "/demo.json" }
    var rootKey: String { state + "/root.key" }

    /// Whoever runs the test may be root, and then PostgreSQL is somebody else, who must be able to pass through.
    fileprivate static func make() throws -> Place {
        let root = "/tmp/e2e-\(UUID().uuidString.prefix(8).lowercased())"
        try FileManager.default.createDirectory(
            atPath: root, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
        return Place(root: root)
    }

    /// Runs a program to its end.
    func run(
        _ executable: Executable, _ arguments: [String], environment: [String: String?] = [:]
    ) async throws -> Finished {
        let program = try await RunningProgram.start(
            try executable.path, arguments, folder: root, environment: environment)
        do {
            let status = try await program.ended()
            return Finished(status: status, output: try program.output, errors: try program.errors)
        } catch {
            program.send(SIGKILL)
            throw error
        }
    }

    struct Finished: Sendable {
        let status: TerminationStatus
        let output: String
        let errors: String
    }

    /// Processes whose command line or current directory names this place, as text for a person: the demo, the shell
    /// that supervises PostgreSQL, the server and its children.
    func processes() -> [String] {
        let ids = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { pid_t($0) }
        return ids.compactMap { id in
            let words = FileManager.default.contents(atPath: "/proc/\(id)/cmdline") ?? Data()
            let command = String(decoding: words.map { $0 == 0 ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
            let folder = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(id)/cwd")) ?? ""
            guard command.contains(root + "/") || folder.hasPrefix(root + "/") else { return nil }
            return "\(id) \(command.prefix(200))"
        }
    }

    /// Waits until none of its processes is left.
    func becomesQuiet() async throws {
        do {
            try await eventually("no process is left") { processes().isEmpty }
        } catch {
            throw Unexpected("These processes are left: \(processes().joined(separator: "\n"))")
        }
    }

    fileprivate func clear() async {
        do {
            try await becomesQuiet()
        } catch {
            Issue.record("\(error)")
            for process in processes() {
                if let id = process.split(separator: " ").first.flatMap({ pid_t($0) }) { kill(id, SIGKILL) }
            }
        }
        try? FileManager.default.removeItem(atPath: root)
    }
}

/// A place for this one call, gone afterwards; fails when the body leaves a process behind.
func withPlace<Result>(
    isolation: isolated (any Actor)? = #isolation, _ body: (Place) async throws -> Result
) async throws -> Result {
    let place = try Place.make()
    do {
        let result = try await body(place)
        await place.clear()
        return result
    } catch {
        await place.clear()
        throw error
    }
}

func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

/// The mode's lower bits; nil when there is no such file.
func permissions(_ path: String) -> mode_t? {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : nil
}
