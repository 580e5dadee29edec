import Testing
import TwilioSandbox

@Suite(.timeLimit(.minutes(1))) struct InboundTests {
    /// The clinic with its first number's webhook at the receiver.
    private func withWebhook(_ body: (Sandbox, Receiver) async throws -> Void) async throws {
        try await Receiver.with { receiver in
            var account = Sandbox.clinic
            account.numbers[0].smsURL = receiver.base + "/sms"
            try await Sandbox.with(accounts: [account, Sandbox.firm]) { try await body($0, receiver) }
        }
    }

    private func text(_ sandbox: Sandbox, _ body: String) async throws -> Value {
        try await sandbox.control(
            .post, "/inbound", #"{"from":"+14155550123","to":"+12125550100","body":"\#(body)"}"#
        ).json
    }

    private func code(_ sandbox: Sandbox) async throws -> Int? { try await sandbox.create().code }

    @Test func `an inbound message reaches the number's webhook, signed and whole`() async throws {
        try await withWebhook { sandbox, receiver in
            receiver.answer(204)
            let report = try await text(sandbox, "Café ☕")
            #expect(report["webhook"]["status"].int == 204)
            #expect(report["webhook"]["error"].isNull)
            let call = try #require(receiver.received.first)
            #expect(call.form["Body"] == "Café ☕")
            #expect(call.form["SmsStatus"] == "received")
            #expect(call.form["FromCity"] == "SAN FRANCISCO")
            #expect(call.form["NumMedia"] == "0")
            #expect(call.form["SmsMessageSid"] == report["messageSid"].string)
            #expect(
                call.signature
                    == RequestSigner.signature(
                        token: Sandbox.clinic.authToken, url: receiver.base + "/sms", form: call.form))
            let kept = try await sandbox.api(.get, "/Messages/\(report["messageSid"].string ?? "").json").json
            #expect(kept["direction"].string == "inbound")
            #expect(kept["status"].string == "received")
        }
    }

    @Test func `TwiML replies are sent, escapes and redirects included`() async throws {
        try await withWebhook { sandbox, receiver in
            receiver.answer(
                200, "text/xml; charset=utf-8",
                #"<?xml version="1.0"?><Response><Message>Tom &amp; <![CDATA[<Ann>]]> &#x2615;</Message>"#
                    + #"<Message to="+14155550124"><Body>Other</Body></Message></Response>"#)
            let report = try await text(sandbox, "Hello")
            #expect(report["replies"].array.count == 2)
            let first = try await sandbox.api(.get, "/Messages/\(report["replies"][0].string ?? "").json").json
            #expect(first["body"].string == "Tom & <Ann> ☕")
            #expect(first["direction"].string == "outbound-reply")
            #expect(first["to"].string == "+14155550123")
            let second = try await sandbox.api(.get, "/Messages/\(report["replies"][1].string ?? "").json").json
            #expect(second["to"].string == "+14155550124")
        }
    }

    @Test(arguments: [
        ("text/xml", "<Response><Message>x</Response>", "12100"), ("text/xml", "<Reply/>", "12100"),
        ("text/xml", "<!DOCTYPE x><Response/>", "12100"), ("image/png", "x", "12300"),
        ("text/xml", "<Response><Message>&nbsp;</Message></Response>", "12100"),
    ])
    func `an answer that is no TwiML is an error`(_ type: String, _ body: String, _ code: String) async throws {
        try await withWebhook { sandbox, receiver in
            receiver.answer(200, type, body)
            let report = try await text(sandbox, "Hello")
            #expect(report["webhook"]["error"].string?.hasPrefix(code) == true)
            #expect(report["replies"].array.isEmpty)
        }
    }

    @Test func `STOP blocks the pair until START, answers by itself and still reaches the webhook`() async throws {
        try await withWebhook { sandbox, receiver in
            receiver.answer(204)
            #expect(try await code(sandbox) == nil)
            let stopped = try await text(sandbox, " stop ")
            #expect(stopped["carrierReply"].string != nil)
            #expect(receiver.received.count == 1)
            #expect(try await code(sandbox) == 21610)
            #expect(try await sandbox.create(to: "+14155550124").status == 201)
            receiver.answer(200, "text/xml", "<Response><Message>But wait</Message></Response>")
            #expect(try await text(sandbox, "and now?")["refusedReplies"] == .array([.number(21610)]))
            receiver.answer(204)
            #expect(try await text(sandbox, "please start")["carrierReply"].isNull)
            #expect(try await code(sandbox) == 21610)
            _ = try await text(sandbox, "START")
            #expect(try await code(sandbox) == nil)
        }
    }

    @Test func `the fallback URL is called when the webhook fails`() async throws {
        try await withWebhook { sandbox, receiver in
            let list = try await sandbox.api(.get, "/IncomingPhoneNumbers.json").json
            let sid = list["incoming_phone_numbers"][0]["sid"].string ?? ""
            _ = try await sandbox.api(
                .post, "/IncomingPhoneNumbers/\(sid).json", form: [("SmsFallbackUrl", receiver.base + "/fallback")])
            receiver.answer(500)
            let report = try await text(sandbox, "Hello")
            #expect(receiver.received.map(\.target) == ["/sms", "/fallback"])
            #expect(receiver.received.last?.form["ErrorCode"] == "11200")
            #expect(report["webhook"]["status"].int == 500)
        }
    }

    @Test func `a number that nobody owns is told so`() async throws {
        try await Sandbox.with { sandbox async throws in
            let reply = try await sandbox.control(
                .post, "/inbound", #"{"from":"+14155550123","to":"+12125550177","body":"x"}"#)
            #expect(reply.status == 400)
            #expect(reply.json["error"].string == "no account owns '+12125550177'")
        }
    }
}
