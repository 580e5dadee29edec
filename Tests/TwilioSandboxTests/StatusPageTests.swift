import Testing
import TwilioSandbox

/// The page at `/`, as a person at a demo sees it.
@Suite(.timeLimit(.minutes(1))) struct StatusPageTests {
    @Test func `it shows accounts, messages and calls, and no secret`() async throws {
        var clinic = Sandbox.clinic
        clinic.friendlyName = "Clinic <North> & Sons"
        clinic.numbers[0].smsURL = "https://hooks.example/s?a=1&b=2"
        try await Sandbox.with(accounts: [clinic, Sandbox.firm]) { sandbox async throws in
            _ = try await sandbox.create(body: "<script>alert(1)</script>")
            _ = try await sandbox.create(to: "+15005553005", body: String(repeating: "long ", count: 40))
            _ = try await sandbox.api(
                .post, "/Calls.json",
                form: [
                    ("To", "+14155550177"), ("From", "+12125550100"),
                    ("Twiml", "<Response><Pause length='60'/></Response>"),
                ])
            try await sandbox.advance(10)
            let service = try await sandbox.send(
                .post, "/v1/Services", user: clinic.sid, password: clinic.authToken, form: [("FriendlyName", "Pool")])
            let number = try await sandbox.api(
                .post, "/IncomingPhoneNumbers.json", form: [("PhoneNumber", "+14155550142")])
            _ = try await sandbox.send(
                .post, "/v1/Services/\(service.json["sid"].string ?? "")/PhoneNumbers", user: clinic.sid,
                password: clinic.authToken, form: [("PhoneNumberSid", number.json["sid"].string ?? "")])
            _ = try await sandbox.api(
                .post, "/Messages.json",
                form: [
                    ("To", "+14155550129"), ("MessagingServiceSid", service.json["sid"].string ?? ""), ("Body", "Soon"),
                    ("ScheduleType", "fixed"), ("SendAt", "2023-11-14T23:30:00Z"),
                ])
            let page = try await sandbox.send(.get, "/")
            #expect(page.status == 200)
            for shown in [
                "<h2>Clinic &lt;North&gt; &amp; Sons</h2>", "<h2>Advisory Firm</h2>", "Trial, active", clinic.sid,
                "1 messaging service<", "3 messages", "https://hooks.example/s?a=1&amp;b=2",
                "by messaging service Pool",
                "no SmsUrl", "&lt;script&gt;alert(1)&lt;/script&gt;", "undelivered 30005", "<td>delivered</td>",
                "<td>in-progress</td>", "<code>+14155550177</code>", "to be chosen", "long…</td>",
                "Tue, 14 Nov 2023 22:13:30 +0000", "<a href=\"/_control\">",
            ] { #expect(page.text.contains(shown), "\(shown)") }
            for hidden in [
                clinic.authToken, "standard-secret", Sandbox.firm.authToken, "<script>",
            ] { #expect(!page.text.contains(hidden), "\(hidden)") }
        }
    }
}
