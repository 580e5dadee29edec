import Curl

/// What can be set on a number. Nil leaves a setting as it is; an empty text clears it.
package struct IncomingPhoneNumberSettings: Sendable {
    package var friendlyName: String?
    package var smsUrl: String?
    package var smsMethod: String?
    package var smsFallbackUrl: String?
    package var smsFallbackMethod: String?
    package var smsApplicationSid: String?
    package var voiceUrl: String?
    package var voiceMethod: String?
    package var voiceFallbackUrl: String?
    package var voiceFallbackMethod: String?
    package var voiceApplicationSid: String?
    package var statusCallback: String?
    package var statusCallbackMethod: String?
    package var addressSid: AddressSid?
    package var bundleSid: BundleSid?
    package var identitySid: IdentitySid?
    /// Moves the number to that account, which the client's own must own.
    package var accountSid: AccountSid?

    package init() {}

    func append(to form: inout FormBody) {
        form.append("FriendlyName", friendlyName)
        form.append("SmsUrl", smsUrl)
        form.append("SmsMethod", smsMethod)
        form.append("SmsFallbackUrl", smsFallbackUrl)
        form.append("SmsFallbackMethod", smsFallbackMethod)
        form.append("SmsApplicationSid", smsApplicationSid)
        form.append("VoiceUrl", voiceUrl)
        form.append("VoiceMethod", voiceMethod)
        form.append("VoiceFallbackUrl", voiceFallbackUrl)
        form.append("VoiceFallbackMethod", voiceFallbackMethod)
        form.append("VoiceApplicationSid", voiceApplicationSid)
        form.append("StatusCallback", statusCallback)
        form.append("StatusCallbackMethod", statusCallbackMethod)
        form.append("AddressSid", addressSid)
        form.append("BundleSid", bundleSid)
        form.append("IdentitySid", identitySid)
        form.append("AccountSid", accountSid)
    }
}

/// Which numbers to list. Nil does not restrict.
package struct IncomingPhoneNumberFilter: Sendable {
    /// E.164, or a pattern with `*`.
    package var phoneNumber: String?
    package var friendlyName: String?
    package var origin: String?
    package var isBeta: Bool?

    package init() {}

    var query: FormBody {
        var query = FormBody()
        query.append("PhoneNumber", phoneNumber)
        query.append("FriendlyName", friendlyName)
        query.append("Origin", origin)
        query.append("Beta", isBeta)
        return query
    }
}

/// What to buy.
package enum NumberPurchase: Sendable {
    /// This very number, in E.164.
    case phoneNumber(String)
    /// Any number with this area code (United States and Canada).
    case areaCode(String)
}

extension TwilioClient {
    private var numbersPath: String { "\(accountPath)/IncomingPhoneNumbers" }

    package func incomingPhoneNumbers(
        _ filter: IncomingPhoneNumberFilter = IncomingPhoneNumberFilter(), pageSize: Int = 50
    ) -> ResourceList<IncomingPhoneNumber> {
        list("\(numbersPath).json", key: "incoming_phone_numbers", query: filter.query, pageSize: pageSize)
    }

    package func fetchIncomingPhoneNumber(
        _ sid: IncomingPhoneNumberSid
    ) async throws(TwilioCallError) -> IncomingPhoneNumber {
        try await fetch(path: "\(numbersPath)/\(sid).json")
    }

    /// Buys a number, which costs: in doubt, look at the account's numbers before trying again.
    /// 21422: not available any more; 21452: none in the area code; 21631, 21649: address or bundle missing.
    package func createIncomingPhoneNumber(
        _ purchase: NumberPurchase, _ settings: IncomingPhoneNumberSettings = IncomingPhoneNumberSettings()
    ) async -> CreationOutcome<IncomingPhoneNumber> {
        var form = FormBody()
        switch purchase {
        case .phoneNumber(let number): form.append("PhoneNumber", number)
        case .areaCode(let code): form.append("AreaCode", code)
        }
        settings.append(to: &form)
        return await create(path: "\(numbersPath).json", form: form)
    }

    package func updateIncomingPhoneNumber(
        _ sid: IncomingPhoneNumberSid, _ settings: IncomingPhoneNumberSettings
    ) async throws(TwilioCallError) -> IncomingPhoneNumber {
        var form = FormBody()
        settings.append(to: &form)
        return try await fetch(.post, path: "\(numbersPath)/\(sid).json", form: form)
    }

    /// Gives the number back to Twilio, for good.
    package func deleteIncomingPhoneNumber(_ sid: IncomingPhoneNumberSid) async throws(TwilioCallError) {
        _ = try await answer(.delete, path: "\(numbersPath)/\(sid).json")
    }
}
