import NIOCore

/// The body of a request on its way: what has come and nobody has taken yet.
struct RequestBody {
    enum Outcome {
        case whole(ByteBuffer)
        /// Longer than whoever collects it takes.
        case tooLong
        /// It will never be whole.
        case broken
    }

    private enum End {
        case open
        case whole
        case broken
        /// Nobody wants it any longer; what comes is thrown away.
        case unwanted
    }

    private var bytes = ByteBuffer()
    private var end = End.open
    /// Whoever collects it takes so many bytes.
    private var limit: Int?

    /// Bytes that wait for somebody to come for them.
    var waitingBytes: Int { limit == nil ? bytes.readableBytes : 0 }

    mutating func append(_ more: ByteBuffer) {
        guard case .open = end else { return }
        if bytes.readableBytes == 0 { bytes = more } else { bytes.writeImmutableBuffer(more) }
    }

    mutating func finish() {
        if case .open = end { end = .whole }
    }

    mutating func fail() {
        if case .open = end { end = .broken }
    }

    mutating func letGo() {
        bytes = ByteBuffer()
        end = .unwanted
    }

    /// All of it, if it has come and is no longer than `limit` bytes.
    func whole(upTo limit: Int) -> ByteBuffer? {
        guard case .whole = end, bytes.readableBytes <= limit else { return nil }
        return bytes
    }

    /// What has become of it for somebody who takes `limit` bytes; `nil` where that is not known yet.
    mutating func outcome(upTo limit: Int) -> Outcome? {
        self.limit = limit
        if bytes.readableBytes > limit {
            letGo()
            return .tooLong
        }
        switch end {
        case .open: return nil
        case .whole: return .whole(bytes)
        case .broken: return .broken
        case .unwanted: return .tooLong
        }
    }
}
