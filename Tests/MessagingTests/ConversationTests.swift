import GraphQL
import OrderedCollections
import QueryEngine
import TestSupport
import TestWorld
import Testing

@Suite struct ConversationTests {
    @Test func `what comes in is unread until somebody has read it, and both are told live`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic(0)
            let other = try await world.makeTextingClinic(1)
            try await world.syncWithHooks(clinic)
            let inbox = "{ conversations(filter: {unreadAtLeast: 1}) { nodes { id unreadCount } } }"
            for body in ["Hello", "Are you there?"] {
                _ = try await world.carrier.inbound(from: "+14155550123", to: clinic.number, body: body)
            }
            let unread = try await world.ask(inbox, as: clinic.caller)["data"]?["conversations"]?["nodes"]?.arrayValue
            #expect(unread?.first?["unreadCount"] == 2)
            let id = try #require(unread?.first?["id"])
            let noted = "kind = 'conversation'"
            let before = try await world.count("changes", where: noted)
            #expect(before >= 2)
            let foreign = try await world.mutate(
                "markConversationRead", ["id": id], "conversation { id }", as: other)
            #expect(foreign.refusal == "NOT_FOUND")
            for expected in [before + 1, before + 1] {
                let read = try await world.mutate(
                    "markConversationRead", ["id": id], "conversation { unreadCount }", as: clinic)
                #expect(read["conversation"] == ["unreadCount": 0])
                #expect(try await world.count("changes", where: noted) == expected)
            }
            #expect(try await world.ask(inbox, as: clinic.caller)["data"]?["conversations"]?["nodes"] == [])
        }
    }
}
