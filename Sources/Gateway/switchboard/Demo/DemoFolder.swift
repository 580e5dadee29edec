import Foundation
import Glibc

/// The files that a demo keeps in its state directory, beside the database's.
struct DemoFolder: Sendable {
    let path: String

    var rootKey: String { path + "/root.key" }
    private var demoFile: String { path + "/demo.json" }
    private var stateFile: String { path + "/state.json" }

    func state() throws -> DemoState? {
        guard let data = FileManager.default.contents(atPath: stateFile) else { return nil }
        do {
            return try JSONDecoder().decode(DemoState.self, from: data)
        } catch {
            throw SettingsError("\(stateFile) is damaged; start again with --fresh, which forgets the demo's data.")
        }
    }

    func keep(_ state: DemoState) throws {
        try write(try encoder.encode(state), to: stateFile)
    }

    func write(_ file: DemoFile) throws {
        try write(try encoder.encode(file), to: demoFile)
    }

    func forgetDemoFile() throws {
        try remove(demoFile)
    }

    /// What only fits the data that are forgotten with it.
    func forgetSecrets() throws {
        try remove(rootKey)
        try remove(stateFile)
    }

    private var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return encoder
    }

    /// Whole or not at all, and never readable by anybody else, not even for a moment.
    private func write(_ data: Data, to file: String) throws {
        let draft = file + ".new"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw SettingsError("\(draft) cannot be written: \(String(cString: strerror(errno))).")
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try handle.write(contentsOf: data)
        try handle.synchronize()
        guard rename(draft, file) == 0 else {
            throw SettingsError("\(file) cannot be written: \(String(cString: strerror(errno))).")
        }
    }

    private func remove(_ file: String) throws {
        guard unlink(file) == 0 || errno == ENOENT else {
            throw SettingsError("\(file) cannot be removed: \(String(cString: strerror(errno))).")
        }
    }
}
