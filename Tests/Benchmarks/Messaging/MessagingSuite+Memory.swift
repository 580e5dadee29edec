import GraphQL
import TestSupport

extension MessagingSuite {
    /// What the server keeps of the messages that it sends: itself alone, since the sandbox keeps each.
    func memory(_ turns: Turns, _ figures: inout Figures) async throws {
        let count = Self.bulkSize(turns)
        try await LoneServer.with { server in
            let clinic = try await server.clinic()
            try await clinic.setCallbacks(false)
            try await server.database.psql("UPDATE phone_numbers SET segments_per_second = 0")
            func send(_ bulks: Int) async throws {
                for _ in 0..<bulks {
                    _ = try await take(count, by: clinic)
                    try await completed(clinic)
                }
            }
            // Caches and pools fill up.
            try await send(2)
            let before = server.resident
            try await send(10)
            figures.add("messaging.server_rss_mb", server.resident, "MB resident after \(12 * count) messages")
            figures.add(
                "messaging.rss_growth_mb", server.resident - before, "MB of them since the first \(2 * count)",
                target: .atMost(16))
        }
    }

    /// Waits until all its bulks are handed over.
    private func completed(_ clinic: TextingClinic) async throws {
        for _ in 0..<300 {
            let running = try await clinic.ask(
                "{ bulkMessages(first: 1, filter: {state: [RUNNING]}) { nodes { id } } }")
            if running["bulkMessages"]?["nodes"]?.arrayValue?.isEmpty == true { return }
            try await Task.sleep(for: .seconds(1))
        }
        throw Program.Failure(description: "In five minutes a bulk did not come to its end.")
    }
}
