/// What a create asks for, after every check that the API makes before it accepts.
struct MessageOrder: Sendable {
    let from: String
    let to: String
    let body: String
    let mediaCount: Int
    let statusCallback: String?
}

extension CarrierState {
    /// - Throws: the first refusal in Twilio's order: what is missing, what is too long, who it is for, who sends it.
    func validateCreate(_ form: Parameters, account: AccountState) throws(TwilioFault) -> MessageOrder {
        guard let wantedTo = form["To"], !wantedTo.isEmpty else {
            throw TwilioFault(21604, "A 'To' phone number is required.")
        }
        let wantedFrom = try sender(form)
        let (body, mediaCount) = try content(form)
        let to = try recipient(wantedTo, account: account)
        let from = try ownedSender(wantedFrom, account: account)
        if account.optOuts.contains(OptOutPair(number: from, contact: to)) {
            throw TwilioFault(21610, "Attempt to send to unsubscribed recipient")
        }
        return MessageOrder(
            from: from, to: to, body: body, mediaCount: mediaCount,
            statusCallback: try statusCallback(form["StatusCallback"]))
    }

    private func sender(_ form: Parameters) throws(TwilioFault) -> String {
        if let from = form["From"], !from.isEmpty {
            if form["ScheduleType"] != nil || form["SendAt"] != nil {
                throw TwilioFault(35118, "MessagingServiceSid is required to schedule a message")
            }
            return from
        }
        guard let service = form["MessagingServiceSid"], !service.isEmpty else {
            throw TwilioFault(21603, "A 'From' phone number is required.")
        }
        guard Sid.isWellFormed(service, prefix: "MG") else {
            throw TwilioFault(21705, "The Messaging Service Sid \(service) is invalid.")
        }
        // No account of the sandbox has a messaging service.
        throw TwilioFault(21701, "The Messaging Service \(service) does not exist", status: 404)
    }

    private func content(_ form: Parameters) throws(TwilioFault) -> (body: String, mediaCount: Int) {
        let media = form.all("MediaUrl").filter { !$0.isEmpty }
        let body = form["Body"]
        if body?.isEmpty ?? true, media.isEmpty {
            throw body == nil
                ? TwilioFault(21619, "A text message body or media urls must be specified.")
                : TwilioFault(21602, "Message body is required.")
        }
        // Counted as Java counts a string.
        if let body, body.utf16.count > 1600 {
            throw TwilioFault(21617, "The concatenated message body exceeds the 1600 character limit")
        }
        if media.count > 10 { throw TwilioFault(21623, "Number of media files exceeds allowed limit") }
        for url in media where WebhookURL(url) == nil { throw TwilioFault(21620, "Invalid media URL(s): \(url)") }
        if let period = form["ValidityPeriod"] {
            guard let seconds = Int(period), (1...36_000).contains(seconds) else {
                throw TwilioFault(21624, "The validity period must be an integer from 1 to 36000, not '\(period)'.")
            }
        }
        return (body ?? "", media.count)
    }

    private func recipient(_ wanted: String, account: AccountState) throws(TwilioFault) -> String {
        guard let to = PhoneNumber.normalized(wanted) else {
            throw TwilioFault(21211, "The 'To' number \(wanted) is not a valid phone number.")
        }
        // Twilio's magic recipients (facts section 5) refuse for every account of the sandbox.
        switch to {
        case "+15005550001": throw TwilioFault(21211, "The 'To' number \(wanted) is not a valid phone number.")
        case "+15005550002":
            throw TwilioFault(
                21612, "The 'To' phone number: \(to), is not currently reachable using the 'From' phone number via SMS."
            )
        case "+15005550003":
            throw TwilioFault(
                21408,
                "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: \(to)")
        case "+15005550004": throw TwilioFault(21610, "Attempt to send to unsubscribed recipient")
        case "+15005550009": throw TwilioFault(21614, "To number: \(to), is not a mobile number")
        default: break
        }
        if account.type == .trial, !account.verifiedCallerIds.contains(to), account.number(to) == nil {
            throw TwilioFault(
                21608,
                "The number \(to) is unverified. Trial accounts cannot send messages to unverified numbers; "
                    + "verify \(to), or purchase a Twilio number to send messages to unverified numbers.")
        }
        return to
    }

    private func ownedSender(_ wanted: String, account: AccountState) throws(TwilioFault) -> String {
        guard let from = PhoneNumber.normalized(wanted) else {
            guard PhoneNumber.isShortCode(wanted) || PhoneNumber.isAlphanumericSender(wanted) else {
                throw TwilioFault(
                    21212,
                    "The 'From' number \(wanted) is not a valid phone number, shortcode, or alphanumeric sender ID.")
            }
            throw notOurs(wanted)
        }
        guard account.number(from)?.smsEnabled ?? false else { throw notOurs(from) }
        return from
    }

    private func notOurs(_ number: String) -> TwilioFault {
        TwilioFault(
            21606,
            "The From phone number \(number) is not a valid, SMS-capable inbound phone number or short code "
                + "for your account.")
    }

    private func statusCallback(_ url: String?) throws(TwilioFault) -> String? {
        guard let url, !url.isEmpty else { return nil }
        guard let parsed = WebhookURL(url), !parsed.host.contains("_") else {
            throw TwilioFault(21609, "The 'StatusCallback' URL \(url) is not a valid URL.")
        }
        return url
    }
}
