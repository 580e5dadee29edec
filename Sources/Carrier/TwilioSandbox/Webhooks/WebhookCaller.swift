import AsyncHTTPClient
import FoundationEssentials
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Makes webhook calls as Twilio's proxy does: signed, within 15 s, tried again once when no connection came about.
final class WebhookCaller: Sendable {
    private enum State {
        case idle
        /// By how many milliseconds a connection may take: async-http-client knows that for a whole client only.
        case running([Int: HTTPClient])
        case stopped
    }

    /// The client is made at the first call: one that is never used need not be shut down.
    private let state = Mutex(State.idle)
    private let logger: Logger

    init(logger: Logger) { self.logger = logger }

    private static func makeClient(connectMilliseconds: Int) -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        configuration.timeout = .init(connect: .milliseconds(Int64(connectMilliseconds)), read: .seconds(15))
        configuration.redirectConfiguration = .follow(max: 10, allowCycles: false)
        // Idle connections die young, so that a server which closes them rarely loses a callback to the race.
        // Twilio's proxy does not keep callbacks waiting for each other.
        configuration.connectionPool = .init(
            idleTimeout: .seconds(2), concurrentHTTP1ConnectionsPerHostSoftLimit: 256)
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
    }

    /// Nil after the shutdown.
    private func client(connectMilliseconds: Int) -> HTTPClient? {
        state.withLock { state in
            var clients: [Int: HTTPClient] = [:]
            switch state {
            case .idle: break
            case .running(let running): clients = running
            case .stopped: return nil
            }
            if let client = clients[connectMilliseconds] { return client }
            let client = WebhookCaller.makeClient(connectMilliseconds: connectMilliseconds)
            clients[connectMilliseconds] = client
            state = .running(clients)
            return client
        }
    }

    func shutdown() async {
        let clients = state.withLock { state -> [Int: HTTPClient] in
            defer { state = .stopped }
            if case .running(let clients) = state { return clients }
            return [:]
        }
        for client in clients.values {
            do {
                try await client.shutdown()
            } catch {
                logger.warning("closing webhook connections", metadata: ["error": "\(error)"])
            }
        }
    }

    func perform(_ call: WebhookCall) async -> WebhookResult {
        guard let url = WebhookURL(call.url) else {
            return WebhookResult(error: "not a valid URL", attempts: 0)
        }
        let request = request(call, to: url)
        let overrides = url.overrides
        let deadline = NIODeadline.now() + .milliseconds(Int64(overrides.totalMilliseconds))
        var attempts = 0
        while true {
            attempts += 1
            let (result, retry) = await attempt(request, deadline: deadline, overrides: overrides)
            let isLast = attempts > overrides.retries || NIODeadline.now() >= deadline || Task.isCancelled
            if isLast || !(retry.map(overrides.retries) ?? false) {
                var result = result
                result.attempts = attempts
                return result
            }
        }
    }

    private func request(_ call: WebhookCall, to url: WebhookURL) -> HTTPClientRequest {
        var called = url.called
        if call.method == "GET" {
            called += (called.contains("?") ? "&" : "?") + call.parameters.urlEncoded
        }
        if let json = call.json {
            called += (called.contains("?") ? "&" : "?") + "bodySHA256=" + RequestSigner.sha256(json)
        }
        var request = HTTPClientRequest(url: called)
        request.method = call.method == "GET" ? .GET : .POST
        let signed = call.method == "GET" || call.json != nil ? Parameters() : call.parameters
        var signature = RequestSigner.signature(token: call.signingToken, url: called, form: signed)
        if call.signsWrongly {
            signature = RequestSigner.signature(token: call.signingToken + "-wrong", url: called, form: signed)
        }
        request.headers.add(name: "X-Twilio-Signature", value: signature)
        request.headers.add(name: "I-Twilio-Idempotency-Token", value: call.idempotencyToken)
        request.headers.add(name: "User-Agent", value: "TwilioProxy/1.1")
        request.headers.add(name: "Accept", value: "*/*")
        if let json = call.json {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: json))
        } else if call.method != "GET" {
            request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded; charset=UTF-8")
            request.body = .bytes(ByteBuffer(string: call.parameters.urlEncoded))
        }
        return request
    }

    /// What the system says when no connection came about.
    private static let unconnected: Set<CInt> = [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH]

    /// - Returns: the result, and the policy under which it would be tried again.
    private func attempt(
        _ request: HTTPClientRequest, deadline: NIODeadline, overrides: ConnectionOverrides
    ) async -> (WebhookResult, ConnectionOverrides.RetryPolicy?) {
        guard let client = client(connectMilliseconds: overrides.connectMilliseconds) else {
            return (WebhookResult(error: "the sandbox has stopped", attempts: 0), nil)
        }
        let limit = min(deadline, .now() + .milliseconds(Int64(overrides.readMilliseconds)))
        do {
            let response = try await client.execute(request, deadline: limit, logger: nil)
            let body = try await response.body.collect(upTo: TwiMLDocument.maximumBytes + 1)
            let status = Int(response.status.code)
            let result = WebhookResult(
                status: status, attempts: 0, contentType: response.headers.first(name: "Content-Type"),
                body: Array(body.readableBytesView))
            switch status {
            case 400..<500: return (result, .clientErrors)
            case 500...: return (result, .serverErrors)
            default: return (result, nil)
            }
        } catch let error as HTTPClientError where error == .connectTimeout {
            return (WebhookResult(error: "11205 connection timed out", attempts: 0), .connect)
        } catch let error as HTTPClientError where error == .deadlineExceeded || error == .readTimeout {
            return (WebhookResult(error: "11200 no answer in time", attempts: 0), .read)
        } catch is NIOConnectionError {
            return (WebhookResult(error: "11205 connection failed", attempts: 0), .connect)
        } catch let error as IOError where WebhookCaller.unconnected.contains(error.errnoCode) {
            return (WebhookResult(error: "11205 connection failed", attempts: 0), .connect)
        } catch is NIOTooManyBytesError {
            return (WebhookResult(error: "11750 answer larger than 64 kB", attempts: 0), nil)
        } catch {
            return (WebhookResult(error: "11200 \(error)", attempts: 0), .read)
        }
    }
}
