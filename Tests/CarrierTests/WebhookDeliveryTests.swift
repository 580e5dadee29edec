import Curl
import Foundation
import TestServer
import Testing
import Twilio

/// How the sandbox calls a customer: as often, as long and as stubbornly as the address's fragment says.
@Suite(.timeLimit(.minutes(1))) struct WebhookDeliveryTests {
    /// Sends one status callback, and tells how it went: attempts, status, error.
    private func call(_ world: CarrierWorld, _ url: String) async throws -> (attempts: Decimal?, error: String) {
        let message = try accepted(
            await world.client.messages.create(
                .init(to: "+14155550123", sender: .from(CarrierWorld.own), body: "x")))
        try await world.control(
            .post, "/callback",
            .object(["messageSid": .string(message.sid.text), "status": .string("sent"), "url": .string(url)]))
        let noted = try await world.control(.get, "/webhooks?messageSid=\(message.sid)")
        guard case .array(let calls)? = noted["webhooks"], let last = calls.last else {
            Issue.record("no call was noted")
            return (nil, "")
        }
        var attempts: Decimal?
        if case .number(let number)? = last["attempts"] { attempts = number }
        if case .string(let error)? = last["error"] { return (attempts, error) }
        return (attempts, "")
    }

    private func with(
        _ script: @escaping RawServer.Script, _ body: (CarrierWorld, RawServer) async throws -> Void
    ) async throws {
        let server = try RawServer(script)
        defer { server.stop() }
        try await CarrierWorld.run { world in try await body(world, server) }
    }

    private static func always(_ status: Int) -> RawServer.Script {
        { connection in
            while connection.readRequest() != nil { connection.answer(status) }
        }
    }

    @Test(arguments: [
        (500, "", 1), (500, "#rp=5xx", 2), (500, "#rp=5xx&rc=3", 4), (500, "#rp=4xx&rc=3", 1), (404, "#rp=4xx", 2),
        (404, "#rp=all&rc=2", 3), (404, "#rp=ct,5xx&rc=2", 1), (200, "#rp=all&rc=5", 1), (500, "#rp=5xx&rc=9", 2),
        (500, "#rp=5xx&rc=0", 1),
    ])
    func `what is tried again, and how often, is the fragment's choice`(
        status: Int, fragment: String, attempts: Int
    ) async throws {
        try await with(Self.always(status)) { world, server in
            let told = try await call(world, server.url + "/hook?a=1" + fragment)
            #expect(told.attempts == Decimal(attempts))
            #expect(server.received.count == attempts)
            // The fragment stays here, and each attempt is known for the same call.
            #expect(server.received.allSatisfy { $0.target == "/hook?a=1" })
            #expect(Set(server.received.map { $0.headers["i-twilio-idempotency-token"] }).count == 1)
            #expect(Set(server.received.map { $0.headers["x-twilio-signature"] }).count == 1)
        }
    }

    @Test func `who does not answer is left, and asked again only if that is wanted`() async throws {
        let silent: RawServer.Script = { connection in
            _ = connection.readRequest()
            connection.waitForEnd()
        }
        try await with(silent) { world, server in
            let once = try await call(world, server.url + "/hook#rt=100")
            #expect(once.attempts == 1 && once.error == "11200 no answer in time")
            let often = try await call(world, server.url + "/hook#rt=100&rp=rt&rc=2")
            #expect(often.attempts == 3 && often.error == "11200 no answer in time")
            // All attempts together have 15 seconds, or fewer.
            let short = try await call(world, server.url + "/hook#rt=15000&tt=100&rp=rt&rc=5")
            #expect(short.attempts == 1 && short.error == "11200 no answer in time")
        }
    }

    @Test func `a connection that does not come about is tried once more`() async throws {
        try await CarrierWorld.run { world in
            // Port 1 is not listened on.
            for (fragment, attempts) in [("", 2), ("#rc=0", 1), ("#rc=5&ct=100", 6)] {
                let told = try await call(world, "http://127.0.0.1:1/h" + fragment)
                #expect(told.attempts == Decimal(attempts))
            }
        }
    }
}
