import Curl

/// One call, before it becomes an HTTP request.
struct TwilioCall: Sendable {
    enum Body: Sendable {
        case form(FormBody)
        case json([UInt8])

        var bytes: [UInt8] {
            switch self {
            case .form(let form): form.encodedBytes
            case .json(let bytes): bytes
            }
        }
    }

    let method: HTTPRequest.Method
    let place: ResourcePlace
    let pathAndQuery: String
    let body: Body?
    /// Asked just before the call: whether it still is to be made. Asked again when the call had to wait for its place
    /// among those of its account (`TwilioTraffic.Limits.lookValidity`).
    let lastLook: (@Sendable () async -> Bool)?

    init(
        _ method: HTTPRequest.Method, _ place: ResourcePlace, query: FormBody = FormBody(), body: Body? = nil,
        lastLook: (@Sendable () async -> Bool)? = nil
    ) {
        self.lastLook = lastLook
        self.method = method
        self.place = place
        self.body = body
        pathAndQuery = place.fullPath + (query.isEmpty ? "" : "?\(query.encoded)")
    }

    /// A further page of a list.
    init(page: PagePlace, of place: ResourcePlace) {
        method = .get
        self.place = place
        lastLook = nil
        body = nil
        pathAndQuery = page.pathAndQuery
    }
}

/// The header fields of a client's calls, made once: the transport sees at a glance that they are those of the call
/// before.
struct CallHeaders: Sendable {
    private let plain: HTTPHeaders
    private let form: HTTPHeaders
    private let json: HTTPHeaders

    init(userAgent: String) {
        plain = ["Accept": "application/json", "User-Agent": userAgent]
        form = Self.adding("application/x-www-form-urlencoded", to: plain)
        json = Self.adding("application/json", to: plain)
    }

    private static func adding(_ contentType: String, to headers: HTTPHeaders) -> HTTPHeaders {
        var headers = headers
        headers.append("Content-Type", contentType)
        return headers
    }

    func of(_ body: TwilioCall.Body?) -> HTTPHeaders {
        switch body {
        case nil: plain
        case .form: form
        case .json: json
        }
    }
}
