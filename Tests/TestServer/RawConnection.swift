import Foundation
import Synchronization

/// One accepted connection, in the hands of the script.
package final class RawConnection: Sendable {
    /// From 0, in order of acceptance.
    package let number: Int
    private let server: RawServer
    private let descriptor: Mutex<Int32?>
    private let waiting = Mutex<[UInt8]>([])

    init(socket: Int32, number: Int, server: RawServer) {
        descriptor = Mutex(socket)
        self.number = number
        self.server = server
    }

    /// Reads one HTTP/1.1 request with its `Content-Length` body and records it; nil when the client is gone.
    package func readRequest() -> ReceivedRequest? {
        var bytes: [UInt8] = []
        while true {
            if let request = parse(&bytes) {
                waiting.withLock { $0 = bytes }
                server.record(request)
                return request
            }
            guard let more = read() else { return nil }
            bytes += more
        }
    }

    /// What has come, at least one byte; nil at the end.
    package func read() -> [UInt8]? {
        let left = waiting.withLock { left in
            defer { left = [] }
            return left
        }
        if !left.isEmpty { return left }
        guard let socket = descriptor.withLock({ $0 }) else { return nil }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = recv(socket, &bytes, bytes.count, 0)
        return count > 0 ? Array(bytes[..<count]) : nil
    }

    package func write(_ text: String) {
        write(Array(text.utf8))
    }

    package func write(_ bytes: [UInt8]) {
        guard let socket = descriptor.withLock({ $0 }) else { return }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// A whole answer with `Content-Length`.
    package func answer(_ status: Int = 200, headers: [String] = [], _ body: String = "") {
        let lines = ["HTTP/1.1 \(status) Scripted", "Content-Length: \(body.utf8.count)"] + headers
        write(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }

    /// Blocks until the client closes.
    package func waitForEnd() {
        while read() != nil {}
    }

    /// Closes with a reset instead of a proper end.
    package func reset() {
        descriptor.withLock { socket in
            guard let open = socket else { return }
            var now = linger(l_onoff: 1, l_linger: 0)
            setsockopt(open, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
            Glibc.close(open)
            socket = nil
        }
    }

    package func close() {
        descriptor.withLock { socket in
            if let open = socket { Glibc.close(open) }
            socket = nil
        }
    }

    /// Ends reads and writes under way, and leaves the closing to the script's thread.
    func hangUp() {
        descriptor.withLock { socket in
            if let open = socket { shutdown(open, Int32(SHUT_RDWR)) }
        }
    }

    private func parse(_ bytes: inout [UInt8]) -> ReceivedRequest? {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ").map(String.init)
        guard words.count == 3 else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let pair = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 2 { headers[pair[0].lowercased()] = pair[1].trimmingCharacters(in: .whitespaces) }
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        guard bytes.count - end.upperBound >= length else { return nil }
        let body = Array(bytes[end.upperBound...].prefix(length))
        bytes.removeFirst(end.upperBound + length)
        return ReceivedRequest(
            connection: number, method: words[0], target: words[1], headers: headers, body: body)
    }
}
