import AsyncHTTPClient
import Foundation
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import TwilioSandbox

/// A sandbox on a free port, for the time of a test.
struct Sandbox: Sendable {
    static let noon = Date(timeIntervalSince1970: 1_700_000_000)
    static let clinic = SandboxAccount(
        sid: "AC" + String(repeating: "a", count: 32), authToken: "token-of-the-clinic", friendlyName: "North Clinic",
        apiKeys: [
            SandboxAPIKey(sid: "SK" + String(repeating: "1", count: 32), secret: "standard-secret"),
            SandboxAPIKey(sid: "SK" + String(repeating: "2", count: 32), secret: "main-secret", isMain: true),
        ],
        numbers: [
            SandboxNumber(phoneNumber: "+12125550100"),
            SandboxNumber(phoneNumber: "+12125550101", smsEnabled: false, mmsEnabled: false),
        ])
    static let firm = SandboxAccount(
        sid: "AC" + String(repeating: "b", count: 32), authToken: "token-of-the-firm", friendlyName: "Advisory Firm",
        type: .trial, numbers: [SandboxNumber(phoneNumber: "+13035550100")], verifiedCallerIds: ["+14155550111"])

    let port: Int
    let client: HTTPClient
    let server: SandboxServer

    static func make(
        _ accounts: [SandboxAccount],
        timings: SandboxTimings = SandboxTimings(apiLatency: .zero, sent: .seconds(1), delivered: .seconds(2)),
        clock: SandboxConfiguration.Clock = .stopped(at: noon), seed: UInt64 = 7
    ) throws(SandboxError) -> SandboxServer {
        try SandboxServer(
            configuration: SandboxConfiguration(seed: seed, accounts: accounts, timings: timings, clock: clock),
            logger: Logger(label: "sandbox", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    /// Runs a sandbox whose clock stands still, so that messages move only when the test says so.
    static func with(
        seed: UInt64 = 7, accounts: [SandboxAccount] = [clinic, firm], _ body: (Sandbox) async throws -> Void
    ) async throws {
        let server = try make(accounts, seed: seed)
        let client = HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton)
        let running = Task { try await server.run() }
        let outcome: Result<Void, any Error>
        do {
            let port = try await server.waitUntilListening()
            try await body(Sandbox(port: port, client: client, server: server))
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        running.cancel()
        _ = try? await running.value
        try await client.shutdown()
        try outcome.get()
    }

    enum Verb: String, Sendable {
        case get = "GET"
        case post = "POST"
        case delete = "DELETE"
    }

    struct Reply: Sendable {
        let status: Int
        let retryAfter: String?
        let text: String
        let json: Value
        var code: Int? { json["code"].int }
    }

    func send(
        _ method: Verb, _ target: String, user: String? = nil, password: String? = nil, form: [(String, String)]? = nil,
        json: String? = nil, host: String? = nil
    ) async throws -> Reply {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(target)")
        request.method = HTTPMethod(rawValue: method.rawValue)
        if let user, let password {
            request.headers.add(
                name: "Authorization", value: "Basic " + Data("\(user):\(password)".utf8).base64EncodedString())
        }
        if let form {
            request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
            let encoded = form.map { Sandbox.escape($0.0) + "=" + Sandbox.escape($0.1) }.joined(separator: "&")
            request.body = .bytes(ByteBuffer(string: encoded))
        }
        if let host { request.headers.add(name: "Host", value: host) }
        if let json { request.body = .bytes(ByteBuffer(string: json)) }
        let response = try await client.execute(request, timeout: .seconds(30))
        let text = String(buffer: try await response.body.collect(upTo: 1 << 22))
        return Reply(
            status: Int(response.status.code), retryAfter: response.headers.first(name: "Retry-After"), text: text,
            json: Value(parsing: text))
    }

    /// A call of an account to a path below its own.
    func api(
        _ method: Verb, _ path: String, as account: SandboxAccount = Sandbox.clinic,
        form: [(String, String)]? = nil
    ) async throws -> Reply {
        try await send(
            method, "/2010-04-01/Accounts/\(account.sid)\(path)", user: account.sid, password: account.authToken,
            form: form)
    }

    func control(_ method: Verb, _ path: String, _ json: String? = nil) async throws -> Reply {
        try await send(method, "/_control" + path, json: json)
    }

    @discardableResult
    func advance(_ seconds: Int) async throws -> Reply {
        try await control(.post, "/clock", "{\"advance\":\(seconds)}")
    }

    /// Creates a message of the clinic.
    func create(to: String = "+14155550123", body: String = "Hello", callback: String? = nil) async throws -> Reply {
        var form = [("To", to), ("From", "+12125550100"), ("Body", body)]
        if let callback { form.append(("StatusCallback", callback)) }
        return try await api(.post, "/Messages.json", form: form)
    }

    static func escape(_ text: String) -> String {
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._~")
        return text.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
    }
}

/// JSON to look into; a missing member is `.missing`, never null.
enum Value: Sendable, Equatable {
    case missing, null, bool(Bool), number(Double), string(String), array([Value]), object([String: Value])

    init(parsing text: String) {
        guard let parsed = try? JSONDecoder().decode(Value.self, from: Data(text.utf8)) else {
            self = .missing
            return
        }
        self = parsed
    }

    subscript(name: String) -> Value {
        if case .object(let members) = self { return members[name] ?? .missing }
        return .missing
    }

    subscript(index: Int) -> Value {
        if case .array(let elements) = self, elements.indices.contains(index) { return elements[index] }
        return .missing
    }

    var string: String? { if case .string(let text) = self { text } else { nil } }
    var int: Int? { if case .number(let number) = self { Int(number) } else { nil } }
    var bool: Bool? { if case .bool(let bool) = self { bool } else { nil } }
    var array: [Value] { if case .array(let elements) = self { elements } else { [] } }
    var isNull: Bool { self == .null }
}

extension Value: Decodable {
    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let bool = try? value.decode(Bool.self) {
            self = .bool(bool)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .string(text)
        } else if let elements = try? value.decode([Value].self) {
            self = .array(elements)
        } else {
            self = .object(try value.decode([String: Value].self))
        }
    }
}

/// A customer's webhook server that keeps what it gets.
final class Receiver: Sendable {
    struct Received: Sendable {
        let method: String
        let target: String
        let signature: String
        let idempotencyToken: String
        let form: Parameters
    }

    private struct State {
        var received: [Received] = []
        var status = 200
        var contentType: String?
        var body = ""
    }

    private let state = Mutex(State())
    private let portBox = Mutex(0)

    var base: String { "http://127.0.0.1:\(portBox.withLock { $0 })" }
    var received: [Received] { state.withLock { $0.received } }

    func answer(_ status: Int, _ contentType: String? = nil, _ body: String = "") {
        state.withLock { state in (state.status, state.contentType, state.body) = (status, contentType, body) }
    }

    static func with(_ body: (Receiver) async throws -> Void) async throws {
        let receiver = Receiver()
        let (ports, port) = AsyncStream<Int>.makeStream()
        let server = Server(
            childChannelSetup: HTTP1Channel { request, writer, _ in
                let bytes = try await request.body.collect(upTo: 1 << 20)
                let head = receiver.note(request, Array(bytes.readableBytesView))
                try await writer.write(response: head.0, body: ResponseBody(byteBuffer: ByteBuffer(string: head.1)))
            },
            configuration: ServerConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in port.yield(channel.localAddress?.port ?? 0) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "receiver", factory: { _ in SwiftLogNoOpLogHandler() }))
        let running = Task { try await server.run() }
        for await found in ports.prefix(1) { receiver.portBox.withLock { $0 = found } }
        let outcome: Result<Void, any Error>
        do {
            try await body(receiver)
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        running.cancel()
        _ = try? await running.value
        try outcome.get()
    }

    private func note(_ request: Request, _ body: [UInt8]) -> (HTTPResponse, String) {
        func header(_ name: String) -> String {
            HTTPField.Name(name).flatMap { request.headers[$0] } ?? ""
        }
        return state.withLock { state in
            state.received.append(
                Received(
                    method: request.method.rawValue, target: request.head.path ?? "",
                    signature: header("X-Twilio-Signature"), idempotencyToken: header("I-Twilio-Idempotency-Token"),
                    form: Parameters(urlEncoded: body)))
            var head = HTTPResponse(status: .init(code: state.status))
            if let type = state.contentType { head.headerFields[.contentType] = type }
            head.headerFields[.contentLength] = String(state.body.utf8.count)
            return (head, state.body)
        }
    }

    /// Waits until so many calls have come; the test's time limit bounds it.
    func wait(for count: Int) async throws -> [Received] {
        while received.count < count { try await Task.sleep(for: .milliseconds(2)) }
        return received
    }
}
