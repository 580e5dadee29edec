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

    @Test func `4,000 characters go inline, one more is refused`() throws {
        let frame = try TwiML([.say(.init("x"))]).inline().count - 1
        let room = TwiML.longestInline - frame
        #expect(try TwiML([.say(.init(String(repeating: "x", count: room)))]).inline().count == 4000)
        #expect(throws: TwiML.Invalid.tooLongInline(characters: 4001)) {
            _ = try TwiML([.say(.init(String(repeating: "x", count: room + 1)))]).inline()
        }
        #expect(throws: TwiML.Invalid.self) {
            _ = try TwiML([.say(.init(String(repeating: "&", count: room / 4)))]).inline()
        }
    }

    static let verbs: [(verb: TwiML.Verb, xml: String)] = [
        (.say(with(.init("Hi")) { $0.voice = "alice" }), #"<Say voice="alice">Hi</Say>"#),
        (.say(with(.init("Hi")) { $0.loop = 0 }), #"<Say loop="0">Hi</Say>"#),
        (.play(.init(url: "/a.mp3")), "<Play>/a.mp3</Play>"), (.play(.init(digits: "1w2")), #"<Play digits="1w2"/>"#),
        (.pause(), "<Pause/>"), (.pause(seconds: 3), #"<Pause length="3"/>"#), (.leave, "<Leave/>"),
        (.hangup, "<Hangup/>"), (.reject(), "<Reject/>"), (.reject(.busy), #"<Reject reason="busy"/>"#),
        (
            .gather(
                with(.init([.say(.init("Press 1")), .pause(seconds: 1), .play(.init(url: "/b"))])) {
                    $0.input = ["dtmf", "speech"]
                    $0.action = "/g"
                    $0.method = .get
                    $0.timeout = 5
                    $0.speechTimeout = "auto"
                    $0.finishOnKey = ""
                    $0.numDigits = 1
                    $0.bargeIn = false
                    $0.actionOnEmptyResult = true
                }),
            #"<Gather input="dtmf speech" action="/g" method="GET" timeout="5" speechTimeout="auto" finishOnKey="" "#
                + #"numDigits="1" bargeIn="false" actionOnEmptyResult="true"><Say>Press 1</Say><Pause length="1"/>"#
                + "<Play>/b</Play></Gather>"
        ),
        (
            .record(
                with(.init()) {
                    $0.maxLength = 60
                    $0.playBeep = true
                    $0.callback = with(.init("/r")) { $0.events = ["completed", "absent"] }
                    $0.transcribe = true
                }),
            #"<Record maxLength="60" playBeep="true" recordingStatusCallback="/r" "#
                + #"recordingStatusCallbackEvent="completed absent" transcribe="true"/>"#
        ),
        (
            .enqueue(with(.init("Front desk")) { $0.waitUrl = "/w" }),
            #"<Enqueue waitUrl="/w">Front desk</Enqueue>"#
        ),
        (
            .dial(
                with(
                    .init(
                        .parties([
                            with(.init(.number("+14155550123"))) {
                                $0.sendDigits = "12"
                                $0.callback = .init("/s", events: ["initiated", "answered"])
                            }, .init(.client("anna")),
                            .init(.sip(uri: "sip:a@b.test", username: "u", password: "p")),
                        ]))
                ) {
                    $0.callerId = "+14155550100"
                    $0.timeout = 20
                    $0.answerOnBridge = true
                    $0.record = "record-from-answer-dual"
                }),
            #"<Dial timeout="20" callerId="+14155550100" record="record-from-answer-dual" answerOnBridge="true">"#
                + #"<Number sendDigits="12" statusCallback="/s" statusCallbackEvent="initiated answered">+14155550123"#
                + #"</Number><Client>anna</Client><Sip username="u" password="p">sip:a@b.test</Sip></Dial>"#
        ),
        (.dial(.init(number: "+14155550123")), "<Dial><Number>+14155550123</Number></Dial>"),
        (
            .dial(.init(.queue(with(.init("Front desk")) { $0.url = "/q" }))),
            #"<Dial><Queue url="/q">Front desk</Queue></Dial>"#
        ),
        (
            .dial(
                .init(
                    .conference(
                        with(.init("Room")) {
                            $0.muted = true
                            $0.beep = "onEnter"
                            $0.startConferenceOnEnter = false
                            $0.maxParticipants = 3
                            $0.coach = .sample
                            $0.callback = .init("/c", events: ["join"])
                            $0.participantLabel = "x"
                        }))),
            #"<Dial><Conference muted="true" beep="onEnter" startConferenceOnEnter="false" maxParticipants="3" "#
                + #"coach="CAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" statusCallback="/c" statusCallbackEvent="join" "#
                + #"participantLabel="x">Room</Conference></Dial>"#
        ),
    ]

    @Test(arguments: verbs) func `each verb is written as Twilio reads it`(verb: TwiML.Verb, xml: String) throws {
        #expect(try text(TwiML([verb])) == head + "<Response>\(xml)</Response>")
    }
}
