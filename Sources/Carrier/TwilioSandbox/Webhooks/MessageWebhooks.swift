import FoundationEssentials

/// The parameters of status callbacks and of inbound messages.
extension CarrierState {
    mutating func statusCallback(
        _ record: MessageRecord, account: Int, url: String, status: String, at instant: Date
    ) -> WebhookCall {
        var parameters = Parameters([
            ("SmsSid", record.sid), ("SmsStatus", status), ("MessageStatus", status), ("To", record.to),
            ("MessageSid", record.sid), ("AccountSid", accounts[account].sid), ("From", record.from),
            ("ApiVersion", "2010-04-01"),
        ])
        if let service = record.messagingServiceSid { parameters.append("MessagingServiceSid", service) }
        if let code = record.errorCode, status == "failed" || status == "undelivered" {
            parameters.append("ErrorCode", String(code))
        }
        if status == "delivered" || status == "undelivered" {
            parameters.append("RawDlrDoneDate", TwilioDate.deliveryReceipt(instant))
        }
        return WebhookCall(
            purpose: .statusCallback(status: status), accountSid: accounts[account].sid, messageSid: record.sid,
            url: url, method: "POST", parameters: parameters, signingToken: accounts[account].authToken,
            idempotencyToken: makeIdempotencyToken())
    }

    mutating func inboundWebhook(
        _ record: MessageRecord, account: Int, url: String, method: String, extra: [(String, String)] = []
    ) -> WebhookCall {
        var parameters = Parameters([
            ("SmsMessageSid", record.sid), ("NumMedia", String(record.mediaCount)), ("SmsSid", record.sid),
            ("SmsStatus", "received"), ("Body", record.body), ("To", record.to),
            ("NumSegments", String(record.segments)), ("MessageSid", record.sid),
            ("AccountSid", accounts[account].sid), ("From", record.from), ("ApiVersion", "2010-04-01"),
        ])
        if let service = record.messagingServiceSid { parameters.append("MessagingServiceSid", service) }
        let media = record.mediaCount == 0 ? [] : accounts[account].media.live.filter { $0.messageSid == record.sid }
        for (index, medium) in media.enumerated() {
            parameters.append(
                "MediaUrl\(index)",
                "\(publicBase)\(accounts[account].uri)/Messages/\(record.sid)/Media/\(medium.sid)")
            parameters.append("MediaContentType\(index)", medium.contentType)
        }
        for (side, number) in [("From", record.from), ("To", record.to)] {
            let area = NumberInventory.area(ofNumber: number)
            parameters.append(side + "City", area?.locality.uppercased() ?? "")
            parameters.append(side + "State", area?.region ?? "")
            parameters.append(side + "Zip", area?.postalCode ?? "")
            parameters.append(side + "Country", area?.country ?? "US")
        }
        for (name, value) in extra { parameters.append(name, value) }
        return WebhookCall(
            purpose: .inboundMessage, accountSid: accounts[account].sid, messageSid: record.sid, url: url,
            method: method, parameters: parameters, signingToken: accounts[account].authToken,
            idempotencyToken: makeIdempotencyToken(), isInLane: false)
    }

    /// A UUID in form, repeatable with the seed.
    mutating func makeIdempotencyToken() -> String {
        let hex = Sid.make("", using: &generator)
        var groups: [Substring] = []
        var rest = hex[...]
        for length in [8, 4, 4, 4, 12] {
            groups.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return groups.joined(separator: "-")
    }
}
