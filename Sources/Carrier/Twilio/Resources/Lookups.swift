package import FoundationEssentials

/// What is known about a phone number. An invalid number is no error: `valid` is false and `validationErrors` say why.
/// Blocks that were not asked for are nil. https://www.twilio.com/docs/lookup/v2-api
package struct Lookup: Decodable, Sendable {
    /// E.164.
    package let phoneNumber: String
    package let valid: Bool
    package let callingCountryCode: String?
    /// ISO 3166-1 alpha-2.
    package let countryCode: String?
    package let nationalFormat: String?
    package let validationErrors: [String]?
    package let callerName: Lookup.CallerName?
    package let simSwap: Lookup.SimSwap?
    package let callForwarding: Lookup.CallForwarding?
    package let lineTypeIntelligence: Lookup.LineTypeIntelligence?
    package let lineStatus: Lookup.LineStatus?
    package let identityMatch: Lookup.IdentityMatch?
    package let reassignedNumber: Lookup.ReassignedNumber?
    package let smsPumpingRisk: Lookup.SmsPumpingRisk?
    package let phoneNumberQualityScore: Lookup.PhoneNumberQualityScore?
    package let preFill: Lookup.PreFill?
}

extension Lookup {
    package struct CallerName: Decodable, Sendable {
        package let callerName: String?
        package let callerType: String?
        package let errorCode: Int?
    }

    package struct SimSwap: Decodable, Sendable {
        package let lastSimSwap: Lookup.LastSimSwap?
        package let carrierName: String?
        package let mobileCountryCode: String?
        package let mobileNetworkCode: String?
        package let errorCode: Int?
    }

    package struct LastSimSwap: Decodable, Sendable {
        package let lastSimSwapDate: Date?
        /// An ISO 8601 duration, such as `PT48H`.
        package let swappedPeriod: String?
        package let swappedInPeriod: Bool?
    }

    package struct CallForwarding: Decodable, Sendable {
        package let callForwardingEnabled: Bool?
        package let errorCode: Int?
    }

    package struct LineTypeIntelligence: Decodable, Sendable {
        package let mobileCountryCode: String?
        package let mobileNetworkCode: String?
        package let carrierName: String?
        package let type: String?
        package let errorCode: Int?
    }

    package struct LineStatus: Decodable, Sendable {
        package let status: String?
        package let errorCode: Int?
    }

    package struct IdentityMatch: Decodable, Sendable {
        package let firstNameMatch: String?
        package let lastNameMatch: String?
        package let addressLinesMatch: String?
        package let cityMatch: String?
        package let stateMatch: String?
        package let postalCodeMatch: String?
        package let addressCountryMatch: String?
        package let nationalIdMatch: String?
        package let dateOfBirthMatch: String?
        package let summaryScore: Int?
        package let errorCode: Int?
        package let errorMessage: String?
    }

    package struct ReassignedNumber: Decodable, Sendable {
        package let lastVerifiedDate: Day?
        package let isNumberReassigned: String?
        package let errorCode: String?
    }

    package struct SmsPumpingRisk: Decodable, Sendable {
        package let carrierRiskCategory: String?
        package let numberBlocked: Bool?
        package let numberBlockedDate: Date?
        package let numberBlockedLast3Months: Bool?
        package let smsPumpingRiskScore: Int?
        package let errorCode: Int?
    }

    package struct PhoneNumberQualityScore: Decodable, Sendable {
        package let carrierRiskScore: Int?
        package let carrierRiskCategory: String?
        package let disposablePhoneRiskScore: Int?
        package let disposablePhoneRiskCategory: String?
        package let qualityScore: Int?
        package let qualityCategory: String?
        package let velocityRiskScore: Int?
        package let velocityRiskCategory: String?
        package let errorCode: Int?
    }

    package struct PreFill: Decodable, Sendable {
        package let firstName: String?
        package let lastName: String?
        package let addressLine: String?
        package let countryCode: String?
        package let state: String?
        package let postalCode: String?
        package let errorCode: Int?
    }

    /// A block of data; all but `validation` cost.
    package struct Field: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let validation = Self(rawValue: "validation")
        package static let callerName = Self(rawValue: "caller_name")
        package static let simSwap = Self(rawValue: "sim_swap")
        package static let callForwarding = Self(rawValue: "call_forwarding")
        package static let lineStatus = Self(rawValue: "line_status")
        package static let lineTypeIntelligence = Self(rawValue: "line_type_intelligence")
        package static let identityMatch = Self(rawValue: "identity_match")
        package static let reassignedNumber = Self(rawValue: "reassigned_number")
        package static let smsPumpingRisk = Self(rawValue: "sms_pumping_risk")
        package static let phoneNumberQualityScore = Self(rawValue: "phone_number_quality_score")
        package static let preFill = Self(rawValue: "pre_fill")
    }
}
