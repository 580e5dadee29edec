import Foundation
import Testing
import Vault

@Suite final class RootKeyFileTests {
    let folder: String
    var path: String { folder + "/root.key" }

    init() throws {
        folder = FileManager.default.temporaryDirectory.path + "/vault-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private static let text = """
        switchboard-root-key v1
        id 36bcf2f119e22dcf
        key 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f

        """

    private func write(_ bytes: [UInt8], mode: Int = 0o600) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    private func problem(_ loading: () throws -> Void) -> RootKeyFileProblem? {
        do { try loading() } catch VaultError.rootKeyFile(path, let problem) { return problem } catch {
            Issue.record("another error: \(error)")
        }
        return nil
    }

    private func problem() -> RootKeyFileProblem? { problem { _ = try RootKey.load(path: path) } }

    @Test func `a key is made when asked for, with mode 0600, and is the same ever after`() throws {
        let made = try RootKey.load(path: path, create: true).id
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try RootKey.load(path: path, create: true).id == made)
        #expect(try RootKey.load(path: path).id == made)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["root.key"])
    }

    @Test func `many that make the key at once end with one key`() async throws {
        let path = path
        let ids = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<16 { group.addTask { try RootKey.load(path: path, create: true).id } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(ids.count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["root.key"])
    }

    @Test func `the written form is read`() throws {
        try write([UInt8](Self.text.utf8))
        #expect(try RootKey.load(path: path).id == "36bcf2f119e22dcf")
        try write([UInt8](Self.text.utf8), mode: 0o400)
        #expect(try RootKey.load(path: path).id == "36bcf2f119e22dcf")
    }

    @Test func `an absent file is named, and not made unless asked for`() {
        #expect(problem() == .absent)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test(arguments: [0o640, 0o604, 0o660, 0o644, 0o620, 0o700, 0o4600])
    func `a mode wider than 0600 is refused with the command that mends it`(mode: Int) throws {
        try write([UInt8](Self.text.utf8), mode: mode)
        #expect(problem() == .tooOpen(mode: UInt32(mode)))
        let error = VaultError.rootKeyFile(path: path, problem: .tooOpen(mode: UInt32(mode)))
        #expect(error.description.contains("chmod 600 '\(path)'"))
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give a file away"))
    func `another user's file is refused`() throws {
        try write([UInt8](Self.text.utf8))
        try FileManager.default.setAttributes([.ownerAccountID: 65534], ofItemAtPath: path)
        #expect(problem() == .foreignOwner(owner: 65534, process: 0))
    }

    @Test func `what is no regular file is refused`() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        #expect(problem() == .notARegularFile)
        try FileManager.default.removeItem(atPath: path)
        #expect(mkfifo(path, 0o600) == 0)
        #expect(problem() == .notARegularFile)
    }

    @Test func `every changed bit of the file is noticed`() throws {
        let bytes = [UInt8](Self.text.utf8)
        for index in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[index] ^= 1 << UInt8(bit)
                try write(changed)
                let found = problem()
                #expect(found == .damaged || found == .unsupportedVersion, "byte \(index), bit \(bit)")
            }
        }
    }

    @Test func `a cut or lengthened file is damaged`() throws {
        let bytes = [UInt8](Self.text.utf8)
        for changed in [[], [UInt8](bytes.prefix(30)), [UInt8](bytes.dropLast()), bytes + [10], bytes + bytes] {
            try write(changed)
            #expect(problem() == .damaged)
        }
    }

    @Test func `a newer format is told from damage`() throws {
        try write([UInt8](Self.text.replacing("v1", with: "v2").utf8))
        #expect(problem() == .unsupportedVersion)
    }

    @Test func `a missing folder is an error that names the file`() {
        let missing = folder + "/none/root.key"
        #expect(throws: VaultError.rootKeyFile(path: missing, problem: .inputOutput(operation: "open", errno: ENOENT)))
        {
            _ = try RootKey.load(path: missing, create: true)
        }
    }

    @Test func `a key is read from an inherited descriptor`() throws {
        try write([UInt8](Self.text.utf8))
        let descriptor = open(path, O_RDONLY)
        #expect(try RootKey.load(descriptor: descriptor).id == "36bcf2f119e22dcf")
        // It was closed, so that nothing started later inherits it.
        #expect(fcntl(descriptor, F_GETFD) == -1)
    }

    @Test func `a key that is not 32 bytes long is refused`() {
        #expect(throws: VaultError.keyLength(31)) { _ = try RootKey(Secret.random(count: 31)) }
    }
}
