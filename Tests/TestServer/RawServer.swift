import Foundation
import Synchronization

/// A server on a loopback socket that does just what its script says, byte by byte: what a well-behaved HTTP server
/// library would never do is what transports have to be tested with.
///
/// Each accepted connection runs the script on a thread of its own. `stop()` closes what is open.
package final class RawServer: Sendable {
    package typealias Script = @Sendable (RawConnection) -> Void

    package struct CannotListen: Error {}

    package let port: Int
    private let listener: Int32
    private let state = Mutex(State())

    private struct State {
        var open: [RawConnection] = []
        var accepted = 0
        var received: [ReceivedRequest] = []
        var isStopped = false
    }

    package init(_ script: @escaping Script) throws {
        (listener, port) = try Self.listen()
        let thread = Thread { [self] in acceptAll(script) }
        thread.start()
    }

    package var url: String { "http://127.0.0.1:\(port)" }

    /// Every request read whole, in order.
    package var received: [ReceivedRequest] { state.withLock { $0.received } }

    package var connectionCount: Int { state.withLock { $0.accepted } }

    package func stop() {
        let open = state.withLock { state in
            state.isStopped = true
            defer { state.open = [] }
            return state.open
        }
        shutdown(listener, Int32(SHUT_RDWR))
        for connection in open { connection.hangUp() }
    }

    func record(_ request: ReceivedRequest) {
        state.withLock { $0.received.append(request) }
    }

    private func acceptAll(_ script: @escaping Script) {
        defer { close(listener) }
        while true {
            let socket = accept(listener, nil, nil)
            guard socket >= 0 else { return }
            let connection: RawConnection? = state.withLock { state in
                guard !state.isStopped else { return nil }
                let connection = RawConnection(socket: socket, number: state.accepted, server: self)
                state.accepted += 1
                state.open.append(connection)
                return connection
            }
            guard let connection else {
                close(socket)
                return
            }
            let thread = Thread {
                script(connection)
                connection.close()
            }
            thread.start()
        }
    }

    private static func listen() throws -> (socket: Int32, port: Int) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        var length = size
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, size) == 0 && Glibc.listen(listener, 128) == 0
                    && getsockname(listener, address, &length) == 0
            }
        }
        guard listener >= 0, isListening else { throw CannotListen() }
        return (listener, Int(UInt16(bigEndian: address.sin_port)))
    }
}

/// What a client sent.
package struct ReceivedRequest: Sendable {
    /// Of the connection it came on, from 0.
    package let connection: Int
    package let method: String
    /// Path and query.
    package let target: String
    package let headers: [String: String]
    package let body: [UInt8]

    package var bodyText: String { String(decoding: body, as: UTF8.self) }
}
