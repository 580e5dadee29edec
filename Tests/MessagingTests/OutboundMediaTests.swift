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

/// Files that go out with messages. They lie at the sandbox, whose base is the one place that may keep them here.
@Suite struct OutboundMediaTests {
    static let contact = "+14155550123"

    /// A file that says of itself what the query asks for.
    static func file(_ world: World, _ name: String = "x-ray.png", _ query: String = "") -> JSONValue {
        .string("\(world.carrier.url)/_files/\(name)" + (query.isEmpty ? "" : "?\(query)"))
    }

    static func send(
        _ world: World, _ media: [JSONValue], _ more: OrderedDictionary<String, JSONValue> = [:], as clinic: Clinic,
        mutation: String = "sendMessage"
    ) async throws -> JSONValue {
        let input: OrderedDictionary<String, JSONValue> = ["to": .string(contact), "mediaUrls": .array(media)]
        return try await world.mutate(
            mutation, .object(input.merging(more) { $1 }),
            "message { id from body segments media { id position state url contentType size } }", as: clinic)
    }

    static func error(_ payload: JSONValue) -> JSONValue? { payload["userErrors"]?.arrayValue?.first }

    /// What the carrier was asked to send, oldest first.
    static func created(_ world: World) async throws -> [JSONValue] {
        let requests = try await world.carrier.control("/requests?method=POST&path=/Messages")["requests"]
        return requests?.arrayValue?.compactMap { $0["parameters"] } ?? []
    }

    /// How often servers were asked about files.
    static func asked(_ world: World) async throws -> Int64? {
        try await world.carrier.control("/requests?path=/_files")["count"]?.intValue
    }

