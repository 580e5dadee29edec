import Accounts
import Curl
import Foundation
import Synchronization
import TestServer
import Testing

/// The key set behind an issuer's URL, from a server that does what it is told.
@Suite struct PublicKeySetTests {
    /// What the server answers, which changes during a test.
    private final class Answer: Sendable {
        private let body = Mutex<(status: Int, body: String)>((200, ""))
        private let ahead = Mutex(Duration.zero)

        func set(_ text: String, status: Int = 200) { body.withLock { $0 = (status, text) } }
        func give(_ connection: TestServer.RawConnection) {
            let (status, text) = body.withLock { $0 }
            connection.answer(status, text)
        }
        func hurry(by duration: Duration) { ahead.withLock { $0 += duration } }
        var now: ContinuousClock.Instant { .now + ahead.withLock { $0 } }
    }

    private static func with(
        _ script: RawServer.Script? = nil, timeout: Duration = .seconds(5),
        _ body: (PublicKeySets, RawServer, Answer) async throws -> Void
    ) async throws {
        let answer = Answer()
        let server = try RawServer(
            script ?? { connection in
                while connection.readRequest() != nil { answer.give(connection) }
            })
        let transport = try HTTPTransport()
        let sets = PublicKeySets(transport: transport, timeout: timeout) { answer.now }
        do {
            try await body(sets, server, answer)
        } catch {
            await transport.shutdown()
            server.stop()
            throw error
        }
        await transport.shutdown()
        server.stop()
    }

    @Test func `a set is kept, and asked for again for an unknown key at most once a minute`() async throws {
        var provider = IdentityProvider(name: "https://idp.clinic.example")
        try await Self.with { sets, server, answer in
            answer.set(try provider.keys)
            #expect(await sets.set(at: server.url, holding: "key-1")?.holds("key-1") == true)
            #expect(await sets.set(at: server.url, holding: "key-1")?.holds("key-1") == true)
            #expect(server.received.count == 1)
            // The provider has a new key.
            provider.keyID = "key-2"
            answer.set(try provider.keys)
            let renewed = await sets.set(at: server.url, holding: "key-2")
            #expect(renewed?.holds("key-2") == true && renewed?.holds("key-1") == false)
            #expect(server.received.count == 2)
            // Somebody invents ids.
            for index in 0..<20 {
                #expect(
                    await sets.set(at: server.url, holding: "invented-\(index)")?.holds("invented-\(index)") == false)
            }
            #expect(server.received.count == 2)
            answer.hurry(by: .seconds(61))
            _ = await sets.set(at: server.url, holding: "invented")
            #expect(server.received.count == 3)
        }
    }

    @Test func `what was fetched is asked for again in time, and holds for a day while nothing answers`() async throws {
        let provider = IdentityProvider(name: "https://idp.clinic.example")
        try await Self.with { sets, server, answer in
            answer.set(try provider.keys)
            _ = await sets.set(at: server.url, holding: "key-1")
            answer.hurry(by: .seconds(601))
            _ = await sets.set(at: server.url, holding: "key-1")
            #expect(server.received.count == 2)
            answer.set("", status: 500)
            answer.hurry(by: .seconds(601))
            for _ in 0..<5 { #expect(await sets.set(at: server.url, holding: "key-1")?.holds("key-1") == true) }
            #expect(server.received.count == 3, "a URL that fails is left in peace for a minute")
            answer.hurry(by: .seconds(86_400))
            #expect(await sets.set(at: server.url, holding: "key-1") == nil)
            // A key that its owner took away is good no more.
            answer.set(try IdentityProvider(name: provider.name, keyID: "key-9").keys)
            answer.hurry(by: .seconds(61))
            #expect(await sets.set(at: server.url, holding: "key-1")?.holds("key-1") == false)
        }
    }

    @Test func `everybody who waits for a set waits for one request`() async throws {
        let provider = IdentityProvider(name: "https://idp.clinic.example")
        let gate = Mutex(false)
        let keys = try provider.keys
        let script: RawServer.Script = { connection in
            while connection.readRequest() != nil {
                while !gate.withLock({ $0 }) { usleep(2_000) }
                connection.answer(200, keys)
            }
        }
        try await Self.with(script) { sets, server, _ in
            let found = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<16 {
                    group.addTask { await sets.set(at: server.url, holding: "key-1")?.holds("key-1") == true }
                }
                while server.received.isEmpty { await Task.yield() }
                gate.withLock { $0 = true }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(found == 16)
            #expect(server.received.count == 1)
        }
    }

    @Test func `what is too large, too slow, elsewhere or no set is not taken`() async throws {
        let provider = IdentityProvider(name: "https://idp.clinic.example")
        let keys = try provider.keys
        try await Self.with { sets, server, answer in
            answer.set(keys + String(repeating: " ", count: PublicKeySets.sizeLimit))
            #expect(await sets.set(at: server.url + "/large", holding: "key-1") == nil)
            answer.set(#"{"keys": [{"kty": "oct", "kid": "key-1", "k": "c2VjcmV0"}]}"#)
            #expect(await sets.set(at: server.url + "/symmetric", holding: "key-1") == nil)
            answer.set("<html></html>")
            #expect(await sets.set(at: server.url + "/page", holding: "key-1") == nil)
            answer.set(keys, status: 404)
            #expect(await sets.set(at: server.url + "/gone", holding: "key-1") == nil)
            // Negative control.
            answer.set(keys)
            #expect(await sets.set(at: server.url + "/good", holding: "key-1") != nil)
        }
        try await Self.with({ $0.waitForEnd() }, timeout: .milliseconds(200)) { sets, server, _ in
            #expect(await sets.set(at: server.url, holding: "key-1") == nil)
        }
        try await Self.with { sets, server, answer in
            answer.set(keys)
            let elsewhere = server.url
            try await Self.with({ connection in
                while connection.readRequest() != nil { connection.answer(302, headers: ["Location: \(elsewhere)"]) }
            }) { others, redirecting, _ in
                #expect(await others.set(at: redirecting.url, holding: "key-1") == nil)
                #expect(redirecting.received.count == 1)
            }
            #expect(server.received.isEmpty)
        }
    }

    @Test(arguments: [
        ("https://idp.example/keys", true), ("https://idp.example:8443/keys?v=1", true),
        ("http://127.0.0.1:8080/keys", true), ("http://localhost/keys", true), ("http://[::1]:1/keys", true),
        ("http://idp.example/keys", false), ("http://127.0.0.1@idp.example/", false),
        ("https://user@idp.example/", false), ("http://127.0.0.1.idp.example/", false), ("ftp://idp.example/", false),
        ("file:///etc/passwd", false), ("https:///keys", false), ("idp.example", false),
    ])
    func `keys come by https, or from this machine`(url: String, isAllowed: Bool) {
        #expect(PublicKeySets.isAllowed(url) == isAllowed)
    }
}
