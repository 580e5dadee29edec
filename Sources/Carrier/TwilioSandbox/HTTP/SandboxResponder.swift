import HTTPTypes
import HummingbirdCore
import NIOCore

/// Takes a request off the wire and puts the answer on it, or does not.
struct SandboxResponder: Sendable {
    /// Twilio's bodies are small; more is answered 413.
    static let maximumBodyBytes = 1 << 20

    let carrier: Carrier
    let control: ControlAPI
    let apiLatency: Duration
    let connections = ConnectionTable()

    func respond(to request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel) async throws {
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: SandboxResponder.maximumBodyBytes)
        } catch is NIOTooManyBytesError {
            let fault = TwilioFault(20001, "The request body is too large", status: 413)
            return try await write(fault.answer, to: writer, closing: true)
        }
        let isReused = connections.noteRequest(on: channel)
        let received = SandboxRequest(
            method: request.method.rawValue, target: request.head.path ?? "/",
            authorization: request.headers[.authorization], contentType: request.headers[.contentType],
            host: request.head.authority, body: Array(body.readableBytesView))
        if let answer = await answerBesideTheAPI(received, from: channel) {
            return try await write(answer, to: writer, closing: false)
        }
        let (verdict, answer) = carrier.handle(received, isReused: isReused)
        defer { if let account = answer?.holds { carrier.release(account) } }
        guard verdict.delivery != .dropBefore else { return await close(channel) }
        let latency = apiLatency + verdict.latency
        if latency > .zero { try await Task.sleep(for: latency) }
        guard let answer, verdict.delivery != .dropAfter else { return await close(channel) }
        if verdict.delivery == .truncate {
            try await writeHalf(answer, to: writer)
            return await close(channel)
        }
        try await write(answer, to: writer, closing: false)
    }

    /// The page and the control API; the latter for loopback callers that name a loopback host only, so that neither
    /// another machine nor a page of another site in a browser here (by DNS rebinding) can use it.
    private func answerBesideTheAPI(_ request: SandboxRequest, from channel: any Channel) async -> SandboxAnswer? {
        switch request.segments.first {
        case nil where request.method == "GET":
            return .html(carrier.withState { StatusPage.html($0) })
        case "_media": return SandboxResponder.medium
        case "_files" where Loopback.isPeer(channel.remoteAddress):
            return await CustomerFile.answer(request, of: carrier)
        case "_control":
            guard Loopback.isPeer(channel.remoteAddress), Loopback.isHost(request.host) else {
                return .json(403, ["error": "the control API answers on loopback only"])
            }
            return await control.answer(request)
        default: return nil
        }
    }

    /// Those of every answer, taken apart once.
    private static let names: [String: HTTPField.Name] = Dictionary(
        uniqueKeysWithValues: ["Date", "Twilio-Request-Id", "Twilio-Concurrent-Requests", "Twilio-Request-Duration"]
            .compactMap { name in HTTPField.Name(name).map { (name, $0) } })

    /// Media need no password, as at the signed addresses that Twilio redirects to.
    private static let medium = SandboxAnswer(status: 200, contentType: "image/png", body: MediaRecord.pixel)

    private func head(_ answer: SandboxAnswer, closing: Bool) -> HTTPResponse {
        var head = HTTPResponse(status: .init(code: answer.status))
        if let type = answer.contentType { head.headerFields[.contentType] = type }
        // 204 has no body and, by RFC 9110 section 8.6, no Content-Length.
        if answer.status != 204 { head.headerFields[.contentLength] = String(answer.body.count) }
        if closing { head.headerFields[.connection] = "close" }
        for (name, value) in answer.headers {
            if let name = SandboxResponder.names[name] ?? HTTPField.Name(name) { head.headerFields[name] = value }
        }
        return head
    }

    private func write(
        _ answer: SandboxAnswer, to writer: consuming ResponseWriter, closing: Bool
    ) async throws {
        let head = head(answer, closing: closing)
        guard !answer.body.isEmpty else { return try await writer.writeResponse(head) }
        try await writer.write(response: head, body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
    }

    private func writeHalf(_ answer: SandboxAnswer, to writer: consuming ResponseWriter) async throws {
        var body = try await writer.writeHead(head(answer, closing: false))
        try await body.write(ByteBuffer(bytes: answer.body.prefix(answer.body.count / 2)))
    }

    private func close(_ channel: any Channel) async {
        // It may be closed already by the other side, which is as good.
        try? await channel.close()
    }
}

enum Loopback {
    static func isPeer(_ address: SocketAddress?) -> Bool {
        guard let ip = address?.ipAddress else { return false }
        return ip.hasPrefix("127.") || ip == "::1" || ip.hasPrefix("::ffff:127.")
    }

    /// - Parameter host: a `Host` header, with or without a port.
    static func isHost(_ host: String?) -> Bool {
        guard let host else { return false }
        let name = host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
        return name == "localhost" || name == "[::1]" || name.hasPrefix("127.")
    }
}
