package import FoundationEssentials

/// An order to bring numbers to Twilio. https://www.twilio.com/docs/phone-numbers/port-in/port-in-request-api
package struct PortIn: AccountResource {
    package let portInRequestSid: PortInSid
    package let accountSid: AccountSid
    package let notificationEmails: [String]?
    package let targetPortInDate: Day?
    package let targetPortInTimeRangeStart: String?
    package let targetPortInTimeRangeEnd: String?
    /// Documented as `In progress`, `Completed`, `Action Required` …, and seen as `pending`: compare loosely.
    package let portInRequestStatus: String?
    package let orderCancellationReason: String?
    package let losingCarrierInformation: LosingCarrierInformation?
    package let phoneNumbers: [PortIn.PhoneNumber]?
    package let bundleSid: String?
    package let portabilityAdvanceCarrier: String?
    package let autoCancelApprovalNumbers: String?
    package let documents: [String]?
    package let dateCreated: Date?
    package let supportTicketId: Int?
    package let signatureRequestUrl: String?
}

extension PortIn {
    package struct PhoneNumber: Decodable, Sendable {
        /// E.164.
        package let phoneNumber: String
        package let notPortabilityReason: String?
        package let notPortabilityReasonCode: Int?
        package let numberType: String?
        package let portDate: Date?
        package let portInPhoneNumberSid: PortInPhoneNumberSid?
        package let portInPhoneNumberStatus: String?
        package let portable: Bool?
        package let rejectionReason: String?
        package let rejectionReasonCode: String?
        package let statusLastTimeUpdatedTimestamp: String?
        package let externalPortingVendorPhoneNumberId: String?
    }

    /// What to bring: goes out as JSON. At most 1,000 numbers of the United States, none toll-free.
    package struct Creation: Encodable, Sendable {
        package struct PhoneNumber: Encodable, Sendable {
            package var phoneNumber: String
            package var pin: String?

            package init(_ phoneNumber: String, pin: String? = nil) {
                self.phoneNumber = phoneNumber
                self.pin = pin
            }
        }

        package var accountSid: AccountSid
        /// SIDs of documents; a recent bill of the losing carrier must be among them.
        package var documents: [SupportingDocumentSid]
        package var phoneNumbers: [PhoneNumber]
        package var losingCarrierInformation: LosingCarrierInformation
        package var notificationEmails: [String]?
        package var targetPortInDate: Day?
        /// `10:15:00-08:00`.
        package var targetPortInTimeRangeStart: String?
        package var targetPortInTimeRangeEnd: String?
        package var bundleSid: BundleSid?
        package var portabilityAdvanceCarrier: String?
        package var autoCancelApprovalNumbers: String?

        package init(
            accountSid: AccountSid, documents: [SupportingDocumentSid], phoneNumbers: [PhoneNumber],
            losingCarrierInformation: LosingCarrierInformation
        ) {
            self.accountSid = accountSid
            self.documents = documents
            self.phoneNumbers = phoneNumbers
            self.losingCarrierInformation = losingCarrierInformation
        }
    }
}

/// Who has the number, and who may give it away.
package struct LosingCarrierInformation: Codable, Sendable, Hashable {
    package var customerName: String?
    package var accountNumber: String?
    package var accountTelephoneNumber: String?
    package var addressSid: String?
    package var address: PortingAddress?
    package var authorizedRepresentative: String?
    package var authorizedRepresentativeEmail: String?
    package var customerType: String?
    package var authorizedRepresentativeKatakana: String?
    package var subMunicipality: String?
    package var building: String?
    package var katakanaName: String?

    package init() {}
}

/// An address as the losing carrier has it.
package struct PortingAddress: Codable, Sendable, Hashable {
    package var street: String?
    package var street2: String?
    package var city: String?
    package var state: String?
    package var zip: String?
    package var country: String?

    package init() {}

    /// The names as they go out: a rule for names would make `street2` of what Twilio calls `street_2`.
    private enum Names: String, CodingKey {
        case street, city, state, zip, country
        case street2 = "street_2"
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Names.self)
        try fields.encodeIfPresent(street, forKey: .street)
        try fields.encodeIfPresent(street2, forKey: .street2)
        try fields.encodeIfPresent(city, forKey: .city)
        try fields.encodeIfPresent(state, forKey: .state)
        try fields.encodeIfPresent(zip, forKey: .zip)
        try fields.encodeIfPresent(country, forKey: .country)
    }
}
