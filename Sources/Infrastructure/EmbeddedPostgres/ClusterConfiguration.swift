/// Where a private cluster lives, for how long, and who may enter it.
package struct ClusterConfiguration: Sendable {
    /// How long the data outlive the process that started the cluster.
    package enum Lifetime: Sendable, Hashable {
        /// The data stay in this directory (absolute path, made if it is missing), or on its behalf elsewhere.
        case kept(stateDirectory: String)
        /// A folder of its own, removed at the end, however the process ends. Commits do not wait for the disk.
        case ephemeral
    }

    package var lifetime: Lifetime
    /// Database roles that the allowed operating-system users may connect as, beside the administrator.
    /// They are named one by one, since `pg_ident.conf` knows no "any role" before PostgreSQL 16.
    package var roles: [String]
    /// Server settings by name, over those that the cluster chooses itself.
    package var settings: [String: String]
    /// Forgets the data of earlier starts first.
    package var startsEmpty: Bool

    package init(
        lifetime: Lifetime, roles: [String], settings: [String: String] = [:], startsEmpty: Bool = false
    ) {
        self.lifetime = lifetime
        self.roles = roles
        self.settings = settings
        self.startsEmpty = startsEmpty
    }
}
