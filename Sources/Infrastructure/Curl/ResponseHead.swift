/// The status line and header fields of an answer, taken line by line as libcurl delivers them. Interim answers
/// (1xx) are dropped when the next status line comes, and so are trailers, which arrive after the final head.
struct ResponseHead: Sendable {
    private(set) var status = 0
    private(set) var headers = HTTPHeaders()
    /// True from the empty line after a final answer's headers.
    private(set) var isFinal = false

    mutating func take(_ bytes: UnsafeRawBufferPointer) {
        guard !isFinal else { return }
        var line = unsafe String(decoding: bytes, as: UTF8.self)
        while line.last?.isNewline == true { line.removeLast() }
        if line.isEmpty {
            isFinal = status >= 200
        } else if line.hasPrefix("HTTP/") {
            headers = HTTPHeaders()
            status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        } else if let colon = line.firstIndex(of: ":") {
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            headers.append(String(line[..<colon]), String(value))
        }
    }
}
