/// Why a private cluster could not be had. The description is one sentence that says what to do.
package struct ClusterError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong, for code that must tell the cases apart.
    package enum Code: Sendable, Hashable {
        /// No PostgreSQL of version 15 or later with `initdb`, `postgres` and `pg_ctl`.
        case binariesMissing
        /// Another process has started a cluster on the same state directory.
        case inUse
        /// A directory cannot be made, written or trusted.
        case directory
        /// The data were made by another major version than the binaries that were found.
        case version
        /// PostgreSQL could not be started, or ended by itself.
        case server
    }

    package let code: Code
    package let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
