package import FoundationEssentials

/// A message, in or out.
package struct Message: Sendable, Decodable {
    package let sid: MessageSid
    package let accountSid: AccountSid
    package let messagingServiceSid: MessagingServiceSid?
    /// Nil until sent, when a messaging service chooses the sender.
    package let from: String?
    package let to: String?
    /// Empty once redacted.
    package let body: String?
    package let status: MessageStatus
    package let direction: MessageDirection?
    /// 0 until a messaging service has sent it.
    package let numSegments: Int?
    package let numMedia: Int?
    package let errorCode: Int?
    package let errorMessage: String?
    /// Negative for what is charged; nil until known.
    package let price: Decimal?
    /// ISO 4217.
    package let priceUnit: String?
    package let dateCreated: Date?
    package let dateUpdated: Date?
    package let dateSent: Date?

    private enum CodingKeys: String, CodingKey {
        case sid, from, to, body, status, direction, price
        case accountSid = "account_sid"
        case messagingServiceSid = "messaging_service_sid"
        case numSegments = "num_segments"
        case numMedia = "num_media"
        case errorCode = "error_code"
        case errorMessage = "error_message"
        case priceUnit = "price_unit"
        case dateCreated = "date_created"
        case dateUpdated = "date_updated"
        case dateSent = "date_sent"
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        sid = try fields.decode(MessageSid.self, forKey: .sid)
        accountSid = try fields.decode(AccountSid.self, forKey: .accountSid)
        messagingServiceSid = try fields.sid(.messagingServiceSid)
        from = try fields.text(.from)
        to = try fields.text(.to)
        body = try fields.decodeIfPresent(String.self, forKey: .body)
        status = MessageStatus(rawValue: try fields.decode(String.self, forKey: .status))
        direction = try fields.text(.direction).map { MessageDirection(rawValue: $0) }
        numSegments = try fields.count(.numSegments)
        numMedia = try fields.count(.numMedia)
        errorCode = try fields.count(.errorCode)
        errorMessage = try fields.text(.errorMessage)
        price = try fields.decimal(.price)
        priceUnit = try fields.text(.priceUnit)
        dateCreated = try fields.date(.dateCreated)
        dateUpdated = try fields.date(.dateUpdated)
        dateSent = try fields.date(.dateSent)
    }
}
