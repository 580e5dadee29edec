package import FoundationEssentials

/// A number that could be bought just now. https://www.twilio.com/docs/phone-numbers/api/availablephonenumber-resource
package struct AvailablePhoneNumber: Decodable, Sendable {
    /// E.164.
    package let phoneNumber: String
    package let friendlyName: String?
    package let lata: String?
    package let locality: String?
    package let rateCenter: String?
    package let latitude: Decimal?
    package let longitude: Decimal?
    package let region: String?
    package let postalCode: String?
    /// ISO 3166-1 alpha-2.
    package let isoCountry: String?
    package let addressRequirements: IncomingPhoneNumber.AddressRequirement?
    package let beta: Bool?
    package let capabilities: NumberCapabilities?
}

/// A country in which numbers can be had.
package struct AvailablePhoneNumberCountry: Decodable, Sendable {
    /// ISO 3166-1 alpha-2.
    package let countryCode: String
    package let country: String?
    package let beta: Bool?
    /// The kinds of numbers that it has, by Twilio's names (`local`, `toll_free`, `mobile`).
    package let subresourceUris: [String: String]?
}

/// An ISO 3166-1 alpha-2 code, which becomes part of a path.
package struct CountryCode: Sendable, Hashable {
    package let text: String

    /// Nil unless it is two capital letters.
    package init?(_ text: String) {
        guard text.utf8.count == 2,
            text.utf8.allSatisfy({ (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) })
        else { return nil }
        self.text = text
    }
}

extension AvailablePhoneNumber {
    /// Nil does not restrict.
    package struct Search: Parameters {
        /// Three digits (United States and Canada).
        package var areaCode: Int?
        /// Digits, letters of a keypad, and `*` for any one digit.
        package var contains: String?
        package var smsEnabled: Bool?
        package var mmsEnabled: Bool?
        package var voiceEnabled: Bool?
        package var excludeAllAddressRequired: Bool?
        package var excludeLocalAddressRequired: Bool?
        package var excludeForeignAddressRequired: Bool?
        package var beta: Bool?
        package var nearNumber: String?
        /// `37.7,-122.4`.
        package var nearLatLong: String?
        /// Miles, at most 500; 25 when not said.
        package var distance: Int?
        package var inPostalCode: String?
        package var inRegion: String?
        package var inRateCenter: String?
        package var inLata: String?
        package var inLocality: String?
        package var faxEnabled: Bool?
        /// At most 1,000; Twilio gives 30 or 50 when it is not said.
        package var pageSize: Int?

        package init() {}
    }
}

/// Numbers to buy.
package struct AvailablePhoneNumbers: Sendable {
    let place: ResourcePlace

    package func countries() async throws(TwilioCallError) -> [AvailablePhoneNumberCountry] {
        try await place.fetch(as: Countries.self).countries
    }

    package func country(_ country: CountryCode) async throws(TwilioCallError) -> AvailablePhoneNumberCountry {
        try await place.at(country.text).fetch()
    }

    /// Twilio gives one page and no way to a next one.
    package func search(
        in country: CountryCode, _ type: PhoneNumberType, _ search: AvailablePhoneNumber.Search = .init()
    ) async throws(TwilioCallError) -> [AvailablePhoneNumber] {
        try await place.at(country.text).at(type.rawValue).fetch(search, as: Found.self).availablePhoneNumbers
    }

    private struct Countries: Decodable {
        let countries: [AvailablePhoneNumberCountry]
    }

    private struct Found: Decodable {
        let availablePhoneNumbers: [AvailablePhoneNumber]
    }
}

extension TwilioClient {
    package var availablePhoneNumbers: AvailablePhoneNumbers {
        AvailablePhoneNumbers(place: place("AvailablePhoneNumbers"))
    }
}
