/// One HTTP request, as it shall go out. Nothing is added to it but `Host`, `Content-Length` and `Accept`.
package struct HTTPRequest: Sendable {
    package enum Method: String, Sendable, CaseIterable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"

        /// Whether a second sending changes nothing more than the first (RFC 9110, 9.2.2). libcurl may repeat these
        /// by itself when a reused connection turns out dead; the others go out at most once.
        package var isIdempotent: Bool {
            switch self {
            case .get, .head, .put, .delete: true
            case .post, .patch: false
            }
        }
    }

    /// To which addresses a connection may be opened.
    package enum Reach: Sendable, CaseIterable {
        case anywhere
        /// Only to addresses of the public internet (`PublicAddress`). It is the address about to be connected to that is
        /// looked at, not the name, so it does not help that a name resolves to another address the next time.
        case publicOnly
    }

    package var method: Method
    /// Absolute, `http` or `https`, percent-encoded ASCII, without user information.
    package var url: String
    package var headers: HTTPHeaders
    package var body: [UInt8]?
    package var basicAuthentication: BasicAuthentication?
    /// Time for name resolution, TCP and TLS together.
    package var connectTimeout: Duration
    /// Time from start to the last byte of the answer; nil for streams that stay open.
    package var totalTimeout: Duration?
    /// The most bytes (headers and body together) that the answer may have before it is given up as `tooLarge`.
    package var responseSizeLimit: Int
    /// Requests with the same label share idle connections and TLS sessions; those of different labels never do.
    /// An account's SID is the usual label. See `ConnectionPools`.
    package var reusePool: String?
    package var reach: Reach

    package init(
        _ method: Method, _ url: String, headers: HTTPHeaders = [:], body: [UInt8]? = nil,
        basicAuthentication: BasicAuthentication? = nil, connectTimeout: Duration = .seconds(5),
        totalTimeout: Duration? = .seconds(30), responseSizeLimit: Int = 8 << 20, reusePool: String? = nil,
        reach: Reach = .anywhere
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.basicAuthentication = basicAuthentication
        self.connectTimeout = connectTimeout
        self.totalTimeout = totalTimeout
        self.responseSizeLimit = responseSizeLimit
        self.reusePool = reusePool
        self.reach = reach
    }
}
