import Accounts
import Audit
import Crypto
import Curl
import Foundation
import GraphQL
import JWTKit
import OrderedCollections
import QueryEngine
import Server
import TestServer
import TestSupport
import TestWorld
import Testing

/// Who asks, as the edge finds it: over real sockets.
@Suite struct EdgeTests {
    private struct Answer {
        let status: Int
        let json: JSONValue
        let text: String
    }

    private static func post(
        _ world: World, _ body: JSONValue, token: String? = nil, headers more: [(String, String)] = []
    ) async throws -> Answer {
        var headers: HTTPHeaders = ["Content-Type": "application/json"]
        if let token { headers.append("Authorization", "Bearer \(token)") }
        for (name, value) in more { headers.append(name, value) }
        let response = try await world.transport.send(
            HTTPRequest(.post, world.url + "/graphql", headers: headers, body: body.bytes))
        let text = String(decoding: response.body, as: UTF8.self)
        return Answer(status: response.status, json: (try? JSONValue(parsing: response.body)) ?? .null, text: text)
    }

    private static func tries(_ email: String, _ count: Int = 1) -> JSONValue {
        let fields = (0..<count).map {
            "t\($0): signIn(input: {email: \"\(email)\", password: \"wrong wrong wrong\"}) { userErrors { code } }"
        }
        return ["query": .string("mutation { \(fields.joined(separator: " ")) }")]
    }

    private static func codes(_ answer: JSONValue) -> [String] {
        if let batch = answer.arrayValue { return batch.flatMap(codes) }
        return answer["data"]?.objectValue?.values.elements.compactMap(\.refusal) ?? []
    }

    // MARK: Addresses

    private static let forged = [("X-Forwarded-For", "198.51.100.9, 203.0.113.50")]

    @Test func `the audit has the address that a trusted proxy tells, and no other's word for it`() async throws {
        func source(_ options: WorldOptions) async throws -> String {
            try await withWorld(options) { world in
                _ = try await Self.post(world, Self.tries("ann@clinic.example"), headers: Self.forged)
                return try await world.value("SELECT source FROM audit_events WHERE action = 'user.sign_in'")
            }
        }
        #expect(try await source(WorldOptions(isWorking: false)) == "127.0.0.1")
        let trusting = WorldOptions(isWorking: false, trustedProxies: try TrustedProxies(["127.0.0.1"]))
        // What stands further left was written by somebody who is not trusted.
        #expect(try await source(trusting) == "203.0.113.50")
    }

    @Test func `nobody gets more tries by naming other addresses`() async throws {
        func refused(_ proxies: TrustedProxies) async throws -> [String] {
            var limits = AccountLimits()
            limits.signInByAddress = RateLimit(burst: 2, step: .seconds(600))
            return try await withWorld(WorldOptions(isWorking: false, limits: limits, trustedProxies: proxies)) {
                world in
                var codes: [String] = []
                for index in 0..<4 {
                    let headers = [("X-Forwarded-For", "203.0.113.\(index)")]
                    let answer = try await Self.post(world, Self.tries("p\(index)@clinic.example"), headers: headers)
                    codes += Self.codes(answer.json)
                }
                return codes
            }
        }
        let wrong = "WRONG_CREDENTIALS", many = "TOO_MANY_ATTEMPTS"
        #expect(try await refused(TrustedProxies()) == [wrong, wrong, many, many])
        // Negative control: where a proxy is trusted, these are four addresses.
        #expect(try await refused(try TrustedProxies(["127.0.0.0/8"])) == [wrong, wrong, wrong, wrong])
    }

    @Test func `each alias of each operation of a batch is a try`() async throws {
        var limits = AccountLimits()
        limits.signInByAccount = RateLimit(burst: 5, step: .seconds(600))
        try await withWorld(WorldOptions(isWorking: false, limits: limits)) { world in
            _ = try await world.makePerson("ann@clinic.example")
            let one = Self.tries("ann@clinic.example", 3)
            let answer = try await Self.post(world, .array([one, one, one]))
            let codes = Self.codes(answer.json)
            #expect(codes.count == 9)
            #expect(codes.count { $0 == "WRONG_CREDENTIALS" } == 5, "\(answer.text)")
            #expect(codes.suffix(4).allSatisfy { $0 == "TOO_MANY_ATTEMPTS" })
            #expect(try await world.signIn("ann@clinic.example").refusal == "TOO_MANY_ATTEMPTS")
        }
    }

