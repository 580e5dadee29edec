import Testing
import Twilio

@Suite struct TwiMLTests {
    private func text(_ twiml: TwiML) throws -> String {
        String(decoding: try twiml.rendered(), as: UTF8.self)
    }

    private let head = #"<?xml version="1.0" encoding="UTF-8"?>"#

    @Test func `no verbs make an empty response`() throws {
        #expect(try text(TwiML()) == head + "<Response/>")
    }

    @Test func `verbs come in order, with their attributes`() throws {
        var message = TwiML.Message("Hello", media: ["https://x.test/a?b=1&c=2"])
        message.to = "+14155550123"
        message.method = .post
        message.statusCallback = "https://gw.example.test/s"
        let twiml = TwiML([.message(message), .redirect(url: "https://gw.example.test/next", method: .get)])
        #expect(
            try text(twiml) == head
                + #"<Response><Message to="+14155550123" method="POST" statusCallback="https://gw.example.test/s">"#
                + "<Body>Hello</Body><Media>https://x.test/a?b=1&amp;c=2</Media></Message>"
                + #"<Redirect method="GET">https://gw.example.test/next</Redirect></Response>"#)
    }

    @Test func `texts cannot leave their place`() throws {
        var message = TwiML.Message("</Body><Redirect>x</Redirect>&amp;\"'\r\n☕")
        message.action = "\" x=\"<"
        #expect(
            try text(TwiML([.message(message)])) == head
                + "<Response><Message action=\"&quot; x=&quot;&lt;\">"
                + "<Body>&lt;/Body&gt;&lt;Redirect&gt;x&lt;/Redirect&gt;&amp;amp;&quot;&apos;&#13;&#10;☕</Body>"
                + "</Message></Response>")
    }

    @Test(arguments: ["\0", "\u{8}", "\u{FFFE}", "\u{FFFF}"])
    func `what XML cannot write is refused`(text: String) throws {
        #expect(throws: TwiML.Invalid.self) { _ = try TwiML([.message(.init(text))]).rendered() }
    }

    @Test func `64 kB are written, one byte more is refused`() throws {
        let frame = try TwiML([.message(.init("x"))]).rendered().count - 1
        let room = TwiML.largestSize - frame
        #expect(try TwiML([.message(.init(String(repeating: "x", count: room)))]).rendered().count == TwiML.largestSize)
        #expect(throws: TwiML.Invalid.tooLarge(bytes: TwiML.largestSize + 1)) {
            _ = try TwiML([.message(.init(String(repeating: "x", count: room + 1)))]).rendered()
        }
    }
}
