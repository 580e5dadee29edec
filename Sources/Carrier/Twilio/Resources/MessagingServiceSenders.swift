package import FoundationEssentials

/// A number in a pool. 21710: it is there already; 21712: it is in another one.
package struct ServicePhoneNumber: AccountResource {
    package let sid: IncomingPhoneNumberSid
    package let accountSid: AccountSid
    package let serviceSid: MessagingServiceSid?
    package let phoneNumber: String?
    /// ISO 3166-1 alpha-2.
    package let countryCode: String?
    /// `SMS`, `MMS`, `Voice`.
    package let capabilities: [String]?
    package let dateCreated: Date?
    package let dateUpdated: Date?

    package struct Creation: Parameters {
        package var phoneNumberSid: IncomingPhoneNumberSid

        package init(phoneNumberSid: IncomingPhoneNumberSid) {
            self.phoneNumberSid = phoneNumberSid
        }
    }
}

/// The numbers of one messaging service.
package struct ServicePhoneNumbers: Sendable {
    let place: ResourcePlace

    package func create(_ sender: ServicePhoneNumber.Creation) async -> CreationOutcome<ServicePhoneNumber> {
        await place.create(sender)
    }

    package func fetch(_ sid: IncomingPhoneNumberSid) async throws(TwilioCallError) -> ServicePhoneNumber {
        try await place.at(sid).fetch()
    }

    package func list(pageSize: Int = 50) -> ResourceList<ServicePhoneNumber> {
        place.list("phoneNumbers", pageSize: pageSize)
    }

    package func delete(_ sid: IncomingPhoneNumberSid) async throws(TwilioCallError) {
        try await place.at(sid).delete()
    }
}

/// A short code in a pool.
package struct ServiceShortCode: AccountResource {
    package let sid: ShortCodeSid
    package let accountSid: AccountSid
    package let serviceSid: MessagingServiceSid?
    package let shortCode: String?
    /// ISO 3166-1 alpha-2.
    package let countryCode: String?
    /// `SMS`, `MMS`, `Voice`.
    package let capabilities: [String]?
    package let dateCreated: Date?
    package let dateUpdated: Date?

    package struct Creation: Parameters {
        package var shortCodeSid: ShortCodeSid

        package init(shortCodeSid: ShortCodeSid) {
            self.shortCodeSid = shortCodeSid
        }
    }
}

/// The short codes of one messaging service.
package struct ServiceShortCodes: Sendable {
    let place: ResourcePlace

    package func create(_ sender: ServiceShortCode.Creation) async -> CreationOutcome<ServiceShortCode> {
        await place.create(sender)
    }

    package func fetch(_ sid: ShortCodeSid) async throws(TwilioCallError) -> ServiceShortCode {
        try await place.at(sid).fetch()
    }

    package func list(pageSize: Int = 50) -> ResourceList<ServiceShortCode> {
        place.list("shortCodes", pageSize: pageSize)
    }

    package func delete(_ sid: ShortCodeSid) async throws(TwilioCallError) { try await place.at(sid).delete() }
}

/// An alphanumeric sender in a pool: up to 11 letters, digits and spaces.
package struct ServiceAlphaSender: AccountResource {
    package let sid: AlphaSenderSid
    package let accountSid: AccountSid
    package let serviceSid: MessagingServiceSid?
    package let alphaSender: String?
    /// `SMS`, `MMS`, `Voice`.
    package let capabilities: [String]?
    package let dateCreated: Date?
    package let dateUpdated: Date?

    package struct Creation: Parameters {
        package var alphaSender: String

        package init(alphaSender: String) {
            self.alphaSender = alphaSender
        }
    }
}

/// The alphanumeric senders of one messaging service.
package struct ServiceAlphaSenders: Sendable {
    let place: ResourcePlace

    package func create(_ sender: ServiceAlphaSender.Creation) async -> CreationOutcome<ServiceAlphaSender> {
        await place.create(sender)
    }

    package func fetch(_ sid: AlphaSenderSid) async throws(TwilioCallError) -> ServiceAlphaSender {
        try await place.at(sid).fetch()
    }

    package func list(pageSize: Int = 50) -> ResourceList<ServiceAlphaSender> {
        place.list("alphaSenders", pageSize: pageSize)
    }

    package func delete(_ sid: AlphaSenderSid) async throws(TwilioCallError) { try await place.at(sid).delete() }
}
