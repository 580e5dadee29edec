/// What statements of tenants read.
extension World {
    /// Rows of contacts and conversations that were read one after the other, where no index served.
    /// - Parameter ending: first ends the connections, each of which tells the server what it has read when it ends.
    package func rowsScanned(ending: Bool = false) async throws -> Int {
        if ending, try await !endTenants() { return .max }
        return Int(
            try await value(
                """
                SELECT sum(seq_tup_read) FROM pg_stat_user_tables WHERE relname IN ('contacts', 'conversations')
                """)) ?? .max
    }

    /// Rows that were read one after the other, and entries of indexes, of tables that are given as SQL literals; the
    /// connections are ended first.
    package func entriesRead(of tables: String) async throws -> Int {
        guard try await endTenants() else { return .max }
        return Int(
            try await value(
                """
                SELECT sum(seq_tup_read + (SELECT sum(pg_stat_get_tuples_returned(indexrelid))
                    FROM pg_index WHERE indrelid = relid))
                FROM pg_stat_user_tables WHERE relname IN (\(tables))
                """)) ?? .max
    }

    /// Each connection tells the server what it has read when it ends.
    private func endTenants() async throws -> Bool {
        let tenants = "FROM pg_stat_activity WHERE datname = current_database() AND usename = 'switchboard_tenant'"
        _ = try await value("SELECT pg_terminate_backend(pid) \(tenants)")
        return try await eventually { try await value("SELECT count(*) \(tenants)") == "0" }
    }
}
