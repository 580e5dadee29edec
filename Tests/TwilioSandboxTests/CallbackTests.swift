import Testing
import TwilioSandbox

@Suite(.timeLimit(.minutes(1))) struct CallbackTests {
    private func statuses(_ calls: [Receiver.Received]) -> [String] { calls.compactMap { $0.form["MessageStatus"] } }

    @Test func `callbacks are signed, in order, and carry Twilio's parameters`() async throws {
        try await Receiver.with { receiver in
            try await Sandbox.with { sandbox async throws in
                let url = receiver.base + "/hook?x=a%20b"
                let sid = try await sandbox.create(to: "+15005553003", callback: url + "#rc=2&rp=all").json["sid"]
                    .string
                try await sandbox.advance(5)
                let calls = try await receiver.wait(for: 2)
                #expect(statuses(calls) == ["sent", "undelivered"])
                #expect(calls.map { $0.form["ErrorCode"] } == [nil, "30003"])
                for call in calls {
                    #expect(call.target == "/hook?x=a%20b")
                    #expect(call.form["MessageSid"] == sid)
                    #expect(call.form["AccountSid"] == Sandbox.clinic.sid)
                    #expect(!call.idempotencyToken.isEmpty)
                    #expect(
                        call.signature
                            == RequestSigner.signature(token: Sandbox.clinic.authToken, url: url, form: call.form))
                }
                #expect(calls[0].idempotencyToken != calls[1].idempotencyToken)
            }
        }
    }

    @Test func `a callback by hand may be signed wrongly`() async throws {
        try await Receiver.with { receiver in
            try await Sandbox.with { sandbox async throws in
                let sid = try await sandbox.create(callback: receiver.base + "/h").json["sid"].string ?? ""
                for signature in ["right", "wrong"] {
                    let reply = try await sandbox.control(
                        .post, "/callback",
                        #"{"messageSid":"\#(sid)","status":"delivered","signature":"\#(signature)"}"#)
                    #expect(reply.json["status"].int == 200)
                    let call = try #require(receiver.received.last)
                    let right = RequestSigner.signature(
                        token: Sandbox.clinic.authToken, url: receiver.base + "/h", form: call.form)
                    #expect((call.signature == right) == (signature == "right"))
                }
            }
        }
    }

    @Test func `callbacks are doubled, turned round, delayed or left out on request`() async throws {
        func run(_ rule: String?, expecting expected: [String], advance: Int = 5) async throws {
            try await Receiver.with { receiver in
                try await Sandbox.with { sandbox async throws in
                    if let rule { #expect(try await sandbox.control(.post, "/misbehave", rule).status == 201) }
                    _ = try await sandbox.create(callback: receiver.base + "/h")
                    try await sandbox.advance(advance)
                    // A later message's callbacks show that nothing more of the first is on its way.
                    _ = try await sandbox.control(.delete, "/misbehave")
                    let last = try await sandbox.create(to: "+14155550199", callback: receiver.base + "/h")
                    #expect(last.status == 201)
                    try await sandbox.advance(advance)
                    let calls = try await receiver.wait(for: expected.count + 2)
                    #expect(statuses(calls.filter { $0.form["To"] == "+14155550123" }) == expected)
                }
            }
        }
        try await run(nil, expecting: ["sent", "delivered"])
        try await run(#"{"do":"no_callbacks"}"#, expecting: [])
        try await run(#"{"do":"reorder_callbacks"}"#, expecting: ["delivered", "sent"])
        try await run(
            #"{"do":"duplicate_callbacks","copies":2}"#, expecting: ["sent", "sent", "delivered", "delivered"])
        try await run(
            #"{"do":"delay_callbacks","milliseconds":9000,"match":{"status":"sent"}}"#,
            expecting: ["delivered", "sent"],
            advance: 10)
    }

    @Test func `a refused connection is tried once more and noted`() async throws {
        try await Sandbox.with { sandbox async throws in
            // Port 1 is not listened on.
            let sid = try await sandbox.create().json["sid"].string ?? ""
            let reply = try await sandbox.control(
                .post, "/callback", #"{"messageSid":"\#(sid)","status":"sent","url":"http://127.0.0.1:1/h"}"#)
            #expect(reply.json["status"].isNull)
            let noted = try await sandbox.control(.get, "/webhooks").json["webhooks"][0]
            #expect(noted["attempts"].int == 2)
            #expect(noted["error"].string?.hasPrefix("11205") == true, "\(noted["error"])")
            _ = try await sandbox.control(
                .post, "/callback", #"{"messageSid":"\#(sid)","status":"sent","url":"http://127.0.0.1:1/h#rc=0"}"#)
            #expect(try await sandbox.control(.get, "/webhooks").json["webhooks"][1]["attempts"].int == 1)
        }
    }
}
