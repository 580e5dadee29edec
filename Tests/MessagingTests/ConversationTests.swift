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

    @Test func `watchers hear of each change of a conversation, and of nobody else's`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic(0)
            let other = try await world.makeTextingClinic(1)
            for one in [clinic, other] { try await world.syncWithHooks(one) }
            let document = EngineRequest("subscription { conversationChanged { id unreadCount } }")
            var events = await world.engine.subscribe(document, caller: clinic.caller).makeAsyncIterator()
            var others = await world.engine.subscribe(document, caller: other.caller).makeAsyncIterator()
            func conversation(_ event: SubscriptionEvent?) throws -> JSONValue? {
                try JSONValue(parsing: #require(event).response.bytes)["data"]?["conversationChanged"]
            }
            _ = try await world.carrier.inbound(from: "+14155550123", to: clinic.number, body: "Hello")
            let first = try conversation(await events.next())
            #expect(first?["unreadCount"] == 1)
            let id = try #require(first?["id"])
            _ = try await world.mutate("markConversationRead", ["id": id], "conversation { id }", as: clinic)
            var read = try conversation(await events.next())
            // What came in may be told of twice.
            if read?["unreadCount"] == 1 { read = try conversation(await events.next()) }
            #expect(read == ["id": id, "unreadCount": 0])
            _ = try await world.carrier.inbound(from: "+14155550123", to: other.number, body: "Hello")
            let foreign = try conversation(await others.next())
            #expect(foreign?["unreadCount"] == 1 && foreign?["id"] != id)
        }
    }

    /// Makes somebody a member, and answers with the end of their IDs.
    static func join(_ name: String, _ role: String, _ clinic: Clinic, in world: World) async throws -> String {
        try await world.value(
            """
            WITH person AS (
              INSERT INTO users (email, name) VALUES (lower('\(name)@clinic.example'), '\(name)') RETURNING *
            )
            INSERT INTO memberships (org_id, user_id, role, email, name)
            SELECT '\(clinic.organization)', id, '\(role)', email, name FROM person RETURNING id
            """
        ).filter(\.isHexDigit)
    }

    @Test func `a conversation is for one colleague to answer, until they leave`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic(0)
            let other = try await world.makeTextingClinic(1)
            _ = try await world.send(as: clinic)
            let ann = try await Self.join("Ann", "AGENT", clinic, in: world)
            let bob = try await Self.join("Bob", "VIEWER", clinic, in: world)
            let zed = try await Self.join("Zed", "AGENT", other, in: world)
            let colleagues = try await world.ask("{ colleagues { id name role } }", as: clinic.caller)
            #expect(
                colleagues["data"]?["colleagues"] == [
                    ["id": .string("col_" + ann), "name": "Ann", "role": "AGENT"],
                    ["id": .string("col_" + bob), "name": "Bob", "role": "VIEWER"],
                ])
            let id =
                try await world.ask("{ conversations { nodes { id } } }", as: clinic.caller)["data"]?["conversations"]?[
                    "nodes"]?.arrayValue?.first?["id"] ?? .null
            func assign(_ colleague: JSONValue, as clinic: Clinic) async throws -> JSONValue {
                try await world.mutate(
                    "assignConversation", ["id": id, "colleagueId": colleague],
                    "conversation { assignee { name } }", as: clinic)
            }
            func assigned(_ filter: String) async throws -> Int? {
                try await world.ask("{ conversations(filter: {\(filter)}) { nodes { id } } }", as: clinic.caller)[
                    "data"]?["conversations"]?["nodes"]?.arrayValue?.count
            }
            let noted = "kind = 'conversation'"
            let before = try await world.count("changes", where: noted)
            for _ in 0..<2 {
                #expect(
                    try await assign(.string("col_" + ann), as: clinic)["conversation"] == ["assignee": ["name": "Ann"]]
                )
                #expect(try await world.count("changes", where: noted) == before + 1)
            }
            #expect(try await assigned("assigneeId: \"col_\(ann)\"") == 1)
            #expect(try await assigned("assigneeId: \"col_\(bob)\"") == 0)
            #expect(try await assigned("isAssigned: false") == 0)
            // One who only reads, one of another organization, one who never was; and a conversation of another's.
            #expect(try await assign(.string("col_" + bob), as: clinic).refusal == "MAY_NOT_ANSWER")
            let foreign = try await assign(.string("col_" + zed), as: clinic)
            #expect(foreign.refusal == "NOT_FOUND")
            #expect(try await assign("col_00000000000040008000000000000000", as: clinic) == foreign)
            #expect(try await assign(.string("mem_" + ann), as: clinic) == foreign)
            #expect(try await assign(.string("col_" + zed), as: other).refusal == "NOT_FOUND")
            #expect(try await assign(.null, as: clinic)["conversation"] == ["assignee": .null])
            #expect(try await assigned("isAssigned: false") == 1)
            // Whoever leaves has nothing to answer any more; nobody can go in another way.
            _ = try await assign(.string("col_" + ann), as: clinic)
            await #expect(throws: (any Error).self) {
                try await world.data.psql("DELETE FROM memberships WHERE name = 'Ann'")
            }
            let left = try await world.mutate("removeMember", ["id": .string("mem_" + ann)], "removedId", as: clinic)
            #expect(left.refusal == nil, "\(left)")
            #expect(try await assigned("isAssigned: false") == 1)
            #expect(try await world.count("memberships", where: "name = 'Ann'") == 0)
        }
    }
}
