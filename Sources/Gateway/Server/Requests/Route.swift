/// The places of this server. Logs and metrics name a route by its template and never by the path that was asked.
enum Route: Sendable, Hashable {
    case home
    case graphQL
    /// The hook token, and the path after it with its leading slash.
    case twilioHook(hook: String, rest: String)
    /// The token of a signed link.
    case file(token: String)
    case health
    case readiness
    case metrics
    case unknown

    /// - Parameter path: without the query, still percent-encoded.
    init(path: Substring) {
        switch path {
        case "/": self = .home
        case "/graphql": self = .graphQL
        case "/healthz": self = .health
        case "/readyz": self = .readiness
        case "/metrics": self = .metrics
        default:
            let path = path.utf8
            let files = "/media/".utf8
            if path.starts(with: files) {
                self = .file(token: String(Substring(path.dropFirst(files.count))))
                return
            }
            let prefix = "/hooks/twilio/".utf8
            guard path.starts(with: prefix) else {
                self = .unknown
                return
            }
            let tail = path.dropFirst(prefix.count)
            let hook = tail.prefix { $0 != UInt8(ascii: "/") }
            guard Self.isHookToken(hook) else {
                self = .unknown
                return
            }
            self = .twilioHook(hook: String(Substring(hook)), rest: String(Substring(tail[hook.endIndex...])))
        }
    }

    var template: String {
        switch self {
        case .home: "/"
        case .graphQL: "/graphql"
        case .twilioHook: "/hooks/twilio/{hook}"
        case .file: "/media/{token}"
        case .health: "/healthz"
        case .readiness: "/readyz"
        case .metrics: "/metrics"
        case .unknown: "none"
        }
    }

    /// What a token of ours looks like: what does not, is no hook and costs no look-up.
    private static func isHookToken(_ text: Substring.UTF8View) -> Bool {
        (8...128).contains(text.count)
            && text.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
