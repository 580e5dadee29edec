/// Twilio's magic inputs (facts section 5). Recipients refuse for every account of the sandbox, senders and purchases for
/// test credentials only.
enum MagicNumbers {
    static func recipient(_ to: String) -> TwilioFault? {
        guard to.hasPrefix("+1500555000") else { return nil }
        switch to {
        case "+15005550001": return TwilioFault(21211, "The 'To' number \(to) is not a valid phone number.")
        case "+15005550002":
            return TwilioFault(
                21612, "The 'To' phone number: \(to), is not currently reachable using the 'From' phone number via SMS."
            )
        case "+15005550003":
            return TwilioFault(
                21408,
                "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: \(to)")
        case "+15005550004": return TwilioFault(21610, "Attempt to send to unsubscribed recipient")
        case "+15005550009": return TwilioFault(21614, "To number: \(to), is not a mobile number")
        default: return nil
        }
    }

    /// Of a message by test credentials.
    static func sender(_ wanted: String) throws(TwilioFault) -> String {
        switch PhoneNumber.normalized(wanted) {
        case "+15005550006": return "+15005550006"
        case "+15005550001", nil:
            throw TwilioFault(
                21212,
                "The 'From' number \(wanted) is not a valid phone number, shortcode, or alphanumeric sender ID.")
        case "+15005550008": throw queueFull
        default: throw notOurs(wanted)
        }
    }

    static let queueFull = TwilioFault(21611, "SMS queue is full.", status: 429)

    static func notOurs(_ number: String) -> TwilioFault {
        TwilioFault(
            21606,
            "The From phone number \(number) is not a valid, SMS-capable inbound phone number or short code "
                + "for your account.")
    }

    /// Of a call, whose recipients refuse for every account.
    static func callee(_ to: String) -> TwilioFault? {
        switch to {
        case "+15005550001": TwilioFault(21217, "Phone number does not appear to be valid")
        case "+15005550002": TwilioFault(21214, "'To' phone number cannot be reached")
        case "+15005550003":
            TwilioFault(21215, "Account not authorized to call \(to). Perhaps you need to enable some permissions.")
        case "+15005550004": TwilioFault(21216, "Account not allowed to call \(to)")
        default: nil
        }
    }

    /// Of a call by test credentials.
    static func caller(_ wanted: String) throws(TwilioFault) -> String {
        switch PhoneNumber.normalized(wanted) {
        case "+15005550006": return "+15005550006"
        case "+15005550001", nil: throw TwilioFault(21212, "The 'From' number \(wanted) is not a valid phone number.")
        default: throw unverifiedCaller(wanted)
        }
    }

    static func unverifiedCaller(_ number: String) -> TwilioFault {
        TwilioFault(
            21210,
            "The source phone number provided, \(number), is not yet verified for your account. You may only make "
                + "calls from phone numbers that you've verified or purchased from Twilio.")
    }

    /// A purchase by test credentials.
    static func purchase(_ form: Parameters) throws(TwilioFault) -> String {
        if let wanted = form["PhoneNumber"], !wanted.isEmpty {
            switch wanted {
            case "+15005550000": throw TwilioFault(21422, "\(wanted) is not available")
            case "+15005550001": throw TwilioFault(21421, "\(wanted) is not a valid number")
            default:
                guard let number = PhoneNumber.normalized(wanted) else {
                    throw TwilioFault(21421, "\(wanted) is not a valid number")
                }
                return number
            }
        }
        guard let code = form["AreaCode"], !code.isEmpty else {
            throw TwilioFault(21421, "PhoneNumber or AreaCode is required")
        }
        guard code.utf8.count == 3, Int(code) != nil else {
            throw TwilioFault(21451, "The area code '\(code)' is invalid")
        }
        guard code != "533" else { throw TwilioFault(21452, "No phone numbers found in area code \(code)") }
        return "+1\(code)5550106"
    }
}
