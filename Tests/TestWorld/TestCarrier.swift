package import Curl
import Foundation
package import GraphQL
import Logging
import Synchronization
package import TwilioSandbox

/// The sandbox of a world, on a free port, with three accounts. It can be stopped, and started again where it was.
package final class TestCarrier: Sendable {
    package struct Unexpected: Error {
        package let status: Int
        package let body: String
    }

    package let transport: HTTPTransport
    package let clock = HurriedClock()
    package let accounts: [SandboxAccount]
    private let port = Mutex(0)
    private let running = Mutex<Task<Void, any Error>?>(nil)

    init(transport: HTTPTransport) async throws {
        self.transport = transport
        accounts = ["North Clinic", "South Clinic", "West Clinic"].enumerated().map { Self.account($1, $0) }
        try await start()
    }

    /// SID and token are new each time, so that nothing found elsewhere can be this one's. Two numbers, and three
    /// messages of the past.
    private static func account(_ name: String, _ index: Int) -> SandboxAccount {
        let numbers = ["+1212555010\(index * 2)", "+1212555010\(index * 2 + 1)"]
        return SandboxAccount(
            sid: "AC\(secret())", authToken: secret(), friendlyName: name,
            apiKeys: [SandboxAPIKey(sid: "SK\(secret())", secret: secret())],
            numbers: numbers.map { SandboxNumber(phoneNumber: $0) },
            pastMessages: [
                SandboxPastMessage(
                    direction: .outbound, from: numbers[0], to: "+14155550180", body: "Your visit is tomorrow.",
                    secondsAgo: 7200),
                SandboxPastMessage(
                    direction: .inbound, from: "+14155550180", to: numbers[0], body: "Thank you", secondsAgo: 7000),
                SandboxPastMessage(
                    direction: .outbound, from: numbers[1], to: "+14155550181", body: "We are closed on Friday.",
                    status: "undelivered", errorCode: 30003, secondsAgo: 3600),
            ])
    }

    private static func secret() -> String {
        UUID().uuidString.lowercased().replacing("-", with: "")
    }

    package var url: String { "http://127.0.0.1:\(port.withLock { $0 })" }

    package func start() async throws {
        let server = try SandboxServer(
            configuration: SandboxConfiguration(port: port.withLock { $0 }, accounts: accounts, timings: .immediate),
            logger: Logger(label: "sandbox") { _ in SwiftLogNoOpLogHandler() })
        running.withLock { $0 = Task { try await server.run() } }
        let bound = try await server.waitUntilListening()
        port.withLock { $0 = bound }
    }

    package func stop() async {
        let task = running.withLock { running in
            defer { running = nil }
            return running
        }
        task?.cancel()
        _ = await task?.result
    }

    // MARK: The control API

    @discardableResult
    package func control(_ path: String, _ json: String? = nil) async throws -> JSONValue {
        let answer = try await transport.send(
            HTTPRequest(
                json == nil ? .get : .post, "\(url)/_control\(path)", body: json.map { Array($0.utf8) },
                reusePool: "control"))
        guard (200..<300).contains(answer.status) else {
            throw Unexpected(status: answer.status, body: String(decoding: answer.body, as: UTF8.self))
        }
        return answer.body.isEmpty ? .null : try JSONValue(parsing: answer.body)
    }

    /// Adds a rule; see `GET /_control`.
    package func misbehave(_ rule: String) async throws { try await control("/misbehave", rule) }

    package func behave() async throws {
        _ = try await transport.send(HTTPRequest(.delete, "\(url)/_control/misbehave", reusePool: "control"))
    }

    /// How many POSTs to Messages came for a recipient, carried out or not.
    package func posts(to recipient: String = "") async throws -> Int {
        let filter = recipient.isEmpty ? "" : "&to=\(Self.escape(recipient))"
        return Int(try await control("/requests?method=POST&path=/Messages\(filter)")["count"]?.intValue ?? -1)
    }

    /// How many messages to a recipient the carrier has.
    package func messages(to recipient: String) async throws -> Int {
        Int(try await control("/messages?to=\(Self.escape(recipient))")["count"]?.intValue ?? -1)
    }

    /// The SID of the newest message to a recipient.
    package func sid(to recipient: String) async throws -> String {
        try await control("/messages?to=\(Self.escape(recipient))")["messages"]?.arrayValue?.first?["sid"]?.stringValue
            ?? ""
    }

    package func inbound(from: String, to: String, body: String) async throws -> JSONValue {
        try await control("/inbound", #"{"from":"\#(from)","to":"\#(to)","body":"\#(body)"}"#)
    }

    private static func escape(_ text: String) -> String { text.replacing("+", with: "%2B") }
}
