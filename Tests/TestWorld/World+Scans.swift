/// What statements of tenants read.
extension World {
    /// Rows of contacts and conversations that were read one after the other, where no index served.
    /// - Parameter ending: first ends the connections, each of which tells the server what it has read when it ends.
    package func rowsScanned(ending: Bool = false) async throws -> Int {
        if ending {
            let tenants = "FROM pg_stat_activity WHERE datname = current_database() AND usename = 'switchboard_tenant'"
            _ = try await value("SELECT pg_terminate_backend(pid) \(tenants)")
            guard try await eventually({ try await value("SELECT count(*) \(tenants)") == "0" }) else { return .max }
        }
        return Int(
            try await value(
                """
                SELECT sum(seq_tup_read) FROM pg_stat_user_tables WHERE relname IN ('contacts', 'conversations')
                """)) ?? .max
    }
}
