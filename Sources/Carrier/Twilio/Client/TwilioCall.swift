import Curl

/// One call, before it becomes an HTTP request.
struct TwilioCall: Sendable {
    enum Body: Sendable {
        case form(FormBody)
        case json([UInt8])

        var contentType: String {
            switch self {
            case .form: "application/x-www-form-urlencoded"
            case .json: "application/json"
            }
        }

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
    /// Asked when the call has its place among those of its account: whether it still is to be made.
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
