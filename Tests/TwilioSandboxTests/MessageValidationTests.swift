import Testing
import TwilioSandbox

@Suite(.timeLimit(.minutes(1))) struct MessageValidationTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let code: Int
        let change: [String: String?]
        var status = 400
        var testDescription: String { "\(code) \(change.keys.sorted())" }
    }

    static let cases: [Case] = [
        Case(code: 21604, change: ["To": nil]),
        Case(code: 21603, change: ["From": nil]),
        Case(code: 21619, change: ["Body": nil]),
        Case(code: 21602, change: ["Body": ""]),
        Case(code: 21617, change: ["Body": String(repeating: "a", count: 1601)]),
        Case(code: 21211, change: ["To": "+1415"]),
        Case(code: 21211, change: ["To": "nobody"]),
        Case(code: 21212, change: ["From": "not-a-sender!"]),
        Case(code: 21606, change: ["From": "+13035550100"]),
        Case(code: 21606, change: ["From": "+12125550101"]),
        Case(code: 21606, change: ["From": "CLINIC"]),
        Case(code: 21614, change: ["To": "+15005550009"]),
        Case(code: 21610, change: ["To": "+15005550004"]),
        Case(code: 21612, change: ["To": "+15005550002"]),
        Case(code: 21408, change: ["To": "+15005550003"]),
        Case(code: 21609, change: ["StatusCallback": "ftp://hooks.example/x"]),
        Case(code: 21609, change: ["StatusCallback": "http://my_host.example/x"]),
        Case(code: 21624, change: ["ValidityPeriod": "0"]),
        Case(code: 21620, change: ["MediaUrl": "no url"]),
        Case(code: 35118, change: ["ScheduleType": "fixed"]),
        Case(
            code: 21701, change: ["From": nil, "MessagingServiceSid": "MG00000000000000000000000000000000"], status: 404
        ),
    ]

    @Test(arguments: cases) func `a create is refused with its code, and nothing is made`(_ test: Case) async throws {
        try await Sandbox.with { sandbox async throws in
            var fields: [String: String] = ["To": "+14155550123", "From": "+12125550100", "Body": "Hello"]
            for (name, value) in test.change { fields[name] = value }
            let reply = try await sandbox.api(.post, "/Messages.json", form: fields.map { ($0.key, $0.value) })
            #expect(reply.code == test.code)
            #expect(reply.status == test.status)
            #expect(reply.json["more_info"].string == "https://www.twilio.com/docs/errors/\(test.code)")
            #expect(try await sandbox.control(.get, "/messages").json["count"].int == 0)
        }
    }

    @Test func `a callback goes to any http or https URL with a host, and to nothing else`() async throws {
        try await Sandbox.with { sandbox async throws in
            func code(_ url: String) async throws -> Int? {
                try await sandbox.api(
                    .post, "/Messages.json",
                    form: [
                        ("To", "+14155550123"), ("From", "+12125550100"), ("Body", "Hello"), ("StatusCallback", url),
                    ]
                ).code
            }
            for url in [
                "HTTP://127.0.0.1:9/x", "http://127.0.0.1:9", "http://127.0.0.1:",
                "http://us%65r:p@ss@127.0.0.1:9/x?y=@#rc=0",
                "http://[::1]:9/x", "http://[::1]", "http://127.0.0.1?x=1",
            ] {
                #expect(try await code(url) == nil, "\(url)")
            }
            for url in [
                "httpx://127.0.0.1/x", "http:/127.0.0.1/x", "http://", "http://:9/x", "http:///x",
                "http://127.0.0.1:0/x",
                "http://127.0.0.1:65536/x", "http://127.0.0.1:9o/x", "http://[::1]x/y", "http://127.0.0.1/a b",
                "//127.0.0.1/x",
            ] {
                #expect(try await code(url) == 21609, "\(url)")
            }
        }
    }

    @Test func `1600 characters, ten digits and an unknown parameter are accepted`() async throws {
        try await Sandbox.with { sandbox async throws in
            let reply = try await sandbox.api(
                .post, "/Messages.json",
                form: [
                    ("To", "(415) 555-0123"), ("From", "+12125550100"), ("Body", String(repeating: "a", count: 1600)),
                    ("MessageIntent", "reminder"),
                ])
            #expect(reply.status == 201)
            #expect(reply.json["to"].string == "+14155550123")
            #expect(reply.json["num_segments"].string == "11")
        }
    }

    @Test func `a trial account sends to verified numbers only`() async throws {
        try await Sandbox.with { sandbox async throws in
            func code(_ to: String) async throws -> Int? {
                try await sandbox.api(
                    .post, "/Messages.json", as: Sandbox.firm,
                    form: [("To", to), ("From", "+13035550100"), ("Body", "Hello")]
                ).code
            }
            #expect(try await code("+14155550123") == 21608)
            #expect(try await code("+14155550111") == nil)
        }
    }

    @Test func `media are counted and more than ten refused`() async throws {
        try await Sandbox.with { sandbox async throws in
            func create(_ count: Int) async throws -> Sandbox.Reply {
                let media = (0..<count).map { ("MediaUrl", "https://media.example/\($0).png") }
                return try await sandbox.api(
                    .post, "/Messages.json", form: [("To", "+14155550123"), ("From", "+12125550100")] + media)
            }
            let ten = try await create(10)
            #expect(ten.json["num_media"].string == "10")
            #expect(ten.json["sid"].string?.hasPrefix("MM") == true)
            #expect(try await create(11).code == 21623)
        }
    }
}
