import Curl
import TestServer
import Testing
import Twilio

/// The styles of paging besides the 2010 API's, which `PagingTests` has.
@Suite struct PagingStyleTests {
    private static func services(_ next: String?) -> String {
        let next = next.map { "\"\($0)\"" } ?? "null"
        return """
            {"services": [{"sid": "\(MessagingServiceSid.sample)", "account_sid": "\(Fixture.accountText)"}], \
            "meta": {"page": 0, "page_size": 1, "key": "services", "next_page_url": \(next)}}
            """
    }

    private static func answering(_ answers: [String]) -> RawServer.Script {
        { connection in
            for answer in answers {
                guard connection.readRequest() != nil else { return }
                connection.answer(200, answer)
            }
        }
    }

    /// Twilio names its own host, which may be another region's: ours is asked, with the query of the link.
    @Test func `a list of a newer product runs over all pages, always at our own host`() async throws {
        let script = Self.answering([
            Self.services("https://messaging.twilio.com/v1/Services?PageSize=1&Page=1&PageToken=PA1"),
            Self.services(nil),
        ])
        try await withTwilio(script) { client, server in
            var count = 0
            for try await _ in client.messagingServices.list(pageSize: 1) { count += 1 }
            #expect(count == 2)
            #expect(
                server.received.map(\.target) == [
                    "/v1/Services?PageSize=1", "/v1/Services?PageSize=1&Page=1&PageToken=PA1",
                ])
        }
    }

    @Test(arguments: [
        "https://messaging.twilio.com/v1/Services/MG/PhoneNumbers?Page=1", "https://evil.test",
        "//evil.test/v1/Services",
        "https://evil.test/v2/Services", "https://evil.test/v1/Services/../Services?Page=1", "v1/Services",
    ])
    func `a next page of something else is not followed`(link: String) async throws {
        try await withTwilio(Self.answering([Self.services(link)])) { client, server in
            await #expect(throws: TwilioCallError.malformedAnswer("the next page is not of this list")) {
                for try await _ in client.messagingServices.list() {}
            }
            #expect(server.received.count == 1)
        }
    }

    @Test func `porting orders are paged by tokens, and keep their filters`() async throws {
        func page(_ token: String?) -> String {
            let token = token.map { "\"\($0)\"" } ?? "null"
            return """
                {"port_in_requests": [{"port_in_request_sid": "\(PortInSid.sample)"}], \
                "meta": {"next_token": \(token), "previous_token": null}}
                """
        }
        try await withTwilio(Self.answering([page("KW1"), page("KW2"), page(nil)])) { client, server in
            var count = 0
            for try await _ in client.porting.list(with(.init()) { $0.portInRequestStatus = "Completed" }, size: 1) {
                count += 1
            }
            #expect(count == 3)
            let path = "/v1/Porting/PortIn/PortInRequests?PortInRequestStatus=Completed&Size=1"
            #expect(server.received.map(\.target) == [path, "\(path)&Token=KW1", "\(path)&Token=KW2"])
        }
    }

    @Test func `an empty list is empty, in both styles`() async throws {
        let empty = #"{"calls": [], "next_page_uri": null, "end": 0}"#
        try await withTwilio(Self.answering([empty, #"{"services": [], "meta": {"next_page_url": null}}"#])) {
            client, _ in
            for try await _ in client.calls.list() { Issue.record("there is none") }
            for try await _ in client.messagingServices.list() { Issue.record("there is none") }
        }
    }

    @Test func `a label or a number cannot leave its place in a path`() {
        #expect(["", ".", "..", "..."].allSatisfy { PathSegment($0) == nil })
        #expect(PathSegment("../Calls?x#y") != nil)
    }

    @Test func `what is written in a path is escaped`() async throws {
        try await withTwilio(Self.answering(["{}"])) { client, server in
            _ = try? await client.lookups.fetch(try segment("../x?y#z%2F+1é"))
            #expect(server.received.first?.target == "/v2/PhoneNumbers/..%2Fx%3Fy%23z%252F+1%C3%A9")
        }
    }

    @Test func `sounds and media are read while they come, by their own ending`() async throws {
        try await withTwilio(Self.answering(["sound", "picture"])) { client, server in
            for stream in [
                try await client.recordings.sound(.sample, .mp3),
                try await client.messages.media(of: .sample).content(.sample),
            ] {
                var bytes: [UInt8] = []
                for try await chunk in stream.chunks { bytes += chunk }
                #expect(["sound", "picture"].contains(String(decoding: bytes, as: UTF8.self)))
            }
            #expect(server.received[0].target.hasSuffix("/Recordings/\(RecordingSid.sample).mp3"))
            #expect(server.received[1].target.hasSuffix("/Messages/\(MessageSid.sample)/Media/\(MediaSid.sample)"))
        }
    }
}
