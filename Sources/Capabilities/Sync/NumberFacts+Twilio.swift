import Numbers
import Twilio

extension NumberFacts {
    /// `nil` for a number that is not in E.164 form, such as a short code.
    init?(_ number: IncomingPhoneNumber) {
        guard number.phoneNumber.hasPrefix("+") else { return nil }
        self.init(
            number: number.phoneNumber, displayName: number.friendlyName ?? number.phoneNumber,
            countryCode: NumberingPlan.country(of: number.phoneNumber),
            kind: NumberingPlan.kind(of: number.phoneNumber),
            twilioSID: number.sid.text, voice: number.capabilities?.voice ?? false,
            sms: number.capabilities?.sms ?? false, mms: number.capabilities?.mms ?? false)
    }
}
