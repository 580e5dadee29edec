/// A header field that this server reads or writes. Names hold letters and hyphens alone.
struct FieldName: Sendable, Hashable {
    let text: StaticString

    static func == (one: FieldName, other: FieldName) -> Bool {
        one.text.utf8CodeUnitCount == other.text.utf8CodeUnitCount
            && (one.text.utf8Start == other.text.utf8Start || one.bytes.elementsEqual(other.bytes))
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
    }

    /// Whether a field with this name was meant (RFC 9110, section 5.1: in any case).
    func matches(_ name: String) -> Bool {
        let bytes = bytes
        guard name.utf8.count == bytes.count else { return false }
        return name.utf8.withContiguousStorageIfAvailable { Self.isSame($0, bytes) } ?? Self.isSame(name.utf8, bytes)
    }

    var bytes: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }

    /// No other byte of a token (RFC 9110, section 5.6.2) becomes a letter or a hyphen by that bit.
    private static func isSame(_ one: some Sequence<UInt8>, _ other: UnsafeBufferPointer<UInt8>) -> Bool {
        one.elementsEqual(other) { $0 | 0x20 == $1 | 0x20 }
    }
}

extension FieldName {
    static var accelBuffering: FieldName { FieldName(text: "X-Accel-Buffering") }
    static var accept: FieldName { FieldName(text: "Accept") }
    static var acceptEncoding: FieldName { FieldName(text: "Accept-Encoding") }
    static var accessControlAllowHeaders: FieldName { FieldName(text: "Access-Control-Allow-Headers") }
    static var accessControlAllowMethods: FieldName { FieldName(text: "Access-Control-Allow-Methods") }
    static var accessControlAllowOrigin: FieldName { FieldName(text: "Access-Control-Allow-Origin") }
    static var accessControlExposeHeaders: FieldName { FieldName(text: "Access-Control-Expose-Headers") }
    static var accessControlMaxAge: FieldName { FieldName(text: "Access-Control-Max-Age") }
    static var accessControlRequestMethod: FieldName { FieldName(text: "Access-Control-Request-Method") }
    static var allow: FieldName { FieldName(text: "Allow") }
    static var authorization: FieldName { FieldName(text: "Authorization") }
    static var cacheControl: FieldName { FieldName(text: "Cache-Control") }
    static var connection: FieldName { FieldName(text: "Connection") }
    static var contentDisposition: FieldName { FieldName(text: "Content-Disposition") }
    static var contentEncoding: FieldName { FieldName(text: "Content-Encoding") }
    static var contentLength: FieldName { FieldName(text: "Content-Length") }
    static var contentSecurityPolicy: FieldName { FieldName(text: "Content-Security-Policy") }
    static var contentType: FieldName { FieldName(text: "Content-Type") }
    static var crossOriginResourcePolicy: FieldName { FieldName(text: "Cross-Origin-Resource-Policy") }
    static var date: FieldName { FieldName(text: "Date") }
    static var expect: FieldName { FieldName(text: "Expect") }
    static var forwardedFor: FieldName { FieldName(text: "X-Forwarded-For") }
    static var lastEventID: FieldName { FieldName(text: "Last-Event-ID") }
    static var organization: FieldName { FieldName(text: "X-Switchboard-Organization") }
    static var origin: FieldName { FieldName(text: "Origin") }
    static var referrerPolicy: FieldName { FieldName(text: "Referrer-Policy") }
    static var requestID: FieldName { FieldName(text: "X-Request-Id") }
    static var requirePreflight: FieldName { FieldName(text: "GraphQL-Require-Preflight") }
    static var retryAfter: FieldName { FieldName(text: "Retry-After") }
    static var serverTiming: FieldName { FieldName(text: "Server-Timing") }
    static var traceParent: FieldName { FieldName(text: "traceparent") }
    static var transferEncoding: FieldName { FieldName(text: "Transfer-Encoding") }
    static var upgrade: FieldName { FieldName(text: "Upgrade") }
    static var vary: FieldName { FieldName(text: "Vary") }
    static var wwwAuthenticate: FieldName { FieldName(text: "WWW-Authenticate") }
    static var xContentTypeOptions: FieldName { FieldName(text: "X-Content-Type-Options") }
}
