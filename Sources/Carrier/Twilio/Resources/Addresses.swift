package import FoundationEssentials

/// An address that numbers may require. https://www.twilio.com/docs/usage/api/address
package struct Address: AccountResource {
    package let sid: AddressSid
    package let accountSid: AccountSid
    package let city: String?
    package let customerName: String?
    package let dateCreated: Date?
    package let dateUpdated: Date?
    package let friendlyName: String?
    /// ISO 3166-1 alpha-2.
    package let isoCountry: String?
    package let postalCode: String?
    package let region: String?
    package let street: String?
    package let emergencyEnabled: Bool?
    package let validated: Bool?
    package let verified: Bool?
    package let streetSecondary: String?
}

extension Address {
    package struct Creation: Parameters {
        package var customerName: String
        package var street: String
        package var city: String
        package var region: String
        package var postalCode: String
        /// ISO 3166-1 alpha-2.
        package var isoCountry: String
        package var friendlyName: String?
        package var emergencyEnabled: Bool?
        package var autoCorrectAddress: Bool?
        package var streetSecondary: String?

        package init(
            customerName: String, street: String, city: String, region: String, postalCode: String, isoCountry: String
        ) {
            self.customerName = customerName
            self.street = street
            self.city = city
            self.region = region
            self.postalCode = postalCode
            self.isoCountry = isoCountry
        }
    }

    package struct Update: Parameters {
        package var friendlyName: String?
        package var customerName: String?
        package var street: String?
        package var city: String?
        package var region: String?
        package var postalCode: String?
        package var emergencyEnabled: Bool?
        package var autoCorrectAddress: Bool?
        package var streetSecondary: String?

        package init() {}
    }

    package struct Filter: Parameters {
        package var customerName: String?
        package var friendlyName: String?
        package var emergencyEnabled: Bool?
        /// ISO 3166-1 alpha-2.
        package var isoCountry: String?

        package init() {}
    }
}

/// Addresses of the account.
package struct Addresses: Sendable {
    let place: ResourcePlace

    package func create(_ address: Address.Creation) async -> CreationOutcome<Address> { await place.create(address) }

    package func fetch(_ sid: AddressSid) async throws(TwilioCallError) -> Address { try await place.at(sid).fetch() }

    package func list(_ filter: Address.Filter = .init(), pageSize: Int = 50) -> ResourceList<Address> {
        place.list("addresses", filter, pageSize: pageSize)
    }

    package func update(_ sid: AddressSid, _ update: Address.Update) async throws(TwilioCallError) -> Address {
        try await place.at(sid).update(update)
    }

    package func delete(_ sid: AddressSid) async throws(TwilioCallError) { try await place.at(sid).delete() }

    /// Numbers that could not be kept without this address.
    package func dependentPhoneNumbers(of address: AddressSid, pageSize: Int = 50) -> ResourceList<IncomingPhoneNumber>
    {
        place.at(address).at("DependentPhoneNumbers").list("dependentPhoneNumbers", pageSize: pageSize)
    }
}

extension TwilioClient {
    package var addresses: Addresses { Addresses(place: place("Addresses")) }
}
