import Foundation
import Testing
import Vault

/// A root key that another program holds, by the reference implementation of the protocol.
@Suite final class RootKeyCommandTests {
    let key: String

    init() throws {
        key = FileManager.default.temporaryDirectory.path + "/reference-root-key-" + UUID().uuidString
        try Data((0..<32).map { UInt8($0) }).write(to: URL(fileURLWithPath: key))
    }

    deinit {
        try? FileManager.default.removeItem(atPath: key)
        try? FileManager.default.removeItem(atPath: key + ".unavailable")
    }

    private func words(_ source: String = #filePath) -> [String] {
        let folder = source.split(separator: "/").dropLast().joined(separator: "/")
        return ["/usr/bin/env", "python3", "/\(folder)/reference-root-key.py", key]
    }

    private func problem(_ body: () throws -> Void) -> RootKeyCommandProblem? {
        do { try body() } catch VaultError.rootKeyCommand(let problem) { return problem } catch {
            Issue.record("another error: \(error)")
        }
        return nil
    }

    @Test func `what it wraps it unwraps, and a second process of the same key does too`() throws {
        let vault = KeyVault(provider: try CommandRootKey(words()))
        #expect(vault.mayBlock)
        let wrapped = try vault.makeOrganizationKey(organization: Samples.organization)
        let sealed = try vault.seal(Secret("kept"), context: Samples.context, under: wrapped)
        let other = KeyVault(provider: try CommandRootKey(words()))
        #expect(other.rootKeyID == vault.rootKeyID)
        #expect(try other.open(sealed, context: Samples.context, under: wrapped).exposed == [UInt8]("kept".utf8))
    }

    @Test func `a changed record and another organization are refused`() throws {
        let vault = KeyVault(provider: try CommandRootKey(words()))
        let wrapped = try vault.makeOrganizationKey(organization: Samples.organization)
        var bytes = wrapped.bytes
        bytes[30] ^= 1
        let changed = WrappedKey(keyID: wrapped.keyID, wrappingKeyID: wrapped.wrappingKeyID, bytes: bytes)
        #expect(throws: VaultError.refused) {
            try vault.openOrganizationKey(changed, organization: Samples.organization)
        }
        #expect(throws: VaultError.refused) {
            try vault.openOrganizationKey(wrapped, organization: Samples.credential)
        }
        // Refusing is no failure: it answers on.
        #expect(try vault.openOrganizationKey(wrapped, organization: Samples.organization).id == wrapped.keyID)
    }

    @Test func `a key moves from a file to the command`() throws {
        let file = try Samples.vault()
        let command = KeyVault(provider: try CommandRootKey(words()))
        let wrapped = try file.makeOrganizationKey(organization: Samples.organization)
        let moved = try file.rewrap(organizationKey: wrapped, organization: Samples.organization, to: command)
        #expect(moved.wrappingKeyID == command.rootKeyID)
        #expect(try command.openOrganizationKey(moved, organization: Samples.organization).id == wrapped.keyID)
    }

    @Test func `what cannot be had is an error with a remedy`() throws {
        #expect(problem { _ = try CommandRootKey([]) } == .empty)
        #expect(
            problem { _ = try CommandRootKey(["/nonexistent/program"]) }
                == .cannotStart(program: "/nonexistent/program", errno: ENOENT))
        #expect(problem { _ = try CommandRootKey(["/bin/true"]) } == .noAnswer(program: "/bin/true"))
        // It takes the whole question before it answers, so that it has not ended before it was asked.
        let babbler = ["/bin/sh", "-c", "head -c 5 >/dev/null; echo no frame at all, but bytes"]
        #expect(problem { _ = try CommandRootKey(babbler) } == .malformedAnswer(program: "/bin/sh"))
        let vault = KeyVault(provider: try CommandRootKey(words()))
        try Data().write(to: URL(fileURLWithPath: key + ".unavailable"))
        #expect(
            problem { _ = try vault.makeOrganizationKey(organization: Samples.organization) }
                == .unavailable(program: "/usr/bin/env", reason: "the reference is told to be away"))
        try FileManager.default.removeItem(atPath: key + ".unavailable")
        _ = try vault.makeOrganizationKey(organization: Samples.organization)
    }

    @Test func `the next key's file is held beside the one in force, found when it comes later, and put in its place`()
        throws
    {
        let path = key + ".file"
        let folder = FileManager.default.temporaryDirectory.path
        defer {
            for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            where "\(folder)/\(name)".hasPrefix(path) {
                try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
            }
        }
        let source = RootKeySource.file(path)
        let server = KeyVault(provider: try source.open(create: true)) { () throws(VaultError) in
            try source.openNext().map { [$0] } ?? []
        }
        #expect(try source.openNext()?.rootKeyID == nil)
        let next = try RootKey.makeNext(path: path).id
        #expect(try RootKey.makeNext(path: path).id == next)
        let following = try source.openNext()
        let operation = KeyVault(provider: try source.open(), also: [try #require(following)])
        let wrapped = try server.makeOrganizationKey(organization: Samples.organization)
        let moved = try operation.rewrap(
            organizationKey: wrapped, organization: Samples.organization, to: operation.wrapping(with: next))
        // The server was started before the file was there.
        #expect(try server.openOrganizationKey(moved, organization: Samples.organization).id == wrapped.keyID)
        #expect(try server.openOrganizationKey(wrapped, organization: Samples.organization).id == wrapped.keyID)
        let kept = try RootKey.promoteNext(path: path)
        #expect(try RootKey.load(path: path).id == next)
        #expect(try RootKey.load(path: kept).id == wrapped.wrappingKeyID)
        #expect(try source.openNext()?.rootKeyID == nil)
    }
}
