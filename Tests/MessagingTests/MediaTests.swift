import Credentials
import Curl
import Foundation
import GraphQL
import Messaging
import OrderedCollections
import Postgres
import QueryEngine
import TestSupport
import TestWorld
import Testing
import TwilioSandbox

@Suite struct MediaTests {
    static let contact = "+14155550123"

    static func media(of clinic: Clinic, in world: World) async throws -> [JSONValue] {
        let answer = try await world.ask(
            "{ messages { nodes { direction media { id position contentType state size reason } } } }",
            as: clinic.caller)
        let inbound = answer["data"]?["messages"]?["nodes"]?.arrayValue?.filter { $0["direction"] == "INBOUND" } ?? []
        return inbound.flatMap { $0["media"]?.arrayValue ?? [] }
    }

    static func get(_ url: String, in world: World) async throws -> HTTPResponse {
        try await world.transport.send(HTTPRequest(.get, url, reusePool: "reader"))
    }

    static func link(_ id: JSONValue, as clinic: Clinic, in world: World) async throws -> JSONValue {
        try await world.mutate("createMediaLink", ["id": id], "url expiresAt", as: clinic)
    }

    @Test func `what came with a message is fetched, kept once, and read by a signed link alone`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic(0)
            let other = try await world.makeTextingClinic(1)
            try await world.syncWithHooks(clinic)
            try await world.carrier.control(
                "/inbound",
                #"{"from":"\#(Self.contact)","to":"\#(clinic.number)","body":"Look","numMedia":2}"#)
            let isStored = try await eventually {
                try await world.count("message_media", where: "state = 'STORED'") == 2
            }
            #expect(isStored)
            // The same bytes twice are kept once.
            #expect(try await world.count("media_contents") == 1)
            let media = try await Self.media(of: clinic, in: world)
            #expect(media.map { $0["contentType"] } == ["image/png", "image/png"])
            #expect(media.map { $0["position"] } == [0, 1])
            let id = try #require(media.first?["id"])
            let linked = try await Self.link(id, as: clinic, in: world)
            let url = try #require(linked["url"]?.stringValue)
            #expect(url.hasPrefix(world.hooks.publicURL + "/media/"))
            let file = try await Self.get(url, in: world)
            #expect(file.status == 200)
            #expect(file.headers["Content-Type"] == "image/png")
            #expect(file.headers["Content-Security-Policy"] == "default-src 'none'; sandbox")
            #expect(file.headers["X-Content-Type-Options"] == "nosniff")
            #expect(MediaType.fits(file.body, "image/png"))
            #expect(
                try await Self.get(String(url.dropLast()) + (url.hasSuffix("A") ? "B" : "A"), in: world).status == 404)
            #expect(try await Self.get(world.hooks.publicURL + "/media/", in: world).status == 404)
            // Nobody else is given a link, nor told that there is such a file.
            let foreign = try await Self.link(id, as: other, in: world)
            #expect(foreign.refusal == "NOT_FOUND")
            #expect(try await Self.link("med_00000000000040008000000000000000", as: other, in: world) == foreign)
            // Twilio's addresses stand nowhere in what the API says.
            let everything = try await world.ask(
                "{ messages { nodes { body media { id contentType state } } } }", as: clinic.caller)
            #expect(!String(decoding: everything.bytes, as: UTF8.self).contains("twilio"))
        }
    }

    @Test func `a link ends, and none can be made to last longer or to lead elsewhere`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let links = world.links
            let now = Date(timeIntervalSince1970: 1_800_000_000)
            let subject = MediaLinks.Subject(organization: OrganizationID(UUID()), media: UUID())
            let token = links.token(for: subject, expiresAt: now.addingTimeInterval(300))
            #expect(links.subject(of: token, at: now) == subject)
            #expect(links.subject(of: token, at: now.addingTimeInterval(299)) == subject)
            #expect(links.subject(of: token, at: now.addingTimeInterval(300)) == nil)
            let characters = Array(token)
            for index in characters.indices {
                var forged = characters
                forged[index] = forged[index] == "A" ? "B" : "A"
                #expect(links.subject(of: String(forged), at: now) == nil, "character \(index)")
            }
            for text in [
                "", "x", token + "A", String(token.dropLast()), String(repeating: "A", count: 96), token + "=",
            ] {
                #expect(links.subject(of: text, at: now) == nil)
            }
        }
    }

    @Test func `a webhook's addresses are not believed: only SIDs count, and unknown types are not fetched`()
        async throws
    {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            let sid = "ME" + String(repeating: "a", count: 32)
            let webhook = SignedWebhook(
                world.hooks.inbound(try await world.hook(of: clinic)),
                [
                    ("AccountSid", clinic.account.sid), ("MessageSid", "MM" + String(repeating: "1", count: 32)),
                    ("From", Self.contact), ("To", clinic.number), ("Body", ""), ("NumMedia", "4"),
                    ("MediaUrl0", "http://169.254.169.254/latest/meta-data"), ("MediaContentType0", "image/png"),
                    ("MediaUrl1", "http://127.0.0.1:1/\(sid)"), ("MediaContentType1", "image/png"),
                    ("MediaUrl2", "https://api.twilio.com/x/\(sid)"), ("MediaContentType2", "text/html"),
                    ("MediaUrl3", "https://api.twilio.com/../\(sid)/.."), ("MediaContentType3", "image/png"),
                ], token: clinic.account.authToken)
            #expect(try await webhook.post(in: world) == 204)
            let isSettled = try await eventually {
                try await world.count("message_media", where: "state = 'REFUSED'") == 4
            }
            #expect(isSettled)
            let media = try await Self.media(of: clinic, in: world)
            #expect(
                media.map { $0["reason"]?.stringValue ?? "" } == [
                    "Twilio named no file here.", "Twilio does not have it any more.",
                    "It is of a type that is not kept; Twilio's console may show it.", "Twilio named no file here.",
                ])
            let id = try #require(media.first?["id"])
            #expect(try await Self.link(id, as: clinic, in: world).refusal == "NOT_KEPT")
        }
    }
}
