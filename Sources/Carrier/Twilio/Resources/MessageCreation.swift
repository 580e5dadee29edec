package import FoundationEssentials

/// A message to send: to whom, from what, and what. Limits (1,600 characters, 10 media, 1 to 36,000 s) are Twilio's
/// to enforce, with codes 21617, 21623 and 21624.
package struct MessageCreation: Sendable {
    package enum Sender: Sendable {
        /// E.164, a short code, an alphanumeric name, or an address such as `whatsapp:+…`.
        case from(String)
        case messagingService(MessagingServiceSid)
    }

    package var to: String
    package var sender: Sender
    package var body: String?
    package var mediaUrls: [String] = []
    package var contentSid: ContentSid?
    /// JSON text: an object of the template's variables.
    package var contentVariables: String?
    /// Where Twilio reports progress. No underscore in its host; beats the messaging service's own.
    package var statusCallback: String?
    /// Seconds that the message may wait at Twilio; 36,000 when not said.
    package var validityPeriod: Int?
    /// 5 minutes to 35 days ahead; only through a messaging service (35114, 35118).
    package var sendAt: Date?
    package var smartEncoded: Bool?
    package var shortenUrls: Bool?
    package var sendAsMms: Bool?
    package var provideFeedback: Bool?

    package init(to: String, sender: Sender, body: String? = nil) {
        self.to = to
        self.sender = sender
        self.body = body
    }

    var form: FormBody {
        var form = FormBody()
        form.append("To", to)
        switch sender {
        case .from(let from): form.append("From", from)
        case .messagingService(let sid): form.append("MessagingServiceSid", sid.text)
        }
        form.append("Body", body)
        for url in mediaUrls { form.append("MediaUrl", url) }
        form.append("ContentSid", contentSid)
        form.append("ContentVariables", contentVariables)
        form.append("StatusCallback", statusCallback)
        form.append("ValidityPeriod", validityPeriod)
        if let sendAt {
            form.append("ScheduleType", "fixed")
            form.append("SendAt", TwilioDate.iso(sendAt))
        }
        form.append("SmartEncoded", smartEncoded)
        form.append("ShortenUrls", shortenUrls)
        form.append("SendAsMms", sendAsMms)
        form.append("ProvideFeedback", provideFeedback)
        return form
    }
}
