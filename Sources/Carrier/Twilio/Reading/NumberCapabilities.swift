/// What a number can do. A capability that Twilio does not mention is absent.
package struct NumberCapabilities: Sendable, Hashable, Decodable {
    package let voice: Bool
    package let sms: Bool
    package let mms: Bool
    package let fax: Bool

    package init(voice: Bool, sms: Bool, mms: Bool, fax: Bool) {
        self.voice = voice
        self.sms = sms
        self.mms = mms
        self.fax = fax
    }

    /// Keys in either case: available numbers have been seen with `SMS` where owned ones have `sms`.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.singleValueContainer().decode([String: Bool?].self)
        func has(_ name: String) -> Bool { (values[name] ?? values[name.uppercased()] ?? nil) ?? false }
        self.init(voice: has("voice"), sms: has("sms"), mms: has("mms"), fax: has("fax"))
    }
}
