import Foundation
import Testing
import TwilioSandbox

/// What an account's configuration adds to the API: applications and content templates.
@Suite(.timeLimit(.minutes(1))) struct ApplicationTests {
    private static let application = "AP" + String(repeating: "1", count: 32)
    private static let template = "HX" + String(repeating: "1", count: 32)

    private func account(_ receiver: Receiver) -> SandboxAccount {
        var account = Sandbox.clinic
        account.applications = [
            SandboxApplication(
                sid: Self.application, smsURL: receiver.base + "/sms", messageStatusCallback: receiver.base + "/status",
                voiceURL: receiver.base + "/voice", statusCallback: receiver.base + "/call")
        ]
        account.templates = [
            SandboxTemplate(
                sid: Self.template, body: "Dear {{1}}, see you at {{ time }}{{nothing}}.", variables: ["time": "ten"])
        ]
        return account
    }

    private func with(_ body: (Sandbox, Receiver) async throws -> Void) async throws {
        try await Receiver.with { receiver in
            try await Sandbox.with(accounts: [account(receiver)]) { sandbox async throws in
                try await body(sandbox, receiver)
            }
        }
    }

    private func send(_ sandbox: Sandbox, _ more: [(String, String)]) async throws -> Sandbox.Reply {
        try await sandbox.api(
            .post, "/Messages.json", form: [("To", "+14155550123"), ("From", "+12125550100")] + more)
    }

    @Test func `a message reports to its application, unless it names an address of its own`() async throws {
        try await with { sandbox, receiver in
            let plain = [("Body", "x"), ("ApplicationSid", Self.application)]
            #expect(try await send(sandbox, plain).status == 201)
            #expect(try await send(sandbox, plain + [("StatusCallback", receiver.base + "/own")]).status == 201)
            try await sandbox.advance(10)
            let told = try await receiver.wait(for: 4)
            #expect(told.filter { $0.target == "/status" }.count == 2)
            #expect(told.filter { $0.target == "/own" }.count == 2)
            let unknown = "AP" + String(repeating: "2", count: 32)
            #expect(try await send(sandbox, [("Body", "x"), ("ApplicationSid", unknown)]).code == 21218)
        }
    }

    @Test func `a call is handled by its application, unless it says itself what is to be heard`() async throws {
        try await with { sandbox, receiver in
            receiver.answer(200, "text/xml", "<Response><Say>Hello</Say></Response>")
            func call(_ more: [(String, String)]) async throws -> Sandbox.Reply {
                try await sandbox.api(
                    .post, "/Calls.json", form: [("To", "+14155550123"), ("From", "+12125550100")] + more)
            }
            #expect(try await call([("ApplicationSid", Self.application)]).status == 201)
            try await sandbox.advance(10)
            #expect(try await receiver.wait(for: 1).map(\.target) == ["/voice"])
            #expect(
                try await call([("ApplicationSid", Self.application), ("Url", receiver.base + "/own")]).status == 201)
            try await sandbox.advance(10)
            #expect(try await receiver.wait(for: 2).map(\.target) == ["/voice", "/own"])
            #expect(try await call([("ApplicationSid", "AP" + String(repeating: "2", count: 32))]).code == 21218)
        }
    }

    @Test func `a number's application takes the place of all its addresses`() async throws {
        try await with { sandbox, receiver in
            let list = try await sandbox.api(.get, "/IncomingPhoneNumbers.json?PhoneNumber=%2B12125550100").json
            let sid = list["incoming_phone_numbers"][0]["sid"].string ?? ""
            let form = [
                ("SmsApplicationSid", Self.application), ("VoiceApplicationSid", Self.application),
                ("SmsUrl", receiver.base + "/ignored"), ("VoiceUrl", receiver.base + "/ignored"),
            ]
            let updated = try await sandbox.api(.post, "/IncomingPhoneNumbers/\(sid).json", form: form)
            #expect(updated.json["sms_application_sid"].string == Self.application)
            receiver.answer(200, "text/xml", "<Response/>")
            let order = #"{"from":"+14155550123","to":"+12125550100","body":"Hello"}"#
            #expect(try await sandbox.control(.post, "/inbound", order).status < 300)
            #expect(try await receiver.wait(for: 1).map(\.target) == ["/sms"])
            #expect(
                try await sandbox.control(.post, "/calls", #"{"from":"+14155550123","to":"+12125550100"}"#).status < 300
            )
            _ = try await receiver.wait(for: 2)
            try await sandbox.advance(60)
            #expect(try await receiver.wait(for: 3).map(\.target) == ["/sms", "/voice", "/call"])
        }
    }

    @Test func `a template says what its variables make of it`() async throws {
        try await with { sandbox, _ in
            let form = [("ContentSid", Self.template), ("ContentVariables", #"{"1":"Anna & Bo"}"#)]
            let sent = try await send(sandbox, form)
            #expect(sent.json["body"].string == "Dear Anna & Bo, see you at ten.")
            let other = try await send(
                sandbox, [("ContentSid", Self.template), ("ContentVariables", #"{"1":"Bo","time":"nine"}"#)])
            #expect(other.json["body"].string == "Dear Bo, see you at nine.")
            #expect(
                try await send(sandbox, [("ContentSid", Self.template)]).json["body"].string?.hasPrefix("Dear ,")
                    == true)
            for wrong in ["[1]", "x", #"{"1":2}"#] {
                let refused = try await send(sandbox, [("ContentSid", Self.template), ("ContentVariables", wrong)])
                #expect(refused.code == 21656, "\(wrong)")
            }
            #expect(try await send(sandbox, [("ContentSid", "HX" + String(repeating: "2", count: 32))]).code == 21655)
        }
    }

    @Test func `applications and templates are made by the control API, and shown`() async throws {
        try await Sandbox.with { sandbox async throws in
            let change = """
                {"applications":[{"sid":"\(Self.application)","voiceURL":"https://hooks.example/v"}],
                 "templates":[{"sid":"\(Self.template)","body":"Hi {{1}}"}]}
                """
            let path = "/accounts/\(Sandbox.clinic.sid)"
            let shown = try await sandbox.control(.post, path, change).json
            #expect(shown["applications"][0]["voiceURL"].string == "https://hooks.example/v")
            #expect(shown["templates"][0]["body"].string == "Hi {{1}}")
            #expect(
                try await send(sandbox, [("ContentSid", Self.template), ("ContentVariables", #"{"1":"x"}"#)])
                    .json["body"].string == "Hi x")
            #expect(try await sandbox.control(.post, path, #"{"templates":[{"sid":"HX1","body":""}]}"#).status == 400)
        }
    }
}
