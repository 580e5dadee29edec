import Curl
import TestServer

/// Runs a transport against a scripted server, and ends both.
func withServer(
    _ script: @escaping RawServer.Script, _ body: (HTTPTransport, RawServer) async throws -> Void
) async throws {
    try await withServer(TransportConfiguration(), script, body)
}

func withServer(
    _ configuration: TransportConfiguration, _ script: @escaping RawServer.Script,
    _ body: (HTTPTransport, RawServer) async throws -> Void
) async throws {
    let server = try RawServer(script)
    defer { server.stop() }
    let transport = try HTTPTransport(configuration)
    do {
        try await body(transport, server)
        await transport.shutdown()
    } catch {
        await transport.shutdown()
        throw error
    }
}

/// The error that a request ends with, or nil when it is answered.
func failure(of request: HTTPRequest, _ transport: HTTPTransport) async -> TransportError? {
    do throws(TransportError) {
        _ = try await transport.send(request)
        return nil
    } catch {
        return error
    }
}

func post(_ url: String, _ body: String = "a=b", pool: String? = nil) -> HTTPRequest {
    HTTPRequest(
        .post, url, headers: ["Content-Type": "application/x-www-form-urlencoded"], body: Array(body.utf8),
        reusePool: pool)
}
