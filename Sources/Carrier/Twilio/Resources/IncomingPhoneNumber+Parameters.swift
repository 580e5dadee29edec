extension IncomingPhoneNumber {
    package struct AddressRequirement: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let none = Self(rawValue: "none")
        package static let any = Self(rawValue: "any")
        package static let local = Self(rawValue: "local")
        package static let foreign = Self(rawValue: "foreign")
    }

    package struct EmergencyStatus: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let active = Self(rawValue: "Active")
        package static let inactive = Self(rawValue: "Inactive")
    }

    package struct EmergencyAddressStatus: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let registered = Self(rawValue: "registered")
        package static let unregistered = Self(rawValue: "unregistered")
        package static let pendingRegistration = Self(rawValue: "pending-registration")
        package static let registrationFailure = Self(rawValue: "registration-failure")
        package static let pendingUnregistration = Self(rawValue: "pending-unregistration")
        package static let unregistrationFailure = Self(rawValue: "unregistration-failure")
    }

    package struct VoiceReceiveMode: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let voice = Self(rawValue: "voice")
        package static let fax = Self(rawValue: "fax")
    }
}

extension IncomingPhoneNumber {
    /// What to buy, and how it is set up at once.
    package struct Creation: Parameters {
        package enum Purchase: FormValue {
            /// This very number, in E.164.
            case phoneNumber(String)
            /// Any number with this area code (United States and Canada).
            case areaCode(String)

            package func append(to form: inout FormBody, as name: String) {
                switch self {
                case .phoneNumber(let number): form.append("PhoneNumber", number)
                case .areaCode(let code): form.append("AreaCode", code)
                }
            }
        }

        package var purchase: Purchase
        package var apiVersion: String?
        package var friendlyName: String?
        package var smsApplicationSid: ApplicationSid?
        package var smsFallbackMethod: HTTPMethod?
        package var smsFallbackUrl: String?
        package var smsMethod: HTTPMethod?
        package var smsUrl: String?
        package var statusCallback: String?
        package var statusCallbackMethod: HTTPMethod?
        package var voiceApplicationSid: ApplicationSid?
        package var voiceCallerIdLookup: Bool?
        package var voiceFallbackMethod: HTTPMethod?
        package var voiceFallbackUrl: String?
        package var voiceMethod: HTTPMethod?
        package var voiceUrl: String?
        package var emergencyStatus: IncomingPhoneNumber.EmergencyStatus?
        package var emergencyAddressSid: AddressSid?
        package var trunkSid: TrunkSid?
        package var identitySid: IdentitySid?
        package var addressSid: AddressSid?
        package var voiceReceiveMode: IncomingPhoneNumber.VoiceReceiveMode?
        package var bundleSid: BundleSid?

        package init(_ purchase: Purchase) {
            self.purchase = purchase
        }
    }

    /// Nil leaves a setting as it is; an empty text clears it. `accountSid` moves the number to that account.
    package struct Update: Parameters {
        package var accountSid: AccountSid?
        package var apiVersion: String?
        package var friendlyName: String?
        package var smsApplicationSid: ApplicationSid?
        package var smsFallbackMethod: HTTPMethod?
        package var smsFallbackUrl: String?
        package var smsMethod: HTTPMethod?
        package var smsUrl: String?
        package var statusCallback: String?
        package var statusCallbackMethod: HTTPMethod?
        package var voiceApplicationSid: ApplicationSid?
        package var voiceCallerIdLookup: Bool?
        package var voiceFallbackMethod: HTTPMethod?
        package var voiceFallbackUrl: String?
        package var voiceMethod: HTTPMethod?
        package var voiceUrl: String?
        package var emergencyStatus: IncomingPhoneNumber.EmergencyStatus?
        package var emergencyAddressSid: AddressSid?
        package var trunkSid: TrunkSid?
        package var voiceReceiveMode: IncomingPhoneNumber.VoiceReceiveMode?
        package var identitySid: IdentitySid?
        package var addressSid: AddressSid?
        package var bundleSid: BundleSid?

        package init() {}
    }

    package struct Filter: Parameters {
        package var beta: Bool?
        package var friendlyName: String?
        /// E.164, or a pattern with `*`.
        package var phoneNumber: String?
        package var origin: String?

        package init() {}
    }
}
