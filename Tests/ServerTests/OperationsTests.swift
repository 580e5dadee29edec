import CoreMetrics
import GraphQL
import OrderedCollections
import Postgres
import Server
import Synchronization
import Testing

@Suite("Health, readiness, metrics, logs, CORS, callers", .timeLimit(.minutes(2)))
struct OperationsTests {
    @Test("healthz answers, HEAD without a body, and nothing else than reading")
    func health() async throws {
        try await RunningServer.with { server in
            let response = try await ask(server.port, request("GET", "/healthz", bearer: nil))
            #expect(response.status == 200)
            #expect(response.text == #"{"status":"ok"}"#)
            #expect(await status(server.port, request("HEAD", "/healthz", bearer: nil)) == 200)
            let post = try await ask(server.port, request("POST", "/healthz", bearer: nil))
            #expect(post.status == 405)
            #expect(post["allow"] == "GET, HEAD")
        }
    }

    @Test("readyz says which check fails, a stuck one included")
    func readiness() async throws {
        let isUp = Atomic(true)
        let checks = [
            ReadinessCheck("database") { isUp.load(ordering: .relaxed) ? nil : "It does not answer." },
            ReadinessCheck("migrations") { nil },
        ]
        try await RunningServer.with(readiness: checks) { server in
            let ready = try await ask(server.port, request("GET", "/readyz", bearer: nil))
            #expect(ready.status == 200)
            #expect(ready.text == #"{"status":"ready","checks":{"database":"ok","migrations":"ok"}}"#)
            isUp.store(false, ordering: .relaxed)
            let unready = try await ask(server.port, request("GET", "/readyz", bearer: nil))
            #expect(unready.status == 503)
            #expect(unready.text.contains(#""database":"It does not answer.""#))
            #expect(unready.text.contains(#""migrations":"ok""#))
        }
        let stuck = ReadinessCheck("database") {
            try? await Task.sleep(for: .seconds(60))
            return nil
        }
        try await RunningServer.with(
            configured { $0.timeouts.readinessCheck = .milliseconds(50) }, readiness: [stuck]
        ) { server in
            #expect(await status(server.port, request("GET", "/readyz", bearer: nil)) == 503)
        }
    }

