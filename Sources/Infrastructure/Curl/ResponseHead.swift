/// The status line and header fields of an answer, taken line by line as libcurl delivers them. Interim answers
/// (1xx) are dropped when the next status line comes, and so are trailers, which arrive after the final head.
struct ResponseHead: Sendable {
    private(set) var status = 0
    private var lines: [UInt8] = []
    /// True from the empty line after a final answer's headers.
    private(set) var isFinal = false

    var headers: HTTPHeaders { HTTPHeaders(received: lines) }

    private static let newline = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    mutating func take(_ bytes: UnsafeRawBufferPointer) {
        guard !isFinal else { return }
        var end = bytes.count
        while end > 0, unsafe bytes[end - 1] == Self.newline || bytes[end - 1] == Self.carriageReturn { end -= 1 }
        let line = unsafe UnsafeRawBufferPointer(rebasing: bytes[..<end])
        if unsafe line.isEmpty {
            isFinal = status >= 200
        } else if unsafe line[0] == UInt8(ascii: "H"), unsafe line.starts(with: "HTTP/".utf8) {
            lines.removeAll(keepingCapacity: true)
            let digits = unsafe line.drop { $0 != UInt8(ascii: " ") }.dropFirst().prefix(3)
            status = unsafe Int(String(decoding: digits, as: UTF8.self)) ?? 0
        } else {
            if lines.isEmpty { lines.reserveCapacity(512) }
            unsafe lines.append(contentsOf: line)
            lines.append(Self.newline)
        }
    }
}
