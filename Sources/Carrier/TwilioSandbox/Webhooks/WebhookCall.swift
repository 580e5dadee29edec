import FoundationEssentials

/// One request to a customer's webhook, ready to be made.
struct WebhookCall: Sendable {
    enum Purpose: Sendable, Equatable {
        case statusCallback(status: String)
        case inboundMessage
        /// TwiML for a call, which is carried out when it comes.
        case document(VoiceFetch)
        /// Something else that is told.
        case event(String)
    }

    let purpose: Purpose
    let accountSid: String
    /// What it is about: a message, a call or something else. Calls about one thing leave in order.
    let messageSid: String
    /// As configured, fragment included.
    let url: String
    /// `POST` or `GET`.
    let method: String
    let parameters: Parameters
    let signingToken: String
    /// `I-Twilio-Idempotency-Token`: the same on a retry of the call.
    let idempotencyToken: String
    /// A JSON body instead of the form: then the query gets its hash, and the address alone is signed.
    var json: [UInt8]?
    var signsWrongly = false
    /// Whether the next callback of the message waits for the end of this one.
    var isInLane = true
}

/// What became of a webhook call.
struct WebhookResult: Sendable {
    var status: Int?
    /// Nil when an answer came.
    var error: String?
    var attempts: Int
    var contentType: String?
    var body: [UInt8] = []

    var isSuccess: Bool { status.map { (200..<300).contains($0) } ?? false }
}

/// A webhook call as `GET /_control/webhooks` shows it.
struct WebhookRecord: Sendable {
    let call: WebhookCall
    let result: WebhookResult
    let at: Date

    var json: JSON {
        let purpose: (String, JSON) =
            switch call.purpose {
            case .statusCallback(let status): ("statusCallback", .string(status))
            case .inboundMessage: ("inboundMessage", .null)
            case .document: ("voice", .null)
            case .event(let name): ("event", .string(name))
            }
        return [
            "at": .string(TwilioDate.rfc2822(at)), "purpose": .string(purpose.0), "messageStatus": purpose.1,
            "account": .string(call.accountSid), "messageSid": .string(call.messageSid), "url": .string(call.url),
            "method": .string(call.method), "parameters": call.parameters.json,
            "idempotencyToken": .string(call.idempotencyToken), "httpStatus": result.status.map { .int($0) } ?? .null,
            "error": .optional(result.error), "attempts": .int(result.attempts),
        ]
    }
}

extension Parameters {
    /// A name that occurs several times becomes an array.
    var json: JSON {
        var order: [String] = []
        var values: [String: [JSON]] = [:]
        for pair in pairs {
            if values[pair.name] == nil { order.append(pair.name) }
            values[pair.name, default: []].append(.string(pair.value))
        }
        return .object(
            order.map { name in
                let all = values[name] ?? []
                return (name, all.count == 1 ? all[0] : .array(all))
            })
    }
}
