/// The status line and header fields of an answer, taken line by line as libcurl delivers them. Interim answers
/// (1xx) are dropped when the next status line comes, and so are trailers, which arrive after the final head.
struct ResponseHead: Sendable {
    private(set) var status = 0
    private(set) var headers = HTTPHeaders()
    /// True from the empty line after a final answer's headers.
    private(set) var isFinal = false

    private static let newline = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    mutating func take(_ bytes: UnsafeRawBufferPointer) {
        guard !isFinal else { return }
        var end = bytes.count
        while end > 0, unsafe bytes[end - 1] == Self.newline || bytes[end - 1] == Self.carriageReturn { end -= 1 }
        let line = unsafe UnsafeRawBufferPointer(rebasing: bytes[..<end])
        if unsafe line.isEmpty {
            isFinal = status >= 200
        } else if unsafe line.starts(with: "HTTP/".utf8) {
            headers = HTTPHeaders()
            let words = unsafe line.split(separator: UInt8(ascii: " "), maxSplits: 2)
            status = unsafe words.count > 1 ? Int(String(decoding: words[1], as: UTF8.self)) ?? 0 : 0
        } else if let colon = unsafe line.firstIndex(of: UInt8(ascii: ":")) {
            let value = unsafe line[(colon + 1)...].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            unsafe headers.append(
                String(decoding: line[..<colon], as: UTF8.self), String(decoding: value, as: UTF8.self))
        }
    }
}
