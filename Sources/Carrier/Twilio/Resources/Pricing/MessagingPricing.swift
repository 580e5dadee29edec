/// What messages cost in a country.
package struct MessagingCountryPrices: Decodable, Sendable {
    package let country: String?
    package let isoCountry: String
    package let outboundSmsPrices: [OutboundSmsPrice]?
    package let inboundSmsPrices: [NumberTypePrice]?
    /// ISO 4217.
    package let priceUnit: String?

    package struct OutboundSmsPrice: Decodable, Sendable {
        package let carrier: String?
        package let mcc: String?
        package let mnc: String?
        package let prices: [NumberTypePrice]?
    }
}

/// What numbers cost a month in a country.
package struct PhoneNumberCountryPrices: Decodable, Sendable {
    package let country: String?
    package let isoCountry: String
    package let phoneNumberPrices: [NumberTypePrice]?
    /// ISO 4217.
    package let priceUnit: String?
}

/// Prices of messages.
package struct MessagingPricing: Sendable {
    let place: ResourcePlace

    package func countries(pageSize: Int = 50) -> ResourceList<PricingCountry> {
        place.list("countries", pageSize: pageSize)
    }

    package func fetch(_ country: CountryCode) async throws(TwilioCallError) -> MessagingCountryPrices {
        try await place.at(country.text).fetch()
    }
}

/// Prices of numbers.
package struct PhoneNumberPricing: Sendable {
    let place: ResourcePlace

    package func countries(pageSize: Int = 50) -> ResourceList<PricingCountry> {
        place.list("countries", pageSize: pageSize)
    }

    package func fetch(_ country: CountryCode) async throws(TwilioCallError) -> PhoneNumberCountryPrices {
        try await place.at(country.text).fetch()
    }
}
