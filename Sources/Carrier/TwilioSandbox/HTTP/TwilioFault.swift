/// A refusal in Twilio's shape: `{code, message, more_info, status}` (https://www.twilio.com/docs/api/errors).
struct TwilioFault: Error, Sendable {
    let status: Int
    let code: Int
    let message: String
    var detail: String?

    init(_ code: Int, _ message: String, status: Int = 400, detail: String? = nil) {
        self.code = code
        self.message = message
        self.status = status
        self.detail = detail
    }

    static func notFound(_ path: String) -> TwilioFault {
        TwilioFault(20404, "The requested resource \(path) was not found", status: 404)
    }

    static let authenticate = TwilioFault(20003, "Authenticate", status: 401)

    static let wrongCredentials = TwilioFault(
        20003, "Authenticate", status: 401, detail: "Your AccountSid or AuthToken was incorrect.")

    static let methodNotAllowed = TwilioFault(20004, "Method not allowed", status: 405)

    /// The fault that goes with a bare HTTP status asked for by a misbehaviour rule.
    static func forStatus(_ status: Int, code: Int?, message: String?) -> TwilioFault {
        let usual: (code: Int, message: String) =
            switch status {
            case 401: (20003, "Authenticate")
            case 403: (20403, "Forbidden")
            case 404: (20404, "The requested resource was not found")
            case 405: (20004, "Method not allowed")
            case 409: (20409, "Conflict")
            case 429: (20429, "Too Many Requests")
            case 503: (20503, "Service unavailable")
            case 500...: (20500, "An internal server error has occurred")
            default: (20001, "Bad request")
            }
        return TwilioFault(code ?? usual.code, message ?? usual.message, status: status)
    }

    var answer: SandboxAnswer {
        var members: [(String, JSON)] = [("code", .int(code))]
        if let detail { members.append(("detail", .string(detail))) }
        members += [
            ("message", .string(message)), ("more_info", .string("https://www.twilio.com/docs/errors/\(code)")),
            ("status", .int(status)),
        ]
        var answer = SandboxAnswer.json(status, .object(members))
        if status == 401 { answer.headers = [("WWW-Authenticate", "Basic realm=\"Twilio API\"")] }
        return answer
    }
}
