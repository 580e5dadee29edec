package import FoundationEssentials

/// What calls cost in a country, a minute.
package struct VoiceCountryPrices: Decodable, Sendable {
    package let country: String?
    package let isoCountry: String
    package let outboundPrefixPrices: [OutboundPrefixPrice]?
    package let inboundCallPrices: [NumberTypePrice]?
    /// ISO 4217.
    package let priceUnit: String?

    package struct OutboundPrefixPrice: Decodable, Sendable {
        package let friendlyName: String?
        package let basePrice: Decimal?
        package let currentPrice: Decimal?
        /// pricing/v1 only.
        package let prefixes: [String]?
        /// pricing/v2 only.
        package let originationPrefixes: [String]?
        /// pricing/v2 only.
        package let destinationPrefixes: [String]?
    }
}

/// What a call to one number costs, a minute, from one number or from any.
package struct VoiceNumberPrices: Decodable, Sendable {
    package let destinationNumber: String
    package let originationNumber: String?
    package let country: String?
    package let isoCountry: String?
    package let outboundCallPrices: [OutboundCallPrice]?
    package let inboundCallPrice: NumberTypePrice?
    /// ISO 4217.
    package let priceUnit: String?

    package struct OutboundCallPrice: Decodable, Sendable {
        package let basePrice: Decimal?
        package let currentPrice: Decimal?
        package let originationPrefixes: [String]?
    }
}

/// The same by pricing/v1, which knows no origin.
package struct VoiceNumberPricesV1: Decodable, Sendable {
    package let number: String
    package let country: String?
    package let isoCountry: String?
    package let outboundCallPrice: NumberTypePrice?
    package let inboundCallPrice: NumberTypePrice?
    /// ISO 4217.
    package let priceUnit: String?
}

/// Prices of calls, by their origin too.
package struct VoicePricing: Sendable {
    let place: ResourcePlace

    package func countries(pageSize: Int = 50) -> ResourceList<PricingCountry> {
        place.at("Countries").list("countries", pageSize: pageSize)
    }

    package func fetch(_ country: CountryCode) async throws(TwilioCallError) -> VoiceCountryPrices {
        try await place.at("Countries").at(country.text).fetch()
    }

    package func fetch(to number: PathSegment, from origin: String? = nil) async throws(TwilioCallError)
        -> VoiceNumberPrices
    {
        try await place.at("Numbers").at(number).fetch(Origin(originationNumber: origin))
    }

    private struct Origin: Parameters {
        let originationNumber: String?
    }
}

/// Prices of calls, without regard to their origin.
package struct VoicePricingV1: Sendable {
    let place: ResourcePlace

    package func countries(pageSize: Int = 50) -> ResourceList<PricingCountry> {
        place.at("Countries").list("countries", pageSize: pageSize)
    }

    package func fetch(_ country: CountryCode) async throws(TwilioCallError) -> VoiceCountryPrices {
        try await place.at("Countries").at(country.text).fetch()
    }

    package func fetch(number: PathSegment) async throws(TwilioCallError) -> VoiceNumberPricesV1 {
        try await place.at("Numbers").at(number).fetch()
    }
}
