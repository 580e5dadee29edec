import AsyncHTTPClient
import Testing
import TwilioSandbox

@Suite(.timeLimit(.minutes(1))) struct MisbehaviourTests {
    private let recipient = "%2B14155550123"

    private func misbehave(_ sandbox: Sandbox, _ what: String) async throws {
        let rule = #"{"match":{"to":"+14155550123","method":"POST","path":"/Messages"},"times":1,\#(what)}"#
        #expect(try await sandbox.control(.post, "/misbehave", rule).status == 201)
    }

    private func counts(_ sandbox: Sandbox) async throws -> (received: Int?, made: Int?) {
        (
            try await sandbox.control(.get, "/requests?method=POST&path=/Messages&to=\(recipient)").json["count"].int,
            try await sandbox.control(.get, "/messages?to=\(recipient)").json["count"].int
        )
    }

    @Test func `a status is answered once, and nothing is accepted`() async throws {
        try await Sandbox.with { sandbox async throws in
            try await misbehave(sandbox, #""do":"status","status":429,"retryAfter":3"#)
            #expect(try await sandbox.create(to: "+14155550124").status == 201)
            let refused = try await sandbox.create()
            #expect(refused.status == 429)
            #expect(refused.code == 20429)
            #expect(refused.retryAfter == "3")
            #expect(try await counts(sandbox) == (1, 0))
            #expect(try await sandbox.create().status == 201)
            #expect(try await counts(sandbox) == (2, 1))
        }
    }

    @Test func `a 500 may hide that the message was accepted`() async throws {
        try await Sandbox.with { sandbox async throws in
            try await misbehave(sandbox, #""do":"status","status":500,"accept":true"#)
            #expect(try await sandbox.create().code == 20500)
            #expect(try await counts(sandbox) == (1, 1))
        }
    }

    @Test func `a dropped request has or has not been accepted, as asked`() async throws {
        for (action, made) in [("drop_before", 0), ("drop_after", 1)] {
            try await Sandbox.with { sandbox async throws in
                try await misbehave(sandbox, #""do":"\#(action)""#)
                await #expect(throws: (any Error).self) { try await sandbox.create() }
                #expect(try await counts(sandbox) == (1, made))
                #expect(try await sandbox.create().status == 201)
            }
        }
    }

    @Test func `a reused connection is killed and a new one served`() async throws {
        try await Sandbox.with { sandbox async throws in
            try await misbehave(sandbox, #""do":"kill_reused""#)
            // The rule was made over this connection, so the next request reuses it.
            await #expect(throws: (any Error).self) { try await sandbox.create() }
            #expect(try await counts(sandbox) == (1, 0))
            #expect(try await sandbox.create().status == 201)
        }
    }

    @Test func `a truncated answer ends early although the message was accepted`() async throws {
        try await Sandbox.with { sandbox async throws in
            try await misbehave(sandbox, #""do":"truncate""#)
            await #expect(throws: (any Error).self) { try await sandbox.create() }
            #expect(try await counts(sandbox) == (1, 1))
        }
    }

    @Test func `rules are listed, taken away and checked`() async throws {
        try await Sandbox.with { sandbox async throws in
            #expect(try await sandbox.control(.post, "/misbehave", #"{"do":"status"}"#).status == 400)
            #expect(try await sandbox.control(.post, "/misbehave", #"{"do":"sing"}"#).status == 400)
            #expect(try await sandbox.control(.post, "/misbehave", #"{"do":"latency","milliseconds":1}"#).status == 201)
            #expect(try await sandbox.control(.get, "/misbehave").json.array.count == 1)
            #expect(try await sandbox.control(.delete, "/misbehave/1").status == 204)
            #expect(try await sandbox.control(.delete, "/misbehave/1").status == 404)
            try await misbehave(sandbox, #""do":"status","status":500"#)
            #expect(try await sandbox.control(.delete, "/misbehave").status == 204)
            #expect(try await sandbox.create().status == 201)
        }
    }

    @Test func `a rate of the seed fails about its share, an outcome its message`() async throws {
        try await Sandbox.with { sandbox async throws in
            _ = try await sandbox.control(.post, "/misbehave", #"{"do":"status","status":503,"rate":0.5}"#)
            var failures = 0
            for _ in 0..<100 where try await sandbox.create().status == 503 { failures += 1 }
            #expect((30...70).contains(failures))
            _ = try await sandbox.control(.delete, "/misbehave")
            _ = try await sandbox.control(
                .post, "/misbehave", #"{"do":"outcome","outcome":"undelivered","errorCode":30006,"times":1}"#)
            let sid = try await sandbox.create().json["sid"].string ?? ""
            try await sandbox.advance(5)
            #expect(try await sandbox.api(.get, "/Messages/\(sid).json").json["error_code"].int == 30006)
        }
    }
}