    @Test func `a batch is bounded before anything in it is tried`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let batch = JSONValue.array(Array(repeating: Self.tries("ann@clinic.example"), count: 11))
            let answer = try await Self.post(world, batch)
            #expect(answer.status >= 400, "\(answer.text)")
            #expect(answer.text.contains("BATCH_TOO_LARGE"))
            #expect(try await world.count("audit_events", where: "action = 'user.sign_in'") == 0)
        }
    }

    // MARK: What is denied

    @Test func `a denied subscription is audited like anything that is denied`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let body: JSONValue = ["query": "subscription { messageChanged { id } }"]
            let events = [("Accept", "text/event-stream")]
            let denied = "action = 'request.ask' AND outcome = 'REFUSED'"
            let nobody = try await Self.post(world, body, headers: events)
            #expect(nobody.text.contains("UNAUTHENTICATED"), "\(nobody.text)")
            #expect(try await world.count("audit_events", where: "\(denied) AND actor_kind = 'ANONYMOUS'") == 1)
            let platform = try await world.keys.issueForPlatform(
                role: .platformAuditor, label: "x", actor: .commandLine)
            let auditor = try await Self.post(world, body, token: platform, headers: events)
            #expect(auditor.text.contains("FORBIDDEN"), "\(auditor.text)")
            #expect(
                try await world.count(
                    "audit_events", where: "\(denied) AND actor_kind = 'API_KEY' AND source = '127.0.0.1'") == 1)
            // A query that is asked for as a stream is denied in the same way.
            _ = try await Self.post(
                world, ["query": "{ messages { totalCount } }"], token: platform, headers: events)
            #expect(try await world.count("audit_events", where: denied) == 3)
            // Negative control: what is allowed is not in it.
            let key = try await world.keys.issue(
                for: clinic.organization, role: .viewer, label: "desk", actor: .commandLine)
            let stream = try await world.stream(body.bytes, token: key)
            #expect(stream.status == 200)
            #expect(try await world.count("audit_events", where: denied) == 3)
            try await world.keys.revoke(
                try #require(try await world.authenticator.identity(of: key)).id, of: clinic.organization,
                actor: .commandLine)
            for try await _ in stream.chunks {}
        }
    }

    // MARK: Other issuers' tokens

    @Test func `a token whose key is found behind the issuer's URL is let in, and a forged one is not`() async throws {
        var provider = IdentityProvider(name: "https://idp.clinic.example")
        let first = try provider.keys
        let token = try provider.token()
        provider.keyID = "key-2"
        let later = try provider.token()
        let served = Served(first)
        let server = try RawServer { connection in
            while connection.readRequest() != nil { connection.answer(200, served.text) }
        }
        defer { server.stop() }
        let parts = token.split(separator: ".").map(String.init)
        let pem = provider.key.publicKey.pemRepresentation
        func confused(_ secret: String) -> String {
            let head = provider.encoded([UInt8](#"{"alg":"HS256","kid":"key-1"}"#.utf8))
            let mac = HMAC<SHA256>.authenticationCode(
                for: Data("\(head).\(parts[1])".utf8), using: SymmetricKey(data: Data(secret.utf8)))
            return "\(head).\(parts[1]).\(provider.encoded([UInt8](mac)))"
        }
        let forged = [
            provider.encoded([UInt8](#"{"alg":"none","kid":"key-1"}"#.utf8)) + ".\(parts[1]).", confused(pem),
            confused(first), try IdentityProvider(name: provider.name).token(),
            try provider.token(["aud": "another"]), try provider.token(["iss": "https://x.example"]),
            try provider.token(header: ["alg": "ES384"]),
        ]
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            _ = try await world.accounts.issuers.register(
                OutsideIssuers.Registration(
                    issuer: "https://idp.clinic.example", audience: "switchboard", algorithms: ["ES256"], keys: nil,
                    keysURL: server.url + "/jwks", roleMap: ["nurses": .agent]), for: clinic.organization)
            let viewer: JSONValue = ["query": "{ viewer { kind role } }"]
            let good = try await Self.post(world, viewer, token: token)
            #expect(good.json["data"]?["viewer"] == ["kind": "SUBJECT", "role": "AGENT"], "\(good.text)")
            for token in forged {
                #expect(try await Self.post(world, viewer, token: token).status == 401, "\(token)")
            }
            #expect(try await Self.post(world, viewer, token: later).status == 401)
            // The registration asked, and the unknown key; not once more for all that was forged.
            #expect(server.received.count == 2)
        }
    }

    @Test func `the provider's next key is believed when its token comes`() async throws {
        var provider = IdentityProvider(name: "https://idp.clinic.example")
        let served = Served(try provider.keys)
        let token = try provider.token()
        let server = try RawServer { connection in
            while connection.readRequest() != nil { connection.answer(200, served.text) }
        }
        defer { server.stop() }
        provider.keyID = "key-2"
        let (next, later) = (try provider.keys, try provider.token())
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            _ = try await world.accounts.issuers.register(
                OutsideIssuers.Registration(
                    issuer: "https://idp.clinic.example", audience: "switchboard", algorithms: ["ES256"], keys: nil,
                    keysURL: server.url, roleMap: ["nurses": .agent]), for: clinic.organization)
            let viewer: JSONValue = ["query": "{ viewer { role } }"]
            #expect(try await Self.post(world, viewer, token: token).status == 200)
            served.set(next)
            #expect(try await Self.post(world, viewer, token: later).status == 200)
            #expect(server.received.count == 2)
        }
    }

    @Test func `an issuer whose URL gives no keys is not registered`() async throws {
        let served = Served("nothing of the kind")
        let server = try RawServer { connection in
            while connection.readRequest() != nil { connection.answer(200, served.text) }
        }
        defer { server.stop() }
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            for url in [server.url, "http://idp.clinic.example/keys", nil] {
                await #expect(throws: AccountError.self) {
                    try await world.accounts.issuers.register(
                        OutsideIssuers.Registration(
                            issuer: "https://idp.clinic.example", audience: "switchboard", algorithms: ["ES256"],
                            keys: nil, keysURL: url), for: clinic.organization)
                }
            }
            #expect(try await world.count("issuers") == 0)
        }
    }
}
