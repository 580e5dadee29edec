import FoundationEssentials

/// What a create asks for, after every check that the API makes before it accepts.
struct MessageOrder: Sendable {
    /// Empty when a messaging service is to choose.
    let from: String
    let to: String
    let body: String
    var mediaURLs: [String] = []
    let statusCallback: String?
    var messagingServiceSid: String?
    var sendAt: Date?
}

extension CarrierState {
    /// - Throws: the first refusal in Twilio's order: what is missing, what is too long, who it is for, who sends it.
    func validateCreate(_ form: Parameters, account: Int, isTest: Bool = false) throws(TwilioFault) -> MessageOrder {
        guard let wantedTo = form["To"], !wantedTo.isEmpty else {
            throw TwilioFault(21604, "A 'To' phone number is required.")
        }
        let service = try service(form, account: account)
        let wantedFrom = form["From"].flatMap { $0.isEmpty ? nil : $0 }
        if service == nil, wantedFrom == nil { throw TwilioFault(21603, "A 'From' phone number is required.") }
        let sendAt = try schedule(form, hasService: service != nil)
        let (body, mediaURLs) = try content(form, account: account)
        let to = try recipient(wantedTo, account: account, isTest: isTest)
        var from = ""
        if let wantedFrom {
            from = isTest ? try MagicNumbers.sender(wantedFrom) : try ownedSender(wantedFrom, account: account)
            try refuseOverflow(from, body: body, account: account)
        }
        if hasOptedOut(to, from: from, service: service, account: account) {
            throw TwilioFault(21610, "Attempt to send to unsubscribed recipient")
        }
        return MessageOrder(
            from: from, to: to, body: body, mediaURLs: mediaURLs,
            statusCallback: try statusCallback(form, account: account), messagingServiceSid: service, sendAt: sendAt)
    }

    /// The messaging service that is named, which must exist and have senders.
    private func service(_ form: Parameters, account: Int) throws(TwilioFault) -> String? {
        guard let service = form["MessagingServiceSid"], !service.isEmpty else { return nil }
        guard Sid.isWellFormed(service, prefix: "MG") else {
            throw TwilioFault(21705, "The Messaging Service Sid \(service) is invalid.")
        }
        guard accounts[account].services[service] != nil else {
            throw TwilioFault(21701, "The Messaging Service \(service) does not exist", status: 404)
        }
        guard !accounts[account].pool(of: service).isEmpty else {
            throw TwilioFault(21704, "The Messaging Service contains no phone numbers.")
        }
        if let from = form["From"], !from.isEmpty,
            !accounts[account].pool(of: service).contains(where: { $0.sender == from })
        {
            throw TwilioFault(21703, "The Messaging Service does not have the sender \(from)")
        }
        return service
    }

    /// 300 seconds to 35 days ahead, from a messaging service only.
    private func schedule(_ form: Parameters, hasService: Bool) throws(TwilioFault) -> Date? {
        guard form["ScheduleType"] != nil || form["SendAt"] != nil else { return nil }
        guard hasService else { throw TwilioFault(35118, "MessagingServiceSid is required to schedule a message") }
        guard form["ScheduleType"] == "fixed" else {
            throw TwilioFault(20001, "Invalid ScheduleType: expected fixed")
        }
        guard let text = form["SendAt"], !text.isEmpty else {
            throw TwilioFault(35111, "SendAt is required to schedule a message")
        }
        guard case .instant(let instant) = TwilioDate.filterValue(text),
            (300.0...35 * 86_400.0).contains(instant.timeIntervalSince(clock.now))
        else { throw TwilioFault(35114, "SendAt must be an ISO 8601 time, 300 seconds to 35 days in the future") }
        return instant
    }

    private func content(
        _ form: Parameters, account: Int
    ) throws(TwilioFault) -> (body: String, mediaURLs: [String]) {
        var media = form.all("MediaUrl").filter { !$0.isEmpty }
        var body = form["Body"]
        if let content = form["ContentSid"], !content.isEmpty {
            guard let template = accounts[account].templates[content] else {
                throw TwilioFault(21655, "The ContentSid \(content) is invalid")
            }
            // The template is what is said, whatever else is there.
            body = template.text(with: try variables(form["ContentVariables"]))
            media = template.mediaURLs
        }
        if body?.isEmpty ?? true, media.isEmpty {
            throw body == nil
                ? TwilioFault(21619, "A text message body or media urls must be specified.")
                : TwilioFault(21602, "Message body is required.")
        }
        // Counted as Java counts a string.
        if let body, body.utf8.count > 1600, body.utf16.count > 1600 {
            throw TwilioFault(21617, "The concatenated message body exceeds the 1600 character limit")
        }
        if media.count > 10 { throw TwilioFault(21623, "Number of media files exceeds allowed limit") }
        for url in media where WebhookURL(url) == nil { throw TwilioFault(21620, "Invalid media URL(s): \(url)") }
        if let period = form["ValidityPeriod"] {
            guard let seconds = Int(period), (1...36_000).contains(seconds) else {
                throw TwilioFault(21624, "The validity period must be an integer from 1 to 36000, not '\(period)'.")
            }
        }
        return (body ?? "", media)
    }

    /// `{"1": "Anna"}`: an object of texts.
    private func variables(_ text: String?) throws(TwilioFault) -> [String: String] {
        guard let text, !text.isEmpty else { return [:] }
        guard let values = try? JSONDecoder().decode([String: String].self, from: Data(text.utf8)) else {
            throw TwilioFault(21656, "The ContentVariables parameter is invalid: expected a JSON object of texts")
        }
        return values
    }

    private func recipient(_ wanted: String, account: Int, isTest: Bool) throws(TwilioFault) -> String {
        guard let to = PhoneNumber.normalized(wanted) else {
            throw TwilioFault(21211, "The 'To' number \(wanted) is not a valid phone number.")
        }
        if let fault = MagicNumbers.recipient(to) { throw fault }
        if accounts[account].type == .trial, !isTest, !accounts[account].isVerified(to),
            accounts[account].number(to) == nil
        {
            throw TwilioFault(
                21608,
                "The number \(to) is unverified. Trial accounts cannot send messages to unverified numbers; "
                    + "verify \(to), or purchase a Twilio number to send messages to unverified numbers.")
        }
        return to
    }

    private func ownedSender(_ wanted: String, account: Int) throws(TwilioFault) -> String {
        if let from = PhoneNumber.normalized(wanted) {
            guard numberOwners[from] == account, accounts[account].number(from)?.smsEnabled ?? false else {
                throw MagicNumbers.notOurs(from)
            }
            return from
        }
        guard PhoneNumber.isShortCode(wanted) || PhoneNumber.isAlphanumericSender(wanted) else {
            throw TwilioFault(
                21212,
                "The 'From' number \(wanted) is not a valid phone number, shortcode, or alphanumeric sender ID.")
        }
        guard accounts[account].senders.live.contains(where: { $0.sender == wanted }) else {
            throw MagicNumbers.notOurs(wanted)
        }
        return wanted
    }

    /// `StatusCallback` takes priority over an application's.
    private func statusCallback(_ form: Parameters, account: Int) throws(TwilioFault) -> String? {
        guard let url = form["StatusCallback"], !url.isEmpty else {
            return try application(form, account: account)?.messageStatusCallback
        }
        guard let parsed = WebhookURL(url), !parsed.host.contains("_") else {
            throw TwilioFault(21609, "The 'StatusCallback' URL \(url) is not a valid URL.")
        }
        return url
    }
}
