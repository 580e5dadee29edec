/// The statements that this module itself sends.
extension Statement {
    static let commit = Statement("COMMIT")
    static let rollback = Statement("ROLLBACK")
    static let ping = Statement("SELECT 1")

    /// The settings hold until the end of the transaction (`true`), be it an implicit one: a connection carries nothing
    /// from one tenant to the next.
    static let setTenant = Statement("SELECT set_config('switchboard.org_id', $1, true)")
    static let setTenantAndTimeout = Statement(
        "SELECT set_config('switchboard.org_id', $1, true), set_config('statement_timeout', $2, true)")
    static let setTenantPlanningOnce = Statement(
        """
        SELECT set_config('switchboard.org_id', $1, true), set_config('plan_cache_mode', 'force_generic_plan', true),
          set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
          set_config('enable_mergejoin', 'off', true)
        """)
    static let setTenantAndTimeoutPlanningOnce = Statement(
        """
        SELECT set_config('switchboard.org_id', $1, true), set_config('statement_timeout', $2, true),
          set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true),
          set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)
        """)
    static let setTimeout = Statement("SELECT set_config('statement_timeout', $1, true)")

    static func begin(_ isolation: TransactionIsolation) -> Statement {
        switch isolation {
        case .readCommitted: beginReadCommitted
        case .repeatableRead: beginRepeatableRead
        case .serializable: beginSerializable
        }
    }

    private static let beginReadCommitted = Statement("BEGIN ISOLATION LEVEL READ COMMITTED")
    private static let beginRepeatableRead = Statement("BEGIN ISOLATION LEVEL REPEATABLE READ")
    private static let beginSerializable = Statement("BEGIN ISOLATION LEVEL SERIALIZABLE")
}

/// What a unit of work runs under: the one replaceable step that opens a tenant's scope.
struct Scope: Sendable {
    let organization: OrganizationID?
    /// The server's limit for each statement; `nil` for the pool's default.
    let timeout: Duration?
    /// Of a tenant's work.
    var planning = Planning.byValues

    /// What goes before the first statement, in the same pipeline; at most one command.
    var opening: [Command] {
        let milliseconds = timeout.map { PostgresValue.text(String($0.wholeMilliseconds)) }
        return switch (organization, milliseconds) {
        case (nil, nil): []
        case (nil, .some(let milliseconds)): [Command(.setTimeout, [milliseconds])]
        case (.some(let organization), nil):
            [Command(planning == .once ? .setTenantPlanningOnce : .setTenant, [.uuid(organization.uuid)])]
        case (.some(let organization), .some(let milliseconds)):
            [
                Command(
                    planning == .once ? .setTenantAndTimeoutPlanningOnce : .setTenantAndTimeout,
                    [.uuid(organization.uuid), milliseconds])
            ]
        }
    }
}
