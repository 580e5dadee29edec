import Curl
import Foundation
import TestServer
import Testing

/// Against `openssl s_server`, with a certificate of its own that nobody else trusts.
@Suite(.enabled(if: TLSServer.isPossible)) struct TLSTests {
    @Test func `a certificate that no authority vouches for is refused before anything is sent`() async throws {
        try await TLSServer.run { url, _ in
            let transport = try HTTPTransport()
            let error = await failure(of: post(url), transport)
            #expect(error?.kind == .tls)
            #expect(error?.delivery == .notSent)
            await transport.shutdown()
        }
    }

    @Test func `with that authority's file, it is trusted`() async throws {
        try await TLSServer.run { url, certificate in
            var configuration = TransportConfiguration()
            configuration.certificateAuthorities = certificate
            let transport = try HTTPTransport(configuration)
            let answer = try await transport.send(HTTPRequest(.get, url))
            #expect(answer.status == 200)
            await transport.shutdown()
        }
    }

    @Test func `a trusted certificate for another name is refused`() async throws {
        try await TLSServer.run { url, certificate in
            var configuration = TransportConfiguration()
            configuration.certificateAuthorities = certificate
            let transport = try HTTPTransport(configuration)
            let error = await failure(of: post(url.replacingOccurrences(of: "localhost", with: "127.0.0.1")), transport)
            #expect(error?.kind == .tls)
            #expect(error?.delivery == .notSent)
            await transport.shutdown()
        }
    }

    @Test func `a missing file of authorities is a TLS error, not trust`() async throws {
        try await TLSServer.run { url, certificate in
            var configuration = TransportConfiguration()
            configuration.certificateAuthorities = certificate + ".missing"
            let transport = try HTTPTransport(configuration)
            #expect(await failure(of: HTTPRequest(.get, url), transport)?.kind == .tls)
            await transport.shutdown()
        }
    }
}
