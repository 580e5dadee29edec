import GraphQL
import OrderedCollections
import TestSupport
import TestWorld
import Testing
import TwilioSandbox

/// A message with files goes out once, whatever happens, and with all of them.
@Suite struct MediaDeliveryTests {
    static func send(
        _ world: World, _ more: OrderedDictionary<String, JSONValue> = [:], as clinic: Clinic
    ) async throws -> JSONValue {
        let file = JSONValue.string("\(world.carrier.url)/_files/x-ray.png")
        let input: OrderedDictionary<String, JSONValue> = ["to": "+14155550123", "mediaUrls": [file]]
        return try await world.mutate(
            "sendMessage", .object(input.merging(more) { $1 }), "message { id }", as: clinic)
    }

    @Test func `the same key and files, ten times at once, is one message and one POST`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            let ids = try await withThrowingTaskGroup(of: JSONValue?.self) { group in
                for _ in 0..<10 {
                    group.addTask {
                        try await Self.send(world, ["idempotencyKey": "one"], as: clinic)["message"]?["id"]
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(ids.count == 10 && Set(ids).count == 1)
            #expect(try await eventually { try await world.status() == "DELIVERED" })
            #expect(try await world.carrier.posts() == 1)
            #expect(try await world.count("message_media") == 1)
        }
    }

    @Test func `files alone that are in doubt are found at Twilio, and do not go out again`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.carrier.misbehave(DoubtTests.silence)
            try await world.carrier.misbehave(DoubtTests.dropAfter)
            _ = try await Self.send(world, as: clinic)
            #expect(try await eventually { try await world.status() == "IN_DOUBT" })
            try await world.hurry("message.settle_doubt")
            #expect(try await eventually { try await world.status() == "DELIVERED" })
            #expect(try await world.carrier.posts() == 1)
        }
    }

    @Test func `what Twilio was too busy for goes out with its files later`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.carrier.misbehave(
                #"{"do":"status","status":429,"code":20429,"times":1,"match":{"method":"POST","path":"/Messages"}}"#)
            _ = try await Self.send(world, as: clinic)
            #expect(
                try await eventually {
                    try await world.hurry("message.send")
                    return try await world.status() == "DELIVERED"
                })
            let requests = try await world.carrier.control("/requests?method=POST&path=/Messages")["requests"]
            let files = requests?.arrayValue?.map { $0["parameters"]?["MediaUrl"] } ?? []
            #expect(files == [.string("\(world.carrier.url)/_files/x-ray.png"), files.first ?? nil])
        }
    }

    @Test func `a one-time code that is sent once more takes its files along`() async throws {
        try await withWorld { world in
            let file = JSONValue.string("\(world.carrier.url)/_files/code.png")
            let clinic = try await ResendTests.lose(world, isCode: true, policy: ResendTests.policy, media: [file])
            #expect(
                try await eventually {
                    try await world.count("messages", where: "resend_of IS NOT NULL AND status = 'DELIVERED'") == 1
                })
            let answer = try await world.ask("{ messages { nodes { media { url } } } }", as: clinic.caller)
            let nodes = answer["data"]?["messages"]?["nodes"]?.arrayValue ?? []
            #expect(nodes.map { $0["media"] } == [[["url": file]], [["url": file]]])
            let requests = try await world.carrier.control("/requests?method=POST&path=/Messages")["requests"]
            #expect(requests?.arrayValue?.last?["parameters"]?["MediaUrl"] == file)
        }
    }
}
