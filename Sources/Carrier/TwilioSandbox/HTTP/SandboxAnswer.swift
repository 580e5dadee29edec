/// A response before it is put on the wire.
struct SandboxAnswer: Sendable {
    var status: Int
    var contentType: String?
    var headers: [(String, String)] = []
    var body: [UInt8]
    /// The account in whose count of concurrent requests this one is, until it is answered.
    var holds: Int?

    static func json(_ status: Int, _ value: JSON) -> SandboxAnswer {
        SandboxAnswer(status: status, contentType: "application/json", body: value.bytes)
    }

    static func html(_ text: String) -> SandboxAnswer {
        SandboxAnswer(status: 200, contentType: "text/html; charset=utf-8", body: Array(text.utf8))
    }

    /// 204, as Twilio answers a DELETE.
    static let noContent = SandboxAnswer(status: 204, contentType: nil, body: [])
}
