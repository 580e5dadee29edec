import GraphQL
import TestWorld
import Testing

@Suite struct RevokedTests {
    @Test func `what waits when the credential is revoked fails, and nothing reaches the carrier`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            _ = try await world.send(as: clinic)
            try await world.revoke(clinic)
            #expect(try await world.send(to: "+14155550124", as: clinic).refusal == "TWILIO_NOT_CONFIGURED")
            try await world.working {
                let hasFailed = try await eventually { try await world.status() == "FAILED" }
                #expect(hasFailed)
                let isQueueEmpty = try await eventually { try await world.count("jobs") == 0 }
                #expect(isQueueEmpty)
            }
            #expect(try await world.carrier.posts() == 0)
            #expect(try await world.value("SELECT error_message FROM messages").contains("revoked"))
        }
    }

    @Test func `an organization's message is by its own account, whatever id of a credential it names`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let first = try await world.makeTextingClinic(0)
            let second = try await world.makeTextingClinic(1)
            let foreign =
                try await world.ask("{ credentials { id } }", as: first.caller)["data"]?["credentials"]?
                .arrayValue?.first?["id"] ?? .null
            let answers = try await [foreign, "cred_AAAAAAAAAAAAAAAAAAAAAA", "nonsense"].asyncMap {
                try await world.mutate(
                    "sendMessage", ["to": "+14155550123", "body": "Hello", "credentialId": $0], "message { id }",
                    as: second)
            }
            #expect(answers.allSatisfy { $0.refusal == "NOT_FOUND" })
            #expect(answers.allSatisfy { $0 == answers[0] }, "a foreign id is answered as one that never was")
            #expect(try await world.send(as: second).refusal == nil)
        }
    }
}

extension Array {
    fileprivate func asyncMap<R>(_ transform: (Element) async throws -> R) async rethrows -> [R] {
        var results: [R] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
