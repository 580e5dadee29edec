import Credentials
import GraphQL
import TestSupport
import TestWorld
import Testing
import TwilioSandbox

/// Twilio's callbacks come late, twice and in any order; where a message ends does not depend on it.
@Suite struct CallbackOrderTests {
    /// Every order of `items`.
    static func permutations(_ items: [String]) -> [[String]] {
        guard items.count > 1 else { return [items] }
        return items.indices.flatMap { index in
            var rest = items
            let first = rest.remove(at: index)
            return permutations(rest).map { [first] + $0 }
        }
    }

    /// What the carrier says of one message, the last with an error's code; and where that ends.
    @Test(arguments: [
        (["queued", "sending", "sent", "delivered"], "", "DELIVERED"),
        (["accepted", "queued", "sent", "undelivered"], "30005", "UNDELIVERED"),
        (["queued", "sending", "failed", "failed"], "30008", "FAILED"),
        (["sent", "delivered", "read", "delivered"], "", "DELIVERED"),
    ])
    func `all orders and repetitions of a message's callbacks end in the same state`(
        words: [String], code: String, end: String
    ) async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.data.psql("UPDATE phone_numbers SET segments_per_second = 0")
            try await world.carrier.misbehave(#"{"do":"no_callbacks"}"#)
            let hook = try await world.hook(of: clinic)
            // Each order, with every word twice in a row, and with all of them repeated at the end.
            let orders = Set(Self.permutations(words)).sorted { $0.lexicographicallyPrecedes($1) }
            var ends: Set<String> = []
            for (index, order) in orders.enumerated() {
                let recipient = "+1500555\(6_000 + index)"
                _ = try await world.send(to: recipient, as: clinic)
                #expect(try await eventually { try await world.status(to: recipient) == "ACCEPTED" })
                let sid = try await world.carrier.sid(to: recipient)
                let nonce = try await world.value(
                    "SELECT nonce FROM message_attempts a JOIN messages m ON m.id = a.message_id WHERE to_address = '\(recipient)'"
                )
                for word in order.flatMap({ [$0, $0] }) + order {
                    var parameters = CallbackTests.report(sid, word, account: clinic.account.sid)
                    if !code.isEmpty, ["failed", "undelivered"].contains(word) {
                        parameters.append(("ErrorCode", code))
                    }
                    let webhook = SignedWebhook(
                        world.hooks.status(hook, attempt: nonce), parameters, token: clinic.account.authToken)
                    #expect(try await webhook.post(in: world) == 204)
                }
                let state =
                    "SELECT status || ' ' || coalesce(error_code::text, '') || ' ' || (sent_at IS NOT NULL) FROM messages"
                ends.insert(try await world.value("\(state) WHERE to_address = '\(recipient)'"))
                let history = try await world.history(to: recipient)
                #expect(Set(history).count == history.count, "each state once: \(history) after \(order)")
            }
            #expect(ends.count == 1)
            #expect(ends.first?.hasPrefix("\(end) \(code)") == true)
            #expect(try await world.count("message_checks") == 0)
        }
    }
}
