package import FoundationEssentials

/// A country of the price book.
package struct PricingCountry: Decodable, Sendable {
    package let country: String?
    /// ISO 3166-1 alpha-2.
    package let isoCountry: String
}

/// What a thing costs, before and after the account's own discounts.
package struct NumberTypePrice: Decodable, Sendable {
    package let basePrice: Decimal?
    package let currentPrice: Decimal?
    /// `local`, `mobile`, `toll free` …
    package let numberType: String?
}

/// Prices, of pricing/v1 and, for calls, /v2. Decimals of `priceUnit`, an ISO 4217 code.
package struct Pricing: Sendable {
    let client: TwilioClient

    package var messaging: MessagingPricing {
        MessagingPricing(place: client.place(.pricing, "/v1/Messaging/Countries"))
    }
    package var phoneNumbers: PhoneNumberPricing {
        PhoneNumberPricing(place: client.place(.pricing, "/v1/PhoneNumbers/Countries"))
    }
    package var voice: VoicePricing { VoicePricing(place: client.place(.pricing, "/v2/Voice")) }
    package var voiceV1: VoicePricingV1 { VoicePricingV1(place: client.place(.pricing, "/v1/Voice")) }
}

extension TwilioClient {
    package var pricing: Pricing { Pricing(client: self) }
}