    @Test("metrics parse, count by route and status, and name no tenant")
    func metrics() async throws {
        try await RunningServer.with { server in
            let idle = [("state", "idle")]
            server.metrics.observe("switchboard_database_connections", help: "Of the pool.", labels: idle) { 3 }
            _ = try await ask(server.port, request(body: body("{ __typename }")))
            _ = try await ask(server.port, request("GET", "/nowhere/\(StubAccess.organization)", bearer: nil))
            let port = server.port
            let isCounted = await RunningServer.eventually {
                let text = (try? await ask(port, request("GET", "/metrics", bearer: nil)).text) ?? ""
                return text.contains(#"switchboard_http_requests_total{method="POST",route="/graphql",status="200"} 1"#)
                    && text.contains(#"switchboard_http_requests_total{method="GET",route="none",status="404"} 1"#)
            }
            #expect(isCounted)
            let response = try await ask(server.port, request("GET", "/metrics", bearer: nil))
            #expect(response["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(response.text.contains(#"switchboard_database_connections{state="idle"} 3"#))
            #expect(!response.text.contains(StubAccess.organization.description))
            try PrometheusTextCheck.check(response.text)
        }
    }

    @Test("the labels of a metric are bounded, and what goes beyond is counted together")
    func cardinality() throws {
        let registry = PrometheusRegistry(seriesPerMetric: 3)
        for number in 0..<50 {
            registry.counter("seen", labels: [("value", "v\(number)\"\n")]).increment()
        }
        let text = registry.render()
        #expect(text.contains(#"seen_total{overflow="true"} 47"#))
        #expect(text.split(separator: "\n").count == 5)
        try PrometheusTextCheck.check(text)
    }

    @Test("swift-metrics lands in the same text")
    func factory() throws {
        let registry = PrometheusRegistry()
        registry.makeCounter(label: "jobs.done", dimensions: [("kind", "send")]).increment(by: 2)
        registry.makeTimer(label: "jobs.time", dimensions: []).recordNanoseconds(3_000_000)
        registry.makeMeter(label: "jobs.waiting", dimensions: []).set(7.5)
        let text = registry.render()
        #expect(text.contains(#"jobs_done_total{kind="send"} 2"#))
        #expect(text.contains(#"jobs_time_bucket{le="0.0025"} 0"#))
        #expect(text.contains(#"jobs_time_bucket{le="0.005"} 1"#))
        #expect(text.contains("jobs_time_sum 0.003"))
        #expect(text.contains("jobs_waiting 7.5"))
        try PrometheusTextCheck.check(text)
    }

    @Test("a log line tells route, status, time and ids, and never the query, the key or the body")
    func logs() async throws {
        try await RunningServer.with { server in
            let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            let response = try await ask(
                server.port,
                request(
                    "GET", "/graphql?query=%7B+__typename+%7D", ["X-Request-Id": "req-1.a_B", "traceparent": trace]))
            #expect(response["x-request-id"] == "req-1.a_B")
            #expect(await RunningServer.eventually { server.logged.contains { $0.contains("route=/graphql") } })
            let line = try #require(server.logged.first { $0.contains("route=/graphql") })
            #expect(line.contains("request_id=req-1.a_B"))
            #expect(line.contains("status=200"))
            #expect(line.contains("trace_id=4bf92f3577b34da6a3ce929d0e0e4736"))
            #expect(line.contains("duration_ms="))
            for secret in ["sb_good", "__typename", "query="] {
                #expect(!server.logged.contains { $0.contains(secret) })
            }
        }
    }

    @Test(
        "a request id that could break a log apart is replaced",
        arguments: ["a b", "x\"y", String(repeating: "a", count: 65)])
    func requestID(_ given: String) async throws {
        try await RunningServer.with { server in
            let made = try await ask(server.port, request("GET", "/healthz", ["X-Request-Id": given]))["x-request-id"]
            #expect(made != given)
            #expect(made?.utf8.count == 32)
            #expect(made?.allSatisfy { $0.isHexDigit && !$0.isUppercase } == true)
            #expect(try await ask(server.port, request("GET", "/healthz"))["x-request-id"] != made)
        }
    }

    @Test(
        "a key is read however the scheme is written, and after that scheme alone",
        arguments: [
            ("Bearer sb_good", 200), ("bearer sb_good", 200), ("BEARER  sb_good", 200), ("Bearer sb_good ", 200),
            ("Bearer", 401), ("Bearer ", 401), ("Basic sb_good", 401), ("Bearersb_good", 401), ("Bearer sb_bad", 401),
        ])
    func bearer(_ header: String, _ expected: Int) async throws {
        try await RunningServer.with { server in
            let asked = request(body: body("{ __typename }"), ["Authorization": header], bearer: nil)
            #expect(await status(server.port, asked) == expected)
        }
    }

    @Test("Server-Timing is told in development only")
    func serverTiming() async throws {
        try await RunningServer.with { server in
            let timing = try await ask(server.port, request(body: body("{ __typename }")))["server-timing"]
            #expect(timing == nil)
        }
        try await RunningServer.with(
            configured {
                $0.isDevelopment = true
            }
        ) { server in
            let timing = try await ask(server.port, request(body: body("{ __typename }")))["server-timing"]
            #expect(timing?.contains("execute;dur=") == true)
        }
    }

    @Test("Server-Timing tells stages and milliseconds, and nothing of whoever has what")
    func serverTimingTellsNothing() async throws {
        try await RealServer.with(configured { $0.isDevelopment = true }) { server in
            let stage = /[a-z]+;dur=\d+\.\d\d/
            var stages: Set<String> = []
            let documents = [
                "{ contacts { nodes { id } totalCount } }",
                "{ node(id: \"con_00000000000040008000000000000000\") { id } }",
                "{ contacts(after: \"forged\") { nodes { id } } }", "{ nothing }", "{",
            ]
            for key in [server.key, server.otherKey] {
                for document in documents {
                    let response = try await ServerTests.ask(server.port, request(body: body(document), bearer: key))
                    let timing = try #require(response["server-timing"])
                    for part in timing.split(separator: ", ") {
                        #expect(try stage.wholeMatch(in: part) != nil, "\(timing)")
                        stages.insert(String(part.prefix { $0 != ";" }))
                    }
                    // Neither do answers carry anything beside what the engine gives.
                    let members = try JSONValue(parsing: response.body).objectValue.map { Set($0.keys) } ?? []
                    #expect(members.isSubset(of: ["data", "errors"]))
                }
            }
            #expect(stages.count < 6, "\(stages)")
        }
    }

    @Test("pages of allowed origins may ask and read, others may not")
    func cors() async throws {
        try await RunningServer.with(
            configured {
                $0.cors.allowedOrigins = ["https://app.example.com"]
            }
        ) { server in
            func preflight(_ origin: String) -> String {
                request(
                    "OPTIONS", "/graphql",
                    [
                        "Origin": origin, "Access-Control-Request-Method": "POST",
                        "Access-Control-Request-Headers": "authorization",
                    ], bearer: nil)
            }
            let allowed = try await ask(server.port, preflight("https://app.example.com"))
            #expect(allowed.status == 204)
            #expect(allowed["access-control-allow-origin"] == "https://app.example.com")
            #expect(allowed["access-control-allow-headers"]?.contains("Authorization") == true)
            #expect(allowed["vary"] == "Origin")
            let refused = try await ask(server.port, preflight("https://evil.example.com"))
            #expect(refused.status == 403)
            #expect(refused["access-control-allow-origin"] == nil)
            let answer = try await ask(
                server.port, request(body: body("{ __typename }"), ["Origin": "https://app.example.com"]))
            #expect(answer["access-control-allow-origin"] == "https://app.example.com")
        }
        try await RunningServer.with { server in
            let answer = try await ask(
                server.port, request(body: body("{ __typename }"), ["Origin": "https://app.example.com"]))
            #expect(answer["access-control-allow-origin"] == nil)
            #expect(await status(server.port, request("OPTIONS", "/graphql")) == 405)
        }
    }

    @Test("what a browser sends unasked is refused, and a header that it asks for lets it through to the key")
    func preflight() async throws {
        try await RunningServer.with { server in
            let target = "/graphql?query=%7B+__typename+%7D"
            let simple = try await ask(server.port, request("GET", target, bearer: nil))
            #expect(simple.status == 403)
            #expect(StatusTests.code(simple) == "PREFLIGHT_REQUIRED")
            let declared = try await ask(
                server.port, request("GET", target, ["GraphQL-Require-Preflight": "1"], bearer: nil))
            #expect(declared.status == 401)
            let basic = try await ask(server.port, request("GET", target, ["Authorization": "Basic c2I6Z29vZA=="]))
            #expect(basic.status == 403)
            #expect(await status(server.port, request("GET", target)) == 200)
            // What a form can send, a page of any origin can.
            for type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
                let form = try await ask(
                    server.port, request(body: body("{ __typename }"), ["Content-Type": type]))
                #expect(form.status == 415)
            }
        }
    }

    @Test("a batch is answered in order, one answer for each, up to the cap")
    func batch() async throws {
        try await RunningServer.with(
            configured {
                $0.limits.batchedOperations = 3
            }
        ) { server in
            let one = body("{ __typename }")
            let three = [one, body("{"), body("subscription { changes }")].joined(separator: ",")
            let answer = try await ask(server.port, request(body: "[\(three)]"))
            #expect(answer.status == 200)
            let items = try #require(try JSONValue(parsing: answer.body).arrayValue)
            #expect(items.count == 3)
            #expect(items[0]["data"]?["__typename"] == "Query")
            #expect(items[1]["errors"] != nil)
            #expect(items[2]["errors"] != nil)
            let tooMany = try await ask(server.port, request(body: "[\(one),\(one),\(one),\(one)]"))
            #expect(tooMany.status == 400)
            #expect(StatusTests.code(tooMany) == "BATCH_TOO_LARGE")
            #expect(await status(server.port, request(body: "[]")) == 400)
        }
        try await RunningServer.with(
            configured {
                $0.limits.batchedOperations = 1
            }
        ) { server in
            let off = try await ask(server.port, request(body: "[\(body("{ __typename }"))]"))
            #expect(StatusTests.code(off) == "BATCH_TOO_LARGE")
        }
    }

    @Test("X-Forwarded-For is believed only from trusted proxies, and only as far as they go")
    func proxies() async throws {
        let headers = [
            "X-Forwarded-For": "198.51.100.9, 203.0.113.7, 10.1.2.3", "X-Twilio-Signature": "good",
        ]
        let hook = request("POST", "/hooks/twilio/\(StubWebhooks.hook)/messages", headers, bearer: nil)
        try await RunningServer.with { server in
            _ = try await ask(server.port, hook)
            #expect(server.webhooks.webhooks.first?.clientAddress == "127.0.0.1")
        }
        let trusted = try TrustedProxies(["127.0.0.0/8", "10.0.0.0/8"])
        try await RunningServer.with(
            configured {
                $0.trustedProxies = trusted
            }
        ) { server in
            _ = try await ask(server.port, hook)
            #expect(server.webhooks.webhooks.first?.clientAddress == "203.0.113.7")
        }
        for wrong in ["10.0.0.0/33", "10.0.0", "::1::", "name", "1.2.3.4/x"] {
            #expect(throws: ServerError.badProxyRange(wrong)) { try TrustedProxies([wrong]) }
        }
        #expect(throws: Never.self) { try TrustedProxies(["::1", "2001:db8::/32", "::ffff:10.0.0.1"]) }
    }
}

/// Reads the exposition format by its own grammar, so that a line which no scraper reads fails a test.
enum PrometheusTextCheck {
    static func check(_ text: String) throws {
        let line =
            #/[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="(\\.|[^"\\])*",?)*\})? (NaN|[+\-]Inf|[0-9.e\-]+)/#
        var typed: Set<Substring> = []
        #expect(text.hasSuffix("\n"))
        for row in text.split(separator: "\n") {
            if row.hasPrefix("# TYPE ") {
                #expect(typed.insert(row.split(separator: " ")[2]).inserted)
            } else if !row.hasPrefix("# HELP ") {
                #expect(row.wholeMatch(of: line) != nil, "\(row)")
            }
        }
    }
}
