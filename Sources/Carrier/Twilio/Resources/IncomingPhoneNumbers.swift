package import FoundationEssentials

/// A number that the account has. https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
package struct IncomingPhoneNumber: AccountResource {
    package let sid: IncomingPhoneNumberSid
    package let accountSid: AccountSid
    /// E.164.
    package let phoneNumber: String
    package let addressSid: AddressSid?
    package let addressRequirements: IncomingPhoneNumber.AddressRequirement?
    package let beta: Bool?
    package let capabilities: NumberCapabilities?
    package let dateCreated: Date?
    package let dateUpdated: Date?
    package let friendlyName: String?
    package let identitySid: IdentitySid?
    package let origin: String?
    package let smsApplicationSid: ApplicationSid?
    package let smsFallbackMethod: HTTPMethod?
    package let smsFallbackUrl: String?
    package let smsMethod: HTTPMethod?
    package let smsUrl: String?
    package let statusCallback: String?
    package let statusCallbackMethod: HTTPMethod?
    /// Text, since the documents' own examples have a SID of another kind here.
    package let trunkSid: String?
    package let voiceReceiveMode: IncomingPhoneNumber.VoiceReceiveMode?
    package let voiceApplicationSid: ApplicationSid?
    package let voiceCallerIdLookup: Bool?
    package let voiceFallbackMethod: HTTPMethod?
    package let voiceFallbackUrl: String?
    package let voiceMethod: HTTPMethod?
    package let voiceUrl: String?
    package let emergencyStatus: IncomingPhoneNumber.EmergencyStatus?
    package let emergencyAddressSid: AddressSid?
    package let emergencyAddressStatus: IncomingPhoneNumber.EmergencyAddressStatus?
    package let bundleSid: BundleSid?
    package let status: String?
    package let type: String?
}

/// Numbers by their kind.
package enum PhoneNumberType: String, Sendable, CaseIterable {
    case local = "Local"
    case mobile = "Mobile"
    case tollFree = "TollFree"
}

/// Numbers of the account.
package struct IncomingPhoneNumbers: Sendable {
    let place: ResourcePlace

    /// Buys a number, which costs: in doubt, look at the account's numbers before trying again.
    /// 21422: not available any more; 21452: none in the area code; 21631, 21649: address or bundle missing.
    package func create(_ number: IncomingPhoneNumber.Creation) async -> CreationOutcome<IncomingPhoneNumber> {
        await place.create(number)
    }

    package func fetch(_ sid: IncomingPhoneNumberSid) async throws(TwilioCallError) -> IncomingPhoneNumber {
        try await place.at(sid).fetch()
    }

    package func list(_ filter: IncomingPhoneNumber.Filter = .init(), pageSize: Int = 50) -> ResourceList<
        IncomingPhoneNumber
    > { place.list("incomingPhoneNumbers", filter, pageSize: pageSize) }

    /// Sets it up, or moves it to a subaccount.
    package func update(_ sid: IncomingPhoneNumberSid, _ update: IncomingPhoneNumber.Update)
        async throws(TwilioCallError) -> IncomingPhoneNumber
    { try await place.at(sid).update(update) }

    /// Gives the number back to Twilio, for good.
    package func delete(_ sid: IncomingPhoneNumberSid) async throws(TwilioCallError) {
        try await place.at(sid).delete()
    }

    /// The same, of one kind of numbers only: to list and to buy.
    package func of(_ type: PhoneNumberType) -> TypedPhoneNumbers { TypedPhoneNumbers(place: place.at(type.rawValue)) }
}

extension TwilioClient {
    package var incomingPhoneNumbers: IncomingPhoneNumbers {
        IncomingPhoneNumbers(place: place("IncomingPhoneNumbers"))
    }
}

/// Numbers of the account of one kind.
package struct TypedPhoneNumbers: Sendable {
    let place: ResourcePlace

    package func create(_ number: IncomingPhoneNumber.Creation) async -> CreationOutcome<IncomingPhoneNumber> {
        await place.create(number)
    }

    package func list(_ filter: IncomingPhoneNumber.Filter = .init(), pageSize: Int = 50) -> ResourceList<
        IncomingPhoneNumber
    > { place.list("incomingPhoneNumbers", filter, pageSize: pageSize) }
}
