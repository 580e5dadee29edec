package import FoundationEssentials

/// A code on its way to somebody. https://www.twilio.com/docs/verify/api/verification
package struct Verification: AccountResource {
    package let sid: VerificationSid
    package let accountSid: AccountSid
    package let status: Verification.Status
    package let serviceSid: VerifyServiceSid?
    package let to: String?
    package let channel: Verification.Channel?
    package let valid: Bool?
    package let lookup: OpenJSON?
    package let amount: String?
    package let payee: String?
    package let sendCodeAttempts: [SendCodeAttempt]?
    package let dateCreated: Date?
    package let dateUpdated: Date?
    package let sna: OpenJSON?

    package struct SendCodeAttempt: Decodable, Sendable {
        package let time: Date?
        package let channel: String?
        package let attemptSid: String?
    }
}

extension Verification {
    package struct Channel: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let sms = Self(rawValue: "sms")
        package static let call = Self(rawValue: "call")
        package static let email = Self(rawValue: "email")
        package static let whatsapp = Self(rawValue: "whatsapp")
        package static let auto = Self(rawValue: "auto")
        package static let sna = Self(rawValue: "sna")
    }

    package struct Status: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let pending = Self(rawValue: "pending")
        package static let approved = Self(rawValue: "approved")
        package static let canceled = Self(rawValue: "canceled")
        package static let maxAttemptsReached = Self(rawValue: "max_attempts_reached")
        package static let deleted = Self(rawValue: "deleted")
        package static let failed = Self(rawValue: "failed")
        package static let expired = Self(rawValue: "expired")
    }

    package struct RiskCheck: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let enable = Self(rawValue: "enable")
        package static let disable = Self(rawValue: "disable")
    }

    package struct Creation: Parameters {
        package var to: String
        package var channel: Channel
        package var customFriendlyName: String?
        package var customMessage: String?
        package var sendDigits: String?
        /// Such as `en` or `pt-BR`.
        package var locale: String?
        package var customCode: String?
        package var amount: String?
        package var payee: String?
        package var rateLimits: OpenJSON?
        package var channelConfiguration: OpenJSON?
        package var appHash: String?
        package var templateSid: VerifyTemplateSid?
        package var templateCustomSubstitutions: String?
        package var deviceIp: String?
        package var enableSnaClientToken: Bool?
        package var riskCheck: Verification.RiskCheck?
        package var tags: String?

        package init(to: String, channel: Channel) {
            self.to = to
            self.channel = channel
        }
    }

    package struct Update: Parameters {
        /// `canceled` or `approved`.
        package var status: Verification.Status

        package init(status: Verification.Status) {
            self.status = status
        }
    }
}

/// What became of a code that was entered. https://www.twilio.com/docs/verify/api/verification-check
package struct VerificationCheck: AccountResource {
    package let sid: VerificationSid
    package let accountSid: AccountSid
    package let status: Verification.Status
    package let serviceSid: VerifyServiceSid?
    package let to: String?
    package let channel: Verification.Channel?
    package let valid: Bool?
    package let amount: String?
    package let payee: String?
    package let dateCreated: Date?
    package let dateUpdated: Date?
    package let snaAttemptsErrorCodes: [SnaAttempt]?

    package struct SnaAttempt: Decodable, Sendable {
        package let attemptSid: String?
        package let code: Int?
    }
}

extension VerificationCheck {
    /// The code, and whose it is: `to` or `verificationSid`.
    package struct Creation: Parameters {
        package var code: String?
        package var to: String?
        package var verificationSid: VerificationSid?
        package var amount: String?
        package var payee: String?
        package var snaClientToken: String?

        package init() {}
    }
}

/// A verification by its SID, or by to whom it went.
package enum VerificationReference: Sendable {
    case sid(VerificationSid)
    case to(PathSegment)

    var segment: String {
        switch self {
        case .sid(let sid): sid.text
        case .to(let to): to.escaped
        }
    }
}

/// The verifications of one service.
package struct Verifications: Sendable {
    let place: ResourcePlace

    /// Sends a code: one POST, at most once on the wire. 60203: too many to this recipient; 60205: landline.
    package func create(_ verification: Verification.Creation) async -> CreationOutcome<Verification> {
        await place.create(verification)
    }

    package func fetch(_ verification: VerificationReference) async throws(TwilioCallError) -> Verification {
        try await place.at(verification.segment).fetch()
    }

    package func update(_ verification: VerificationReference, _ update: Verification.Update)
        async throws(TwilioCallError) -> Verification
    { try await place.at(verification.segment).update(update) }
}
