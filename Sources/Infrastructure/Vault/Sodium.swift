import CSodium

/// libsodium's state, which is the process's.
enum Sodium {
    private static let started = sodium_init() >= 0

    /// Initializes the library once; every entry to this module comes through here.
    static func start() throws(VaultError) {
        guard started else { throw .libraryUnavailable }
    }
}
