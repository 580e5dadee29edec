import Server
import Testing

@Suite("Webhooks", .timeLimit(.minutes(2)))
struct WebhookTests {
    private static let signed = ["X-Twilio-Signature": "good", "Content-Type": "application/x-www-form-urlencoded"]

    private static func hook(
        _ rest: String, method: String = "POST", hook: String = StubWebhooks.hook, body: String = "",
        _ headers: [String: String] = signed
    ) -> String {
        request(method, "/hooks/twilio/\(hook)\(rest)", body: body, headers, bearer: nil)
    }

    @Test("the handler gets the bytes and the target as they came")
    func raw() async throws {
        try await RunningServer.with { server in
            let body = "Body=a%20b+c&MessageSid=SM1&Empty="
            let response = try await ask(server.port, Self.hook("/messages/status?attempt=1&x=%2F", body: body))
            #expect(response.status == 204)
            let webhook = try #require(server.webhooks.webhooks.first)
            #expect(webhook.hook == StubWebhooks.hook)
            #expect(webhook.rest == "/messages/status")
            #expect(webhook.target == "/hooks/twilio/\(StubWebhooks.hook)/messages/status?attempt=1&x=%2F")
            #expect(webhook.method == "POST")
            #expect(webhook.body == Array(body.utf8))
            #expect(webhook.header("X-Twilio-Signature") == "good")
            #expect(webhook.clientAddress == "127.0.0.1")
        }
    }

    @Test("each answer has its status")
    func answers() async throws {
        try await RunningServer.with(
            configured {
                $0.timeouts.hook = .milliseconds(50)
            }
        ) { server in
            let voice = try await ask(server.port, Self.hook("/voice", method: "GET"))
            #expect(voice.status == 200)
            #expect(voice["content-type"] == "text/xml")
            #expect(voice.text == "<Response/>")
            let unsigned = try await ask(server.port, Self.hook("/messages", ["X-Twilio-Signature": "bad"]))
            #expect(unsigned.status == 403)
            #expect(await status(server.port, Self.hook("/messages", hook: "hk_unknown_01234")) == 404)
            #expect(await status(server.port, Self.hook("/messages", method: "PUT")) == 405)
            let slow = try await ask(server.port, Self.hook("/slow"))
            #expect(slow.status == 503)
            #expect(slow["retry-after"] == "5")
        }
    }

    @Test("the carrier is answered in time, whatever the handler has to bring to its end")
    func stubborn() async throws {
        try await RunningServer.with(
            configured {
                $0.timeouts.hook = .milliseconds(50)
            }
        ) { server in
            let late = try await ask(server.port, Self.hook("/stubborn"))
            #expect(late.status == 503)
            #expect(server.webhooks.isHeld)
            server.webhooks.letGo()
        }
    }

    @Test("a body of more than 64 KB is refused unread")
    func large() async throws {
        try await RunningServer.with { server in
            let limit = String(repeating: "x", count: 65_536)
            #expect(await status(server.port, Self.hook("/messages", body: limit)) == 204)
            #expect(await status(server.port, Self.hook("/messages", body: limit + "x")) == 413)
            #expect(server.webhooks.webhooks.count == 1)
        }
    }

    @Test("what cannot be a hook token costs no look-up", arguments: ["short", "hk_with%20space", "hk_known.01234567"])
    func malformed(_ hook: String) async throws {
        try await RunningServer.with { server in
            #expect(await status(server.port, Self.hook("/messages", hook: hook)) == 404)
            #expect(server.webhooks.webhooks.isEmpty)
        }
    }

    @Test("guesses are throttled, and a hook that was found passes meanwhile")
    func throttle() async throws {
        try await RunningServer.with(
            configured {
                $0.hookThrottle.overall = 0.001
                $0.hookThrottle.overallBurst = 3
            }
        ) { server in
            #expect(await status(server.port, Self.hook("/messages")) == 204)
            for number in 0..<3 {
                let guess = Self.hook("/messages", hook: "hk_\(number)_guess0000")
                #expect(await status(server.port, guess) == 404)
            }
            let refused = try await ask(server.port, Self.hook("/messages", hook: "hk_4_guess0000"))
            #expect(refused.status == 429)
            #expect(refused["retry-after"] == "5")
            #expect(server.webhooks.webhooks.count == 4)
            #expect(await status(server.port, Self.hook("/messages")) == 204)
        }
    }

    @Test("without the throttle every guess is looked up")
    func unthrottled() async throws {
        try await RunningServer.with(
            configured {
                $0.hookThrottle.overallBurst = 1_000
            }
        ) { server in
            for number in 0..<8 {
                let guess = Self.hook("/messages", hook: "hk_\(number)_guess0000")
                #expect(await status(server.port, guess) == 404)
            }
            #expect(server.webhooks.webhooks.count == 8)
        }
    }

    @Test("a prefix has a bucket of its own, which fills again")
    func prefixes() {
        var rates = HookThrottle.Rates()
        rates.perPrefix = 1
        rates.perPrefixBurst = 2
        let start = ContinuousClock.now
        let throttle = HookThrottle(rates: rates, now: start)
        for _ in 0..<2 {
            #expect(throttle.admits("hk_aaaa1", at: start))
            throttle.missed("hk_aaaa1", at: start)
        }
        #expect(!throttle.admits("hk_aaaa2", at: start))
        #expect(throttle.admits("hk_bbbb1", at: start))
        #expect(throttle.admits("hk_aaaa2", at: start + .seconds(1)))
        throttle.found("hk_aaaa3")
        #expect(throttle.admits("hk_aaaa3", at: start))
    }

    @Test("a log line holds only the beginning of a hook token")
    func logs() async throws {
        try await RunningServer.with { server in
            _ = try await ask(server.port, Self.hook("/messages?secret=1"))
            #expect(
                await RunningServer.eventually {
                    server.logged.contains { $0.contains("route=/hooks/twilio/{hook}") }
                })
            #expect(!server.logged.contains { $0.contains(StubWebhooks.hook) || $0.contains("secret") })
            #expect(server.logged.contains { $0.contains("hook=hk_kno…") })
        }
    }
}
