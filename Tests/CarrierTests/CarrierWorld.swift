import Curl
import Foundation
import Logging
import Synchronization
import Testing
import Twilio
import TwilioSandbox
import Vault

/// A sandbox whose clock stands still, our client over real sockets, and a customer's webhook server.
struct CarrierWorld: Sendable {
    static let noon = Date(timeIntervalSince1970: 1_700_000_000)
    /// The clinic's number.
    static let own = "+12125550100"
    static let clinic = SandboxAccount(
        sid: "AC" + String(repeating: "a", count: 32), authToken: "token-of-the-clinic",
        testSid: "AC" + String(repeating: "e", count: 32), testAuthToken: "token-for-tests",
        friendlyName: "North Clinic",
        numbers: [
            SandboxNumber(phoneNumber: own),
            SandboxNumber(phoneNumber: "+12125550101", smsEnabled: false, mmsEnabled: false),
        ])
    static let firm = SandboxAccount(
        sid: "AC" + String(repeating: "b", count: 32), authToken: "token-of-the-firm", friendlyName: "Advisory Firm",
        type: .trial, numbers: [SandboxNumber(phoneNumber: "+13035550100")], verifiedCallerIds: ["+14155550111"])

    let base: String
    let transport: HTTPTransport
    /// The clinic's, by its auth token.
    let client: TwilioClient
    let hooks: WebhookServer
    private let tried = TriedCalls()