    @Test func `files go out with the text or without, and stand with the message as what they are`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            let (picture, card) = (Self.file(world), Self.file(world, "clinic.vcf", "v=%C3%A9"))
            let both = try await Self.send(world, [picture, card], ["body": "Your X-ray"], as: clinic)
            #expect(both.refusal == nil)
            #expect(both["message"]?["segments"] == 0)
            let media = both["message"]?["media"]?.arrayValue ?? []
            #expect(media.map { $0["url"] } == [picture, card])
            #expect(media.map { $0["position"] } == [0, 1])
            #expect(media.map { $0["state"] } == ["LINKED", "LINKED"])
            #expect(media.map { $0["size"] } == [.null, .null])
            #expect(try await eventually { try await world.status() == "DELIVERED" })
            let alone = try await Self.send(world, [picture], as: clinic)
            #expect(alone["message"]?["body"] == "")
            #expect(try await eventually { try await world.count("messages", where: "status = 'DELIVERED'") == 2 })
            // A text goes out as before.
            let text = try await world.send("Hello", as: clinic)
            #expect(text.refusal == nil)
            #expect(try await eventually { try await world.count("messages", where: "status = 'DELIVERED'") == 3 })
            let created = try await Self.created(world)
            #expect(created.map { $0["MediaUrl"] } == [[picture, card], picture, nil])
            #expect(created.map { $0["Body"] } == ["Your X-ray", nil, "Hello"])
            #expect(try await world.count("messages", where: "twilio_sid LIKE 'MM%'") == 2)
            let link = try await MediaTests.link(media.first?["id"] ?? .null, as: clinic, in: world)
            #expect(link.refusal == "NOT_KEPT")
            #expect(link.refusalMessage?.contains("`url`") == true)
        }
    }

    struct Refused: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let media: [String]
        let code: String
        let field: JSONValue
        let remedy: String
    }

    /// `BASE` is the sandbox, where files may be.
    @Test(arguments: [
        Refused(
            testDescription: "no URL", media: ["x-ray.png"], code: "INVALID_MEDIA_URL", field: ["mediaUrls", "0"],
            remedy: "absolute URL"),
        Refused(
            testDescription: "the second one", media: ["BASE/_files/a.png", "https://"], code: "INVALID_MEDIA_URL",
            field: ["mediaUrls", "1"], remedy: "absolute URL"),
        Refused(
            testDescription: "not HTTPS", media: ["http://files.example.com/a.png"], code: "INVALID_MEDIA_URL",
            field: ["mediaUrls", "0"], remedy: "https://"),
        Refused(
            testDescription: "with a password", media: ["https://ann:secret@files.example.com/a.png"],
            code: "INVALID_MEDIA_URL", field: ["mediaUrls", "0"], remedy: "without user and password"),
        Refused(
            testDescription: "this machine", media: ["https://127.0.0.1/a.png"], code: "INVALID_MEDIA_URL",
            field: ["mediaUrls", "0"], remedy: "public internet"),
        Refused(
            testDescription: "a cloud's metadata", media: ["https://169.254.169.254/latest/meta-data"],
            code: "INVALID_MEDIA_URL", field: ["mediaUrls", "0"], remedy: "public internet"),
        Refused(
            testDescription: "leads to this machine", media: ["BASE/_files/a.png?to=https%3A%2F%2F127.0.0.1%2Fa"],
            code: "INVALID_MEDIA_URL", field: ["mediaUrls", "0"], remedy: "public internet"),
        Refused(
            testDescription: "too long", media: ["https://files.example.com/" + String(repeating: "a", count: 2_048)],
            code: "INVALID_MEDIA_URL", field: ["mediaUrls", "0"], remedy: "2,048"),
        Refused(
            testDescription: "eleven", media: (0..<11).map { "BASE/_files/\($0).png" }, code: "TOO_MANY_MEDIA",
            field: ["mediaUrls"], remedy: "at most 10"),
        Refused(
            testDescription: "a byte too large", media: ["BASE/_files/a.png", "BASE/_files/b.png?size=5242881"],
            code: "MEDIA_TOO_LARGE", field: ["mediaUrls", "1"], remedy: "at most 5 MB (5,242,880 bytes)"),
        Refused(
            testDescription: "too large together",
            media: ["BASE/_files/a.png?size=3000000", "BASE/_files/b.png?size=3000000"], code: "MEDIA_TOO_LARGE",
            field: ["mediaUrls"], remedy: "several messages"),
        Refused(
            testDescription: "a page", media: ["BASE/_files/a?type=text%2Fhtml%3B%20charset%3Dutf-8"],
            code: "MEDIA_TYPE_NOT_SUPPORTED", field: ["mediaUrls", "0"], remedy: "text/html"),
    ])
    func `what cannot be sent is refused with code, field and remedy`(_ refused: Refused) async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            let media = refused.media.map { JSONValue.string($0.replacing("BASE", with: world.carrier.url)) }
            let recipients: JSONValue = [["to": .string(Self.contact)]]
            let at = JSONValue.string(Date(timeIntervalSinceNow: 3_600).formatted(.iso8601))
            let payloads = [
                try await Self.send(world, media, as: clinic),
                try await Self.send(world, media, ["at": at], as: clinic, mutation: "scheduleMessage"),
                try await world.mutate(
                    "sendBulkMessage", ["recipients": recipients, "mediaUrls": .array(media)], "bulkMessage { id }",
                    as: clinic),
            ]
            for payload in payloads {
                #expect(payload.refusal == refused.code)
                #expect(Self.error(payload)?["field"] == refused.field)
                #expect(payload.refusalMessage?.contains(refused.remedy) == true)
                #expect(payload.refusalMessage?.contains("secret") == false)
            }
            let preview = try await world.ask(
                "query P($i: MessagePreviewInput!) { messagePreview(input: $i) { problems { code field } } }",
                ["i": ["mediaUrls": .array(media)]], as: clinic.caller)
            #expect(
                preview["data"]?["messagePreview"]?["problems"]
                    == [["code": .string(refused.code), "field": refused.field]])
            #expect(try await world.count("messages") == 0)
            #expect(try await world.count("bulk_messages") == 0)
        }
    }

    /// The control of what is refused above, and who does not say has the benefit of the doubt.
    @Test(arguments: [
        "size=5242880", "type=application%2Foctet-stream", "type=image%2FPNG%3Bq%3D1", "type=application%2Fpdf",
        "type=text%2Fcsv", "status=403", "status=404", "status=405", "status=500", "to=%2F_files%2Fb.png",
    ])
    func `what may be sent is taken`(query: String) async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            let payload = try await Self.send(world, [Self.file(world, "a.png", query)], as: clinic)
            #expect(payload["userErrors"] == [])
            #expect(try await world.count("message_media", where: "state = 'LINKED'") == 1)
        }
    }

    @Test func `ten files are taken, and an empty list is none`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            let ten = (0..<10).map { Self.file(world, "\($0).png") }
            #expect(try await Self.send(world, ten, as: clinic)["message"]?["media"]?.arrayValue?.count == 10)
            let none = try await Self.send(world, [], as: clinic)
            #expect(none.refusal == "INVALID_BODY")
            #expect(try await Self.send(world, [], ["body": "Hello"], as: clinic)["message"]?["segments"] == 1)
        }
    }

    @Test func `what Twilio makes of a file shows on the message, with what to do`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.carrier.misbehave(
                #"{"do":"status","status":400,"code":21620,"times":1,"match":{"method":"POST","path":"/Messages"}}"#)
            _ = try await Self.send(world, [Self.file(world, "a.png", "status=403")], as: clinic)
            #expect(try await eventually { try await world.status() == "FAILED" })
            let refused = try await world.value("SELECT error_code, error_message FROM messages")
            #expect(refused == "21620|Correct the address of the attached media: Twilio cannot use it.")
            try await world.carrier.misbehave(#"{"do":"outcome","outcome":"undelivered","errorCode":30019}"#)
            _ = try await Self.send(
                world, [Self.file(world, "b.pdf", "status=405")], ["to": "+14155550124"], as: clinic)
            #expect(try await eventually { try await world.status(to: "+14155550124") == "UNDELIVERED" })
            let told = try await world.value("SELECT error_message FROM messages WHERE error_code = 30019")
            #expect(told.contains("Send smaller files"))
        }
    }

    @Test func `a retry with the same key asks nobody again, and other files are other input`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            let media = [Self.file(world), Self.file(world, "b.png")]
            let first = try await Self.send(world, media, ["idempotencyKey": "k"], as: clinic)
            let message = try #require(first["message"]?["id"])
            #expect(try await Self.asked(world) == 2)
            let again = try await Self.send(world, media, ["idempotencyKey": "k"], as: clinic)
            #expect(again["message"]?["id"] == message)
            #expect(try await Self.asked(world) == 2)
            for other in [[media[0]], [media[1], media[0]], []] {
                let refused = try await Self.send(
                    world, other, ["idempotencyKey": "k", "body": other.isEmpty ? "Hello" : .null], as: clinic)
                #expect(refused.refusal == "IDEMPOTENCY_KEY_REUSED")
            }
            // The control: without the key somebody is asked, and it is another message.
            let new = try await Self.send(world, media, as: clinic)
            #expect(new["message"]?["id"] != message)
            #expect(try await Self.asked(world) == 4)
            #expect(try await eventually { try await world.count("messages", where: "status = 'DELIVERED'") == 2 })
            #expect(try await world.carrier.posts() == 2)
        }
    }

    @Test func `a server that is slow holds no transaction up, and a text waits for nobody's server`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            let slow = Self.file(world, "slow.png", "milliseconds=1500")
            async let sent = Self.send(world, [slow], ["idempotencyKey": "k"], as: clinic)
            #expect(try await eventually { try await Self.asked(world) == 1 })
            let open = try await world.value(
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND state LIKE 'idle in transaction%'
                """)
            #expect(open == "0")
            // Nothing is held of what others need, the same key neither.
            #expect(try await world.send("Hello", key: "k", as: clinic).refusal == nil)
            #expect(try await sent.refusal == "IDEMPOTENCY_KEY_REUSED")
            #expect(try await Self.asked(world) == 1)
        }
    }

    // MARK: What stays

    @Test func `redaction takes the addresses away here, and the files at Twilio`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            let media = [Self.file(world, "secret.png"), Self.file(world, "secret.pdf")]
            _ = try await Self.send(world, media, ["body": "Look"], as: clinic)
            let bulk = try await world.mutate(
                "sendBulkMessage",
                ["recipients": [["to": "+14155550124"]], "mediaUrls": .array(media)], "bulkMessage { id }", as: clinic)
            #expect(bulk.refusal == nil)
            let isDone = try await eventually {
                let delivered = try await world.count("messages", where: "status = 'DELIVERED'")
                let finished = try await world.count("bulk_messages", where: "finished_at IS NOT NULL")
                return delivered == 2 && finished == 1
            }
            #expect(isDone)
            // The control: before that, they stand where they do.
            let here =
                "SELECT (SELECT count(*) FROM message_media WHERE url LIKE '%secret%'), (SELECT count(*) FROM bulk_messages WHERE media_urls::text LIKE '%secret%')"
            #expect(try await world.value(here) == "4|1")
            #expect(try await Self.filesAtCarrier(world, clinic) == 4)
            try await world.data.psql(
                """
                UPDATE messages SET created_at = created_at - interval '40 days';
                UPDATE bulk_messages SET created_at = created_at - interval '40 days'
                """)
            _ = try await RetentionTests.keep(days: 30, as: clinic, in: world)
            let isRedacted = try await eventually {
                try await world.hurry("message.redact")
                return try await world.count("messages", where: "carrier_redaction = 'DONE'") == 2
            }
            #expect(isRedacted)
            #expect(try await world.value(here) == "0|0")
            #expect(try await Self.filesAtCarrier(world, clinic) == 0)
            let answer = try await world.ask(
                "{ messages { nodes { media { state url reason } } } bulkMessages { nodes { mediaUrls } } }",
                as: clinic.caller)
            let text = String(decoding: answer.bytes, as: UTF8.self)
            #expect(!text.contains("secret") && text.contains("It was redacted."))
        }
    }

    /// How many files the carrier keeps of all messages of a clinic.
    static func filesAtCarrier(_ world: World, _ clinic: Clinic) async throws -> Int {
        let lease = try await world.credentials.lease(
            clinic.organization, credential: try await world.credential(of: clinic), purpose: .redact)
        var count = 0
        let sids = try await world.value("SELECT twilio_sid FROM messages").split(separator: "\n")
        for sid in sids {
            guard let sid = MessageSid(String(sid)) else { continue }
            for try await _ in lease.client.messages.media(of: sid).list() { count += 1 }
        }
        return count
    }

    @Test func `another organization sees neither the files nor whether there are any`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic(0)
            let other = try await world.makeTextingClinic(1)
            let sent = try await Self.send(world, [Self.file(world, "secret.png")], as: clinic)
            let id = try #require(sent["message"]?["media"]?.arrayValue?.first?["id"])
            let node = "query N($id: ID!) { node(id: $id) { ... on MessageMedia { url } } }"
            // The control: its own organization sees it.
            let own = try await world.ask(node, ["id": id], as: clinic.caller)
            #expect(own["data"]?["node"]?["url"] == Self.file(world, "secret.png"))
            let foreign = try await world.ask(node, ["id": id], as: other.caller)
            #expect(foreign["data"] == ["node": .null])
            #expect(
                try await world.ask(node, ["id": "med_00000000000040008000000000000000"], as: other.caller) == foreign)
            let listed = try await world.ask(
                "{ messages { nodes { media { url } } } bulkMessages { nodes { mediaUrls } } }", as: other.caller)
            #expect(!String(decoding: listed.bytes, as: UTF8.self).contains("secret"))
            #expect(try await MediaTests.link(id, as: other, in: world).refusal == "NOT_FOUND")
        }
    }

    @Test func `no address of a file is in the log`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            _ = try await Self.send(world, [Self.file(world, "secret.png")], as: clinic)
            _ = try await Self.send(world, [Self.file(world, "secret.png", "size=9000000")], as: clinic)
            #expect(try await eventually { try await world.status() == "DELIVERED" })
            #expect(!world.log.all.contains { $0.contains("secret.png") })
        }
    }
}
