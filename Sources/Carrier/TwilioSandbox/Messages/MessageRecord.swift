import FoundationEssentials

/// A message in either direction.
struct MessageRecord: Stored {
    enum Status: String, Sendable {
        case accepted, scheduled, queued, sending, sent, delivered, undelivered, failed, canceled, receiving, received

        /// Whether nothing more will happen to the message by itself.
        var isFinal: Bool {
            switch self {
            case .delivered, .undelivered, .failed, .canceled, .received: true
            case .accepted, .scheduled, .queued, .sending, .sent, .receiving: false
            }
        }
    }

    enum Direction: String, Sendable {
        case inbound
        case outboundAPI = "outbound-api"
        case outboundReply = "outbound-reply"
    }

    /// What the carrier will make of the message in the end.
    struct Outcome: Sendable, Equatable {
        var status: Status
        var errorCode: Int?

        static let delivered = Outcome(status: .delivered, errorCode: nil)
    }

    let sid: String
    let direction: Direction
    /// Empty until a messaging service has chosen a sender.
    var from: String
    let to: String
    var body: String
    var status: Status
    var segments: Int
    let mediaCount: Int
    var price: Money?
    var errorCode: Int?
    let dateCreated: Date
    var dateUpdated: Date
    var dateSent: Date?
    var statusCallback: String?
    var messagingServiceSid: String?
    /// When a scheduled message leaves.
    var sendAt: Date?
    /// `confirmed` or `unconfirmed`, once the customer has said so.
    var feedback: String?
    var outcome = Outcome.delivered
    var isDeleted = false

    /// What `DateSent` filters compare: messages that are not sent yet are listed by their creation.
    var sortDate: Date { dateSent ?? dateCreated }

    func json(accountURI: String, accountSid: String) -> JSON {
        let uri = "\(accountURI)/Messages/\(sid)"
        return [
            "account_sid": .string(accountSid),
            "api_version": "2010-04-01",
            "body": .string(body),
            "date_created": .string(TwilioDate.rfc2822(dateCreated)),
            "date_sent": dateSent.map { .string(TwilioDate.rfc2822($0)) } ?? .null,
            "date_updated": .string(TwilioDate.rfc2822(dateUpdated)),
            "direction": .string(direction.rawValue),
            "error_code": errorCode.map { .int($0) } ?? .null,
            "error_message": .optional(errorCode.flatMap { DeliveryError.message($0) }),
            "from": from.isEmpty ? .null : .string(from),
            "messaging_service_sid": .optional(messagingServiceSid),
            "num_media": .string(String(mediaCount)),
            "num_segments": .string(from.isEmpty ? "0" : String(segments)),
            "price": .optional(price?.price),
            "price_unit": "USD",
            "sid": .string(sid),
            "status": .string(status.rawValue),
            "subresource_uris": [
                "feedback": .string("\(uri)/Feedback.json"), "media": .string("\(uri)/Media.json"),
            ],
            "to": .string(to),
            "uri": .string("\(uri).json"),
        ]
    }
}

/// Codes that a carrier's report brings after the API has accepted a message.
enum DeliveryError {
    private static let messages: [Int: String] = [
        30001: "Queue overflow", 30002: "Account suspended", 30003: "Unreachable destination handset",
        30004: "Message blocked", 30005: "Unknown destination handset", 30006: "Landline or unreachable carrier",
        30007: "Carrier violation", 30008: "Unknown error", 30009: "Missing inbound segment",
        30010: "Message price exceeds max price",
        30011: "MMS not supported by the receiving phone number in this region",
        30019: "Content size exceeds carrier limit", 30022: "US A2P 10DLC - Rate Limits Exceeded",
        30023: "US A2P 10DLC - Daily Message Cap Reached", 30032: "Toll-Free Number Has Not Been Verified",
        30034: "US A2P 10DLC - Message from an Unregistered Number", 30035: "Message from a number still configuring",
        30410: "Provider Timeout Error",
    ]

    static func message(_ code: Int) -> String? { messages[code] }

    /// The sandbox's own magic recipients: +1500555300N ends in error 3000N (30001 and 30002 `failed`, others
    /// `undelivered`), N from 1 to 8.
    static func outcome(forRecipient number: String) -> MessageRecord.Outcome {
        guard number.hasPrefix("+1500555300"), number.utf8.count == 12, let digit = number.last?.wholeNumberValue,
            (1...8).contains(digit)
        else { return .delivered }
        return MessageRecord.Outcome(status: digit <= 2 ? .failed : .undelivered, errorCode: 30000 + digit)
    }
}
