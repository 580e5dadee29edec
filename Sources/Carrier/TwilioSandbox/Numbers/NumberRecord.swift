import FoundationEssentials

/// An `IncomingPhoneNumber`.
struct NumberRecord: Stored {
    let sid: String
    let phoneNumber: String
    var friendlyName: String
    var smsURL = ""
    var smsMethod = "POST"
    var smsFallbackURL = ""
    var smsFallbackMethod = "POST"
    var smsApplicationSid = ""
    var voiceURL = ""
    var voiceMethod = "POST"
    var voiceFallbackURL = ""
    var voiceFallbackMethod = "POST"
    var voiceApplicationSid = ""
    var voiceCallerIdLookup = false
    var voiceReceiveMode = "voice"
    var statusCallback = ""
    var statusCallbackMethod = "POST"
    var trunkSid: String?
    var addressSid: String?
    var bundleSid: String?
    var identitySid: String?
    var emergencyStatus = "Inactive"
    var emergencyAddressSid: String?
    let smsEnabled: Bool
    let mmsEnabled: Bool
    let voiceEnabled: Bool
    let dateCreated: Date
    var dateUpdated: Date
    var isDeleted = false

    /// `local`, `toll-free` or `mobile`.
    var type: String { NumberInventory.area(ofNumber: phoneNumber)?.isTollFree ?? false ? "toll-free" : "local" }

    init(sid: String, _ number: SandboxNumber, now: Date) {
        self.sid = sid
        phoneNumber = number.phoneNumber
        friendlyName = NumberRecord.nationalFormat(number.phoneNumber)
        smsURL = number.smsURL ?? ""
        voiceURL = number.voiceURL ?? ""
        statusCallback = number.statusCallback ?? ""
        smsEnabled = number.smsEnabled
        mmsEnabled = number.mmsEnabled
        voiceEnabled = number.voiceEnabled
        dateCreated = now
        dateUpdated = now
    }

    /// `(415) 555-0123` for +14155550123; others as they are.
    static func nationalFormat(_ number: String) -> String {
        guard number.hasPrefix("+1"), number.utf8.count == 12 else { return number }
        let digits = number.dropFirst(2)
        return "(\(digits.prefix(3))) \(digits.dropFirst(3).prefix(3))-\(digits.suffix(4))"
    }

    var addressRequirements: String {
        NumberInventory.area(ofNumber: phoneNumber)?.addressRequirements ?? "none"
    }

    /// - Parameter showsType: the lists by type leave it out.
    func json(accountURI: String, accountSid: String, showsType: Bool = true) -> JSON {
        guard case .object(let members) = commonJSON(accountURI: accountURI, accountSid: accountSid) else {
            return .null
        }
        return .object(members + (showsType ? [("type", .string(type))] : []))
    }

    /// As an address shows the numbers that rest on it.
    func dependentJSON(accountURI: String, accountSid: String) -> JSON {
        guard case .object(let members) = commonJSON(accountURI: accountURI, accountSid: accountSid) else {
            return .null
        }
        let absent: Set<String> = [
            "address_sid", "beta", "identity_sid", "origin", "voice_receive_mode", "emergency_address_status",
            "bundle_sid", "status", "capabilities",
        ]
        return .object(
            members.filter { !absent.contains($0.0) } + [
                (
                    "capabilities",
                    ["Voice": .bool(voiceEnabled), "SMS": .bool(smsEnabled), "MMS": .bool(mmsEnabled)]
                )
            ])
    }

    private func commonJSON(accountURI: String, accountSid: String) -> JSON {
        func urlOrNull(_ url: String) -> JSON { url.isEmpty ? .null : .string(url) }
        return [
            "account_sid": .string(accountSid),
            "address_requirements": .string(addressRequirements),
            "address_sid": .optional(addressSid),
            "api_version": "2010-04-01",
            "beta": false,
            "bundle_sid": .optional(bundleSid),
            "capabilities": [
                "fax": false, "mms": .bool(mmsEnabled), "sms": .bool(smsEnabled), "voice": .bool(voiceEnabled),
            ],
            "date_created": .string(TwilioDate.rfc2822(dateCreated)),
            "date_updated": .string(TwilioDate.rfc2822(dateUpdated)),
            "emergency_address_sid": .optional(emergencyAddressSid),
            "emergency_address_status": "unregistered",
            "emergency_status": .string(emergencyStatus),
            "friendly_name": .string(friendlyName),
            "identity_sid": .optional(identitySid),
            "origin": "twilio",
            "phone_number": .string(phoneNumber),
            "sid": .string(sid),
            "sms_application_sid": .string(smsApplicationSid),
            "sms_fallback_method": .string(smsFallbackMethod),
            "sms_fallback_url": .string(smsFallbackURL),
            "sms_method": .string(smsMethod),
            "sms_url": .string(smsURL),
            "status": "in-use",
            "status_callback": .string(statusCallback),
            "status_callback_method": .string(statusCallbackMethod),
            "trunk_sid": .optional(trunkSid),
            "uri": .string("\(accountURI)/IncomingPhoneNumbers/\(sid).json"),
            "voice_application_sid": .string(voiceApplicationSid),
            "voice_caller_id_lookup": .bool(voiceCallerIdLookup),
            "voice_fallback_method": .string(voiceFallbackMethod),
            "voice_fallback_url": urlOrNull(voiceFallbackURL),
            "voice_method": .string(voiceMethod),
            "voice_receive_mode": .string(voiceReceiveMode),
            "voice_url": urlOrNull(voiceURL),
        ]
    }
}
