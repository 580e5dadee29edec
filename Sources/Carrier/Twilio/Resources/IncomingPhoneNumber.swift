package import FoundationEssentials

/// A number that the account has.
package struct IncomingPhoneNumber: Sendable, Decodable {
    package let sid: IncomingPhoneNumberSid
    package let accountSid: AccountSid
    /// E.164.
    package let phoneNumber: String
    package let friendlyName: String?
    package let capabilities: NumberCapabilities?
    package let smsUrl: String?
    package let smsMethod: String?
    package let smsFallbackUrl: String?
    package let smsApplicationSid: String?
    package let voiceUrl: String?
    package let voiceMethod: String?
    package let voiceFallbackUrl: String?
    package let voiceApplicationSid: String?
    package let statusCallback: String?
    package let statusCallbackMethod: String?
    package let addressRequirements: AddressRequirement?
    package let addressSid: String?
    package let bundleSid: String?
    package let identitySid: String?
    package let origin: String?
    package let type: String?
    package let status: String?
    package let isBeta: Bool
    package let dateCreated: Date?
    package let dateUpdated: Date?

    private enum CodingKeys: String, CodingKey {
        case sid, capabilities, origin, type, status, beta
        case accountSid = "account_sid"
        case phoneNumber = "phone_number"
        case friendlyName = "friendly_name"
        case smsUrl = "sms_url"
        case smsMethod = "sms_method"
        case smsFallbackUrl = "sms_fallback_url"
        case smsApplicationSid = "sms_application_sid"
        case voiceUrl = "voice_url"
        case voiceMethod = "voice_method"
        case voiceFallbackUrl = "voice_fallback_url"
        case voiceApplicationSid = "voice_application_sid"
        case statusCallback = "status_callback"
        case statusCallbackMethod = "status_callback_method"
        case addressRequirements = "address_requirements"
        case addressSid = "address_sid"
        case bundleSid = "bundle_sid"
        case identitySid = "identity_sid"
        case dateCreated = "date_created"
        case dateUpdated = "date_updated"
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        sid = try fields.decode(IncomingPhoneNumberSid.self, forKey: .sid)
        accountSid = try fields.decode(AccountSid.self, forKey: .accountSid)
        phoneNumber = try fields.decode(String.self, forKey: .phoneNumber)
        friendlyName = try fields.text(.friendlyName)
        capabilities = try fields.decodeIfPresent(NumberCapabilities.self, forKey: .capabilities)
        smsUrl = try fields.text(.smsUrl)
        smsMethod = try fields.text(.smsMethod)
        smsFallbackUrl = try fields.text(.smsFallbackUrl)
        smsApplicationSid = try fields.text(.smsApplicationSid)
        voiceUrl = try fields.text(.voiceUrl)
        voiceMethod = try fields.text(.voiceMethod)
        voiceFallbackUrl = try fields.text(.voiceFallbackUrl)
        voiceApplicationSid = try fields.text(.voiceApplicationSid)
        statusCallback = try fields.text(.statusCallback)
        statusCallbackMethod = try fields.text(.statusCallbackMethod)
        addressRequirements = try fields.text(.addressRequirements).map { AddressRequirement(rawValue: $0) }
        addressSid = try fields.text(.addressSid)
        bundleSid = try fields.text(.bundleSid)
        identitySid = try fields.text(.identitySid)
        origin = try fields.text(.origin)
        type = try fields.text(.type)
        status = try fields.text(.status)
        isBeta = try fields.decodeIfPresent(Bool.self, forKey: .beta) ?? false
        dateCreated = try fields.date(.dateCreated)
        dateUpdated = try fields.date(.dateUpdated)
    }
}
