package import FoundationEssentials

extension Message {
    package struct Status: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let queued = Self(rawValue: "queued")
        package static let sending = Self(rawValue: "sending")
        package static let sent = Self(rawValue: "sent")
        package static let failed = Self(rawValue: "failed")
        package static let delivered = Self(rawValue: "delivered")
        package static let undelivered = Self(rawValue: "undelivered")
        package static let receiving = Self(rawValue: "receiving")
        package static let received = Self(rawValue: "received")
        package static let accepted = Self(rawValue: "accepted")
        package static let scheduled = Self(rawValue: "scheduled")
        package static let read = Self(rawValue: "read")
        package static let partiallyDelivered = Self(rawValue: "partially_delivered")
        package static let canceled = Self(rawValue: "canceled")
    }

    package struct Direction: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let inbound = Self(rawValue: "inbound")
        package static let outboundAPI = Self(rawValue: "outbound-api")
        package static let outboundCall = Self(rawValue: "outbound-call")
        package static let outboundReply = Self(rawValue: "outbound-reply")
    }

    /// `retain`, or `obfuscate` an address and `discard` a content.
    package struct Retention: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let retain = Self(rawValue: "retain")
        package static let obfuscate = Self(rawValue: "obfuscate")
        package static let discard = Self(rawValue: "discard")
    }

    package struct RiskCheck: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let enable = Self(rawValue: "enable")
        package static let disable = Self(rawValue: "disable")
    }

    package struct TrafficType: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let free = Self(rawValue: "free")
    }
}

extension Message {
    /// A message to send: to whom, from what, and what. Limits (1,600 characters, 10 media, 1 to 36,000 s) are Twilio's to
    /// enforce, with codes 21617, 21623 and 21624.
    package struct Creation: Parameters {
        package enum Sender: FormValue {
            /// E.164, a short code, an alphanumeric name, or an address such as `whatsapp:+…`.
            case from(String)
            case messagingService(MessagingServiceSid)

            package func append(to form: inout FormBody, as name: String) {
                switch self {
                case .from(let from): form.append("From", from)
                case .messagingService(let sid): form.append("MessagingServiceSid", sid)
                }
            }
        }

        /// When Twilio shall send it: 5 minutes to 35 days ahead, only through a messaging service (35114, 35118).
        package struct Schedule: FormValue, Equatable {
            package var sendAt: Date

            package init(sendAt: Date) { self.sendAt = sendAt }

            package func append(to form: inout FormBody, as name: String) {
                form.append("ScheduleType", "fixed")
                form.append("SendAt", sendAt)
            }
        }

        package var to: String
        package var sender: Sender
        package var body: String?
        /// At most 10.
        package var mediaUrl: [String]?
        package var contentSid: ContentSid?
        /// The template's variables, an object.
        package var contentVariables: OpenJSON?
        package var schedule: Schedule?
        /// Where Twilio reports progress. No underscore in its host; beats the messaging service's own.
        package var statusCallback: String?
        package var applicationSid: ApplicationSid?
        package var provideFeedback: Bool?
        package var attempt: Int?
        /// Seconds, 1 to 36,000; 36,000 when not said.
        package var validityPeriod: Int?
        package var forceDelivery: Bool?
        package var contentRetention: Message.Retention?
        package var addressRetention: Message.Retention?
        package var smartEncoded: Bool?
        package var persistentAction: [String]?
        package var trafficType: Message.TrafficType?
        package var shortenUrls: Bool?
        package var sendAsMms: Bool?
        package var riskCheck: Message.RiskCheck?
        package var fallbackFrom: String?

        package init(to: String, sender: Sender, body: String? = nil) {
            self.to = to
            self.sender = sender
            self.body = body
        }
    }

    package struct Update: Parameters {
        /// An empty text takes what was said from what Twilio keeps.
        package var body: String?
        /// `canceled`, of a scheduled message. 30409: too late.
        package var status: Message.Status?

        package init(body: String? = nil, status: Message.Status? = nil) {
            self.body = body
            self.status = status
        }

        package static let cancel = Update(status: .canceled)
        package static let redact = Update(body: "")
    }

    package struct Filter: Parameters {
        package var to: String?
        package var from: String?
        package var dateSent: TimeFilter?

        package init() {}
    }
}

extension Message.Creation {
    /// What `FormEncoder` would make of it, at a tenth of its cost: one goes out with every message.
    /// `CreateMessageTests` compares the two.
    package var form: FormBody {
        var form = FormBody()
        form.append("To", to)
        sender.append(to: &form, as: "Sender")
        form.append("Body", body)
        mediaUrl?.append(to: &form, as: "MediaUrl")
        contentSid?.append(to: &form, as: "ContentSid")
        contentVariables?.append(to: &form, as: "ContentVariables")
        schedule?.append(to: &form, as: "Schedule")
        statusCallback?.append(to: &form, as: "StatusCallback")
        applicationSid?.append(to: &form, as: "ApplicationSid")
        provideFeedback?.append(to: &form, as: "ProvideFeedback")
        attempt?.append(to: &form, as: "Attempt")
        validityPeriod?.append(to: &form, as: "ValidityPeriod")
        forceDelivery?.append(to: &form, as: "ForceDelivery")
        contentRetention?.append(to: &form, as: "ContentRetention")
        addressRetention?.append(to: &form, as: "AddressRetention")
        smartEncoded?.append(to: &form, as: "SmartEncoded")
        persistentAction?.append(to: &form, as: "PersistentAction")
        trafficType?.append(to: &form, as: "TrafficType")
        shortenUrls?.append(to: &form, as: "ShortenUrls")
        sendAsMms?.append(to: &form, as: "SendAsMms")
        riskCheck?.append(to: &form, as: "RiskCheck")
        fallbackFrom?.append(to: &form, as: "FallbackFrom")
        return form
    }
}
