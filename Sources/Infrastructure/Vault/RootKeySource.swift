/// Where a root key is had from.
package enum RootKeySource: Sendable, Equatable {
    /// A file of mode 0600. The key that is to follow lies beside it, under the same name and `.next`.
    case file(String)
    /// A descriptor that the process inherited. It is read once, to its end.
    case descriptor(Int32)
    /// A program that wraps and unwraps for us, such as the client of a KMS or HSM, with its arguments.
    case command([String])

    /// - Parameter create: make a file that is not there.
    package func open(create: Bool = false) throws(VaultError) -> any RootKeyProvider {
        switch self {
        case .file(let path): LocalRootKey(try RootKey.load(path: path, create: create))
        case .descriptor(let descriptor): LocalRootKey(try RootKey.load(descriptor: descriptor))
        case .command(let words): try CommandRootKey(words)
        }
    }

    /// The key that is to follow, as far as this source says where it is.
    package func openNext() throws(VaultError) -> (any RootKeyProvider)? {
        guard case .file(let path) = self else { return nil }
        do {
            return LocalRootKey(try RootKey.load(path: RootKey.nextPath(of: path)))
        } catch .rootKeyFile(_, .absent) {
            return nil
        }
    }
}
