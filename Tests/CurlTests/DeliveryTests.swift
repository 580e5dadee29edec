import Curl
import Foundation
import TestServer
import Testing

@Suite struct DeliveryTests {
    @Test func `where nobody listens, nothing was sent`() async throws {
        let server = try RawServer { _ in }
        let url = server.url
        server.stop()
        let transport = try HTTPTransport()
        // The listener closes on its own thread: until then a connection may still be taken, and lost.
        var error = await failure(of: post(url), transport)
        while error?.kind != .couldNotConnect { error = await failure(of: post(url), transport) }
        #expect(error?.delivery == .notSent)
        await transport.shutdown()
    }

    @Test func `a host that does not exist cannot be resolved, and nothing was sent`() async throws {
        let transport = try HTTPTransport()
        let error = await failure(of: post("http://nowhere.invalid/"), transport)
        #expect(error?.kind == .couldNotResolve)
        #expect(error?.delivery == .notSent)
        await transport.shutdown()
    }

    @Test func `an answer that never comes is a timeout after sending`() async throws {
        try await withServer({ connection in
            _ = connection.readRequest()
            connection.waitForEnd()
        }) { transport, server in
            var request = post(server.url)
            request.totalTimeout = .seconds(1)
            let error = await failure(of: request, transport)
            #expect(error?.kind == .timedOut)
            #expect(error?.delivery == .mayHaveBeenSent)
        }
    }

    @Test func `a handshake that never ends is a timeout before sending`() async throws {
        try await withServer({ $0.waitForEnd() }) { transport, server in
            var request = post("https://127.0.0.1:\(server.port)/")
            request.connectTimeout = .milliseconds(200)
            let error = await failure(of: request, transport)
            #expect(error?.kind == .timedOut)
            #expect(error?.delivery == .notSent)
        }
    }

    @Test func `a server that does not speak TLS gets nothing`() async throws {
        try await withServer({ connection in
            _ = connection.read()
            connection.write("HTTP/1.1 400 Bad Request\r\n\r\n")
        }) { transport, server in
            let error = await failure(of: post("https://127.0.0.1:\(server.port)/"), transport)
            #expect(error?.kind == .tls)
            #expect(error?.delivery == .notSent)
        }
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nha",
        "HTTP/1.1 200 OK\r\nContent-Le",
    ])
    func `an answer cut short may have followed a sending`(answer: String) async throws {
        try await withServer({ connection in
            _ = connection.readRequest()
            connection.write(answer)
        }) { transport, server in
            let error = await failure(of: post(server.url), transport)
            #expect(error?.kind == .connectionLost)
            #expect(error?.delivery == .mayHaveBeenSent)
        }
    }

    @Test func `an answer that is not HTTP is malformed, and follows a sending`() async throws {
        try await withServer({ connection in
            _ = connection.readRequest()
            connection.write("220 smtp.example.test ready\r\n")
        }) { transport, server in
            let error = await failure(of: post(server.url), transport)
            #expect(error?.kind == .malformedResponse)
            #expect(error?.delivery == .mayHaveBeenSent)
        }
    }

    @Test func `a cancelled call ends its transfer, and says that it may have been sent`() async throws {
        let (arrived, arrival) = AsyncStream<Void>.makeStream()
        let (ended, end) = AsyncStream<Void>.makeStream()
        try await withServer({ connection in
            _ = connection.readRequest()
            arrival.finish()
            connection.waitForEnd()
            end.finish()
        }) { transport, server in
            let call = Task { await failure(of: post(server.url), transport) }
            for await _ in arrived {}
            call.cancel()
            let error = await call.value
            #expect(error?.kind == .cancelled)
            #expect(error?.delivery == .mayHaveBeenSent)
            // The server sees the connection close: the transfer is over, not merely forgotten.
            for await _ in ended {}
        }
    }

    @Test func `a call cancelled beforehand sends nothing`() async throws {
        try await withServer({ connection in
            if connection.readRequest() != nil { connection.answer() }
        }) { transport, server in
            let call = Task {
                while !Task.isCancelled { await Task.yield() }
                return await failure(of: post(server.url), transport)
            }
            call.cancel()
            let error = await call.value
            // Either it was stopped in time, or it says that it was not.
            #expect(error == nil || error?.kind == .cancelled)
            if error?.delivery == .notSent { #expect(server.received.isEmpty) }
        }
    }

    @Test func `after shutdown, calls under way and new ones end`() async throws {
        let (arrived, arrival) = AsyncStream<Void>.makeStream()
        try await withServer({ connection in
            _ = connection.readRequest()
            arrival.finish()
            connection.waitForEnd()
        }) { transport, server in
            async let underWay = failure(of: post(server.url), transport)
            for await _ in arrived {}
            await transport.shutdown()
            let first = await underWay
            #expect(first?.kind == .shutDown)
            #expect(first?.delivery == .mayHaveBeenSent)
            let later = await failure(of: post(server.url), transport)
            #expect(later?.kind == .shutDown)
            #expect(later?.delivery == .notSent)
        }
    }
}
