/// The database roles of the running gateway. Each has just its grants, and a pool of its own.
package enum DatabaseRole: String, CaseIterable, Sendable {
    /// All tenant work, under row-level security.
    case tenant = "switchboard_tenant"
    /// Sealed credentials and keys.
    case vault = "switchboard_vault"
    /// What must be found before the tenant is known.
    case edge = "switchboard_edge"
    /// Claims jobs across organizations.
    case queue = "switchboard_queue"
    /// Organization directory, usage counts, audit rows.
    case platform = "switchboard_platform"
}
