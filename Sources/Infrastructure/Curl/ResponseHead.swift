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
        var line = unsafe Array(bytes)[...]
        while let last = line.last, last == Self.newline || last == Self.carriageReturn { line.removeLast() }
        if line.isEmpty {
            isFinal = status >= 200
        } else if line.starts(with: "HTTP/".utf8) {
            headers = HTTPHeaders()
            let words = String(decoding: line, as: UTF8.self).split(separator: " ")
            status = words.dropFirst().first.flatMap { Int($0) } ?? 0
        } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
            let value = line[(colon + 1)...].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            headers.append(
                String(decoding: line[..<colon], as: UTF8.self), String(decoding: value, as: UTF8.self))
        }
    }
}