    /// Runs a scenario, and holds what it tried against its part of the table.
    static func run(trying calls: [String] = [], _ scenario: (CarrierWorld) async throws -> Void) async throws {
        let server = try SandboxServer(
            configuration: SandboxConfiguration(
                seed: 7, accounts: [clinic, firm],
                timings: SandboxTimings(apiLatency: .zero, sent: .seconds(1), delivered: .seconds(2)),
                clock: .stopped(at: noon)),
            logger: Logger(label: "sandbox", factory: { _ in SwiftLogNoOpLogHandler() }))
        let hooks = try WebhookServer(token: clinic.authToken)
        defer { hooks.stop() }
        let transport = try HTTPTransport()
        let running = Task { try await server.run() }
        let outcome: Result<Void, any Error>
        do {
            let base = "http://127.0.0.1:\(try await server.waitUntilListening())"
            let world = CarrierWorld(
                base: base, transport: transport,
                client: try client(of: clinic.sid, token: clinic.authToken, at: base, transport), hooks: hooks)
            try await scenario(world)
            #expect(hooks.refused == [], "webhooks whose signature we refuse")
            #expect(Set(calls).subtracting(world.tried.names) == [], "in the table, and not tried")
            #expect(world.tried.names.subtracting(calls) == [], "tried, and not in the table")
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        running.cancel()
        _ = try? await running.value
        await transport.shutdown()
        try outcome.get()
    }

    // MARK: Clients

    private static func client(
        of account: String, token: String, at base: String, _ transport: HTTPTransport
    ) throws -> TwilioClient {
        TwilioClient(
            account: try #require(AccountSid(account)), authentication: .authToken(SharedSecret(try Secret(token))),
            endpoints: try TwilioEndpoints(base: base), transport: transport, userAgent: "switchboard-tests/1")
    }

    /// Another account's client, with traffic limits of its own.
    func client(of account: String, token: String) throws -> TwilioClient {
        try Self.client(of: account, token: token, at: base, transport)
    }

    func client(of account: AccountSid, token: SharedSecret) throws -> TwilioClient {
        TwilioClient(
            account: account, authentication: .authToken(token), endpoints: try TwilioEndpoints(base: base),
            transport: transport, userAgent: "switchboard-tests/1")
    }

    /// The clinic's client by an API key.
    func client(key: KeySid, secret: SharedSecret) throws -> TwilioClient {
        TwilioClient(
            account: client.account, authentication: .apiKey(key, secret),
            endpoints: try TwilioEndpoints(base: base), transport: transport, userAgent: "switchboard-tests/1")
    }

    // MARK: The carrier's other side

    @discardableResult
    func control(_ method: HTTPRequest.Method, _ path: String, _ json: OpenJSON? = nil) async throws -> OpenJSON {
        let answer = try await transport.send(
            HTTPRequest(
                method, base + "/_control" + path, headers: ["Content-Type": "application/json"],
                body: json.map { Array($0.text.utf8) }))
        try #require((200..<300).contains(answer.status), "\(method.rawValue) \(path): \(answer.status)")
        return answer.body.isEmpty ? .null : try JSONDecoder().decode(OpenJSON.self, from: Data(answer.body))
    }

    /// What the control API answers to any bytes.
    func status(of body: [UInt8], to path: String) async throws -> Int {
        try await transport.send(
            HTTPRequest(.post, base + "/_control" + path, headers: ["Content-Type": "application/json"], body: body)
        ).status
    }

    func advance(_ seconds: Int) async throws {
        try await control(.post, "/clock", .object(["advance": .number(Decimal(seconds))]))
    }

    struct NeverCame: Error {}

    /// Moves the clock on until something is there. Webhooks travel in real time, so each step waits a moment.
    func until<Found>(step: Int = 1, _ condition: () async throws -> Found?) async throws -> Found {
        for _ in 0..<2000 {
            if let found = try await condition() { return found }
            try await advance(step)
            try await Task.sleep(for: .milliseconds(5))
        }
        throw NeverCame()
    }

    func until(step: Int = 1, so condition: () async throws -> Bool) async throws {
        _ = try await until(step: step) { try await condition() ? true : nil }
    }

    /// The first calls that came to a path, once there are so many.
    func told(_ path: String, count: Int = 1) async throws -> [FormBody] {
        try await until { hooks.at(path).count >= count ? hooks.at(path) : nil }
    }

    // MARK: What was tried

    /// Notes a call of the client by its name in Swift, and hands on what it gave.
    @discardableResult
    func did<Result>(_ call: String, _ result: Result) -> Result {
        tried.note(call)
        return result
    }

    func made<Resource>(
        _ call: String, _ outcome: CreationOutcome<Resource>, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Resource {
        tried.note(call)
        return try accepted(outcome, sourceLocation: sourceLocation)
    }

    /// A whole list, read one by one over several pages, and the same as in one piece.
    func paged<Element>(
        _ call: String, sourceLocation: SourceLocation = #_sourceLocation,
        _ list: (_ pageSize: Int) -> ResourceList<Element>
    ) async throws -> [Element] {
        tried.note(call)
        var pages = list(1).pages()
        var elements: [Element] = []
        var count = 0
        while let page = try await pages.next() {
            count += 1
            elements += page.elements
        }
        let whole = try await all(list(1000))
        #expect(count > 1, "\(call) was to run over several pages", sourceLocation: sourceLocation)
        #expect(elements.map(Self.identity(of:)) == whole.map(Self.identity(of:)), sourceLocation: sourceLocation)
        return elements
    }

    /// What an element of a list is known by: its SID, or whatever its type has first.
    private static func identity(of element: some Any) -> String {
        let children = Mirror(reflecting: element).children
        let sid = children.first { ["sid", "callSid", "portInRequestSid", "category"].contains($0.label) }
        return (sid ?? children.first).map { "\($0.value)" } ?? ""
    }

    /// A list that has too little for several pages.
    func listed<Element>(_ call: String, _ list: ResourceList<Element>) async throws -> [Element] {
        tried.note(call)
        return try await all(list)
    }
}

/// The names of the calls tried so far.
private final class TriedCalls: Sendable {
    private let noted = Mutex<Set<String>>([])

    var names: Set<String> { noted.withLock { $0 } }

    func note(_ name: String) {
        _ = noted.withLock { $0.insert(name) }
    }
}
