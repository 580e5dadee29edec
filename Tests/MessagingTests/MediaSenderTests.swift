import Credentials
import Foundation
import GraphQL
import OrderedCollections
import QueryEngine
import TestSupport
import TestWorld
import Testing
import Twilio
import TwilioSandbox

/// Which number files go out from, and the other ways than one by one.
@Suite struct MediaSenderTests {
    private static func phone(_ index: Int) -> String { "+1415555" + String(format: "%04d", 100 + index) }

    // MARK: Senders

    @Test func `only a number that can MMS sends files`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            let numbers = clinic.account.numbers.map(\.phoneNumber)
            let media = [OutboundMediaTests.file(world)]
            func senders(_ range: ClosedRange<Int>, _ media: [JSONValue]) async throws -> Set<String> {
                var senders: Set<String> = []
                for index in range {
                    let payload = try await OutboundMediaTests.send(
                        world, media, ["to": .string("+141555501\(index)"), "body": "Look"], as: clinic)
                    senders.insert(payload["message"]?["from"]?.stringValue ?? payload.refusal ?? "")
                }
                return senders
            }
            // The control: while both can, both do.
            #expect(try await senders(10...13, media) == Set(numbers))
            try await world.data.psql("UPDATE phone_numbers SET mms = false WHERE number = '\(numbers[0])'")
            // Those who knew the other number, and those who are new.
            #expect(try await senders(10...23, media) == [numbers[1]])
            // Texts go out from it, all the more since it has sent less.
            #expect(try await senders(30...33, []) == [numbers[0]])

            let named = try await OutboundMediaTests.send(world, media, ["from": .string(numbers[0])], as: clinic)
            #expect(named.refusal == "SENDER_NOT_CAPABLE")
            #expect(OutboundMediaTests.error(named)?["field"] == ["from"])
            #expect(named.refusalMessage?.contains("leave `from` out") == true)
            let bulk = try await world.mutate(
                "sendBulkMessage",
                [
                    "recipients": [["to": .string(OutboundMediaTests.contact)]], "mediaUrls": .array(media),
                    "from": .string(numbers[0]),
                ], "bulkMessage { id }", as: clinic)
            #expect(bulk.refusal == "SENDER_NOT_CAPABLE")
            // The controls: a text from the same number, and files from the other one.
            let text = try await OutboundMediaTests.send(
                world, [], ["from": .string(numbers[0]), "body": "Hello"], as: clinic)
            #expect(text.refusal == nil)
            #expect(
                try await OutboundMediaTests.send(world, media, ["from": .string(numbers[1])], as: clinic).refusal
                    == nil)

            try await world.data.psql("UPDATE phone_numbers SET mms = false")
            let nobody = try await OutboundMediaTests.send(world, media, as: clinic)
            #expect(nobody.refusal == "NO_SENDER")
            #expect(nobody.refusalMessage?.contains("mms") == true)
        }
    }

    @Test func `what waits for a number that has to rest goes out with its files from one that can MMS`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            let numbers = clinic.account.numbers.map(\.phoneNumber)
            let sent = try await OutboundMediaTests.send(world, [OutboundMediaTests.file(world)], as: clinic)
            let from = try #require(sent["message"]?["from"]?.stringValue)
            let other = try #require(numbers.first { $0 != from })
            try await world.data.psql(
                """
                UPDATE sender_rotation r SET rests_until = now() + interval '1 hour' FROM phone_numbers n
                WHERE n.id = r.phone_number_id AND n.number = '\(from)';
                UPDATE phone_numbers SET mms = false WHERE number = '\(other)'
                """)
            try await world.working {
                let isOut = try await eventually { try await world.status() == "DELIVERED" }
                #expect(isOut)
            }
            #expect(try await world.value("SELECT from_address FROM messages") == from)
        }
    }

    // MARK: Bulk, later, preview

    @Test func `a bulk sends its files to each, with a text or without`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.data.psql("UPDATE phone_numbers SET segments_per_second = 0")
            try await world.data.psql("UPDATE phone_numbers SET mms = false WHERE number = '\(clinic.number)'")
            let media = [OutboundMediaTests.file(world), OutboundMediaTests.file(world, "map.pdf")]
            let payload = try await world.mutate(
                "sendBulkMessage",
                [
                    "recipients": .array((0..<20).map { ["to": .string(Self.phone($0))] }), "body": "",
                    "mediaUrls": .array(media), "idempotencyKey": "k",
                ], "bulkMessage { id mediaUrls }", as: clinic)
            #expect(payload["bulkMessage"]?["mediaUrls"] == .array(media))
            #expect(try await OutboundMediaTests.asked(world) == 2, "once for all of them")
            #expect(try await eventually { try await world.count("messages", where: "status = 'DELIVERED'") == 20 })
            let created = try await OutboundMediaTests.created(world)
            #expect(created.count == 20)
            #expect(created.allSatisfy { $0["MediaUrl"] == .array(media) && $0["Body"] == nil })
            #expect(created.allSatisfy { $0["From"] == .string(clinic.account.numbers[1].phoneNumber) })
            #expect(try await world.count("messages", where: "segments = 0") == 20)
            #expect(try await world.count("message_media", where: "state = 'LINKED'") == 40)
        }
    }

    @Test func `what is for later takes its files along`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            let at = JSONValue.string(Date(timeIntervalSinceNow: 3_600).formatted(.iso8601))
            let media = [OutboundMediaTests.file(world)]
            let payload = try await OutboundMediaTests.send(
                world, media, ["at": at], as: clinic, mutation: "scheduleMessage")
            #expect(payload["message"]?["media"]?.arrayValue?.first?["url"] == media[0])
            try await world.data.psql("UPDATE messages SET scheduled_at = now()")
            try await world.hurry("message.send")
            #expect(try await eventually { try await world.status() == "DELIVERED" })
            #expect(try await OutboundMediaTests.created(world).map { $0["MediaUrl"] } == [media[0]])
        }
    }

    @Test func `a preview counts no segments and names no price where files go along`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            func preview(_ media: [JSONValue]) async throws -> JSONValue? {
                try await world.ask(
                    """
                    query P($i: MessagePreviewInput!) { messagePreview(input: $i) { segments encoding price { amount }
                      problems { code } } }
                    """,
                    ["i": ["to": .string(OutboundMediaTests.contact), "body": "Hello", "mediaUrls": .array(media)]],
                    as: clinic.caller)["data"]?["messagePreview"]
            }
            let withFile = try await preview([OutboundMediaTests.file(world)])
            #expect(withFile == ["segments": 0, "encoding": "GSM_7", "price": .null, "problems": []])
            let without = try await preview([])
            #expect(without?["segments"] == 1 && without?["price"]?["amount"] != nil)
        }
    }
}
