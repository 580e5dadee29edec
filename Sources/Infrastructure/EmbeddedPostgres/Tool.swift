import Subprocess
import SystemPackage

/// Programs, run as the cluster's user.
enum Tool {
    /// One run of a short program, to its end.
    ///
    /// - Returns: exit status, and what it printed to either stream (at most 64 KiB). Status 127 stands for "could not
    ///   be run", 128 for "ended by a signal".
    static func run(_ program: String, _ arguments: [String], as user: ClusterUser) async -> (
        status: Int32, output: String
    ) {
        do {
            let result = try await Subprocess.run(
                command(program, arguments, as: user), input: .none, output: .string(limit: 65_536),
                error: .combinedWithOutput)
            guard case .exited(let status) = result.terminationStatus else { return (128, result.standardOutput) }
            return (status, result.standardOutput)
        } catch {
            return (127, "\(error)")
        }
    }

    /// In a session of its own, so that Ctrl-C in the terminal reaches us only, with the rights of `user` and no others,
    /// and with nothing of our environment: `PGPORT`, `PGDATA` and their like would change what a server does.
    ///
    /// The user is changed by `setpriv`, not by `PlatformOptions.userID`: with that, swift-subprocess 1.0.2 calls glibc's
    /// `setuid` in a child of a bare `clone3`, which waits for ever for threads that only the parent has.
    static func command(_ program: String, _ arguments: [String], as user: ClusterUser) -> Subprocess.Configuration {
        var words = [program] + arguments
        if user.isAnother {
            words =
                ["/usr/bin/setpriv", "--reuid=\(user.userID)", "--regid=\(user.groupID)", "--init-groups", "--"] + words
        }
        var options = PlatformOptions()
        options.createSession = true
        return Subprocess.Configuration(
            executable: .path(FilePath(words[0])), arguments: Arguments(Array(words.dropFirst())),
            environment: .custom(["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "TZ": "UTC"]),
            workingDirectory: "/", platformOptions: options)
    }
}
