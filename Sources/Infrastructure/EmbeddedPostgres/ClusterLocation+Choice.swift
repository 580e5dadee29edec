import FoundationEssentials
import Glibc

extension ClusterLocation {
    /// Finds the place and prepares its folders.
    static func choose(for lifetime: ClusterConfiguration.Lifetime, user: ClusterUser) async throws(ClusterError)
        -> Self
    {
        switch lifetime {
        case .kept(let stateDirectory): try await choose(stateDirectory: stateDirectory, user: user)
        case .ephemeral: try await chooseTemporary(user: user)
        }
    }

    /// The state directory must be there and ours to write; see `StateDirectory`.
    private static func choose(stateDirectory: String, user: ClusterUser) async throws(ClusterError) -> Self {
        let stand = "switchboard-\(user.userID)-\(hash(stateDirectory))"
        var folder = "\(stateDirectory)/postgres"
        var remarks: [String] = []
        var mark = ""
        if try await !take(folder, for: user) {
            remarks.append("user \(user.name) cannot keep data in \(stateDirectory)")
            rmdir(folder)
            // Outside of shared folders first, and not where a restart of the machine empties them.
            let candidates = (geteuid() == 0 ? ["/var/lib/\(stand)"] : []) + ["/var/tmp/\(stand)"]
            guard let other = try await first(of: candidates, for: user) else {
                throw ClusterError(
                    .directory,
                    "PostgreSQL's data can be kept neither in \(folder) nor in \(candidates.joined(separator: " nor in ")): "
                        + "choose a --state-dir that user \(user.name) can enter and that keeps owners and modes.")
            }
            folder = other
            mark = try StateDirectory.mark(in: stateDirectory)
        }
        var socketFolder = "\(folder)/socket"
        if try await !takeSocketFolder(socketFolder, for: user) {
            remarks.append("a socket cannot be at \(socketFolder)")
            socketFolder = "/tmp/\(stand)"
            guard try await takeSocketFolder(socketFolder, for: user) else {
                throw ClusterError(
                    .directory, "A unix socket can be neither in \(folder) nor in /tmp: choose a shorter --state-dir.")
            }
        }
        let remark = remarks.isEmpty ? nil : remarks.joined(separator: ", and ")
        return Self(
            folder: folder, socketFolder: socketFolder,
            remark: remark.map { "PostgreSQL is at \(folder), its socket in \(socketFolder), because \($0)." },
            mark: mark)
    }

    /// A new folder in `TMPDIR` or `/tmp`.
    private static func chooseTemporary(user: ClusterUser) async throws(ClusterError) -> Self {
        let parents = [ProcessInfo.processInfo.environment["TMPDIR"] ?? "", "/tmp"].filter { $0.hasPrefix("/") }
        for parent in parents {
            guard let folder = makeUnique("\(parent)/switchboard-XXXXXX") else { continue }
            let socketFolder = "\(folder)/socket"
            if try await take(folder, for: user), try await takeSocketFolder(socketFolder, for: user) {
                return Self(folder: folder, socketFolder: socketFolder, remark: nil, mark: "")
            }
            rmdir(socketFolder)
            rmdir(folder)
        }
        throw ClusterError(
            .directory,
            "No temporary folder for PostgreSQL can be made in \(parents.joined(separator: " or ")): "
                + "set TMPDIR to a short path of a directory that user \(user.name) can enter.")
    }

    private static func first(of candidates: [String], for user: ClusterUser) async throws(ClusterError) -> String? {
        for candidate in candidates where try await take(candidate, for: user) { return candidate }
        return nil
    }

    private static func takeSocketFolder(_ path: String, for user: ClusterUser) async throws(ClusterError) -> Bool {
        guard SocketAddress.canName(path), try await take(path, for: user) else { return false }
        if SocketAddress.works(in: path) { return true }
        rmdir(path)
        return false
    }

    /// False when it does not serve; throws when it is another's, since going on would be to trust them.
    private static func take(_ path: String, for user: ClusterUser) async throws(ClusterError) -> Bool {
        do {
            try PrivateFolder.prepare(path, for: user)
        } catch .ownedByAnother(let owner) {
            throw ClusterError(
                .directory,
                "\(path) belongs to user \(owner), not to \(user.name): remove it, or start as the user it was made by."
            )
        } catch {
            return false
        }
        return await PrivateFolder.serves(path, for: user)
    }

    private static func makeUnique(_ template: String) -> String? {
        var bytes = template.utf8CString
        return bytes.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
    }

    /// FNV-1a, 64 bits: short, and the same on every start. It need not resist anyone, owners are checked.
    private static func hash(_ text: String) -> String {
        let value = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
        return String(value, radix: 36)
    }
}
