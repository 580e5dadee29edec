import Curl
import TestServer
import Testing

@Suite struct StreamTests {
    @Test func `headers come before the body, and chunks as they are sent`() async throws {
        let (permission, permit) = AsyncStream<Void>.makeStream()
        let permitted = Permission(permission)
        try await withServer({ connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
            permitted.wait()
            connection.write("data: 1\n\n")
            permitted.wait()
            connection.write("data: 2\n\n")
        }) { transport, server in
            let stream = try await transport.stream(HTTPRequest(.get, server.url, totalTimeout: nil))
            #expect(stream.status == 200)
            #expect(stream.headers["content-type"] == "text/event-stream")
            permit.yield()
            var texts: [String] = []
            for try await chunk in stream.chunks {
                texts.append(String(decoding: chunk, as: UTF8.self))
                permit.yield()
            }
            #expect(texts == ["data: 1\n\n", "data: 2\n\n"])
        }
    }

    @Test func `a stream that breaks off ends with an error`() async throws {
        try await withServer({ connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n")
        }) { transport, server in
            let stream = try await transport.stream(HTTPRequest(.get, server.url, totalTimeout: nil))
            await #expect(throws: TransportError.self) {
                for try await _ in stream.chunks {}
            }
        }
    }

    @Test func `a reader that stops ends the transfer`() async throws {
        let (ended, end) = AsyncStream<Void>.makeStream()
        try await withServer({ connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\n\r\nfirst")
            connection.waitForEnd()
            end.finish()
        }) { transport, server in
            do {
                let stream = try await transport.stream(HTTPRequest(.get, server.url, totalTimeout: nil))
                for try await _ in stream.chunks { break }
            }
            for await _ in ended {}
        }
    }

    @Test func `a stream that nobody answers fails as a call does`() async throws {
        try await withServer({ connection in
            if connection.readRequest() != nil { connection.reset() }
        }) { transport, server in
            await #expect(throws: TransportError.self) {
                _ = try await transport.stream(post(server.url))
            }
        }
    }
}
