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

    /// What the sessions of this role tell the planner. A table of jobs is empty whenever its statistics are taken, and
    /// what a connection planned then it goes on using while thousands wait: so the queue's statements, which are written
    /// for the table's indexes, are held to them, and planned once: planning takes longer than what they do for a single job.
    var plannerSettings: [String] {
        switch self {
        case .queue:
            ["seqscan", "bitmapscan", "sort", "hashjoin", "mergejoin"].map { "enable_\($0)=off" }
                + ["plan_cache_mode=force_generic_plan"]
        case .tenant, .vault, .edge, .platform: []
        }
    }
}
