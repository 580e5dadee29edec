import Accounts
import Audit
import Curl
import GraphQL
import OrderedCollections
import QueryEngine
import TestSupport
import TestWorld

/// How soon a live stream ends after the key that opened it was revoked: announced, and behind everybody's back.
struct AccountsSuite: BenchmarkSuite {
    static let name = "accounts"

    private static let body = JSONValue.object(["query": "subscription { messageChanged { id } }"]).bytes

    func run(_ turns: Turns, _ figures: inout Figures) async throws {
        let delays = try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            func delay(_ isAnnounced: Bool) async throws -> Double {
                let token = try await world.keys.issue(
                    for: clinic.organization, role: .owner, label: "bench", actor: .commandLine)
                guard let key = try await world.authenticator.identity(of: token)?.id else {
                    throw Program.Failure(description: "The key is not known.")
                }
                let stream = try await world.stream(Self.body, token: token)
                let start = ContinuousClock.now
                if isAnnounced {
                    try await world.keys.revoke(key, of: clinic.organization, actor: .commandLine)
                } else {
                    try await world.data.psql(
                        "UPDATE api_key_lookups SET revoked_at = now() WHERE api_key_id = '\(key)'")
                }
                for try await _ in stream.chunks {}
                return (ContinuousClock.now - start) / .milliseconds(1)
            }
            return try await turns.take([{ _ in try await delay(true) }, { _ in try await delay(false) }])
        }
        figures.add(
            "accounts.stream.revoked_ms", delays[0].max() ?? .nan, "ms until a stream ends, at worst, announced",
            target: .atMost(1_000))
        figures.add(
            "accounts.stream.revoked_unheard_ms", delays[1].max() ?? .nan, "ms, at worst, when nothing is announced",
            target: .atMost(1_000))
    }
}
