import GraphQL
import OrderedCollections
import QueryEngine
import TestSupport
import TestWorld
import Testing

/// STOP at any moment of many sends. An attempt and an opt-out are both written down while the contact's row is locked, so
/// their times are in the order of their commits.
@Suite struct RaceTests {
    private static let late = """
        SELECT count(*) FROM message_attempts a JOIN messages m ON m.org_id = a.org_id AND m.id = a.message_id
        JOIN opt_outs o ON o.org_id = m.org_id AND o.contact_id = m.contact_id
        WHERE a.started_at > o.created_at
        """

    @Test(arguments: ["ORGANIZATION", "SENDER_GROUP"])
    func `no attempt commits after an opt-out has committed`(scope: String) async throws {
        try await withWorld { world in
            let clinic = try await RegisterTests.reachableClinic(world)
            try await RegisterTests.settings(["optOutScope": .string(scope)], of: clinic, in: world)
            // As fast as it goes: what waits in a sender's line is not raced.
            try await world.data.psql("UPDATE phone_numbers SET segments_per_second = 0")
            let contacts = (0..<12).map { "+141555501\($0 + 10)" }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for contact in contacts {
                    group.addTask {
                        for index in 0..<6 {
                            _ = try await world.send("n \(index)", to: contact, as: clinic)
                            if index == 2 {
                                _ = try await world.carrier.inbound(from: contact, to: clinic.number, body: "STOP")
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let isAllEnded = try await eventually {
                try await world.count("messages", where: "status IN ('QUEUED', 'SENDING', 'ACCEPTED', 'SENT')") == 0
            }
            #expect(isAllEnded)
            #expect(try await world.count("opt_outs", where: "state = 'OPEN'") == contacts.count)
            #expect(try await world.value(Self.late) == "0")
            // Negative control: an attempt that was not held back is found.
            try await world.data.psql(
                """
                INSERT INTO message_attempts (org_id, id, message_id, number, nonce, state, deadline)
                SELECT org_id, gen_random_uuid(), id, 99, 'forged', 'FAILED', now() FROM messages
                WHERE direction = 'OUTBOUND' AND to_address = '\(contacts[0])' LIMIT 1
                """)
            #expect(try await world.value(Self.late) == "1")
        }
    }
}
