extension Lookup {
    /// What to look up; names and addresses are for `identityMatch` only.
    package struct Query: Parameters {
        package var fields: CommaSeparated?
        /// ISO 3166-1 alpha-2, for a number in national form.
        package var countryCode: String?
        package var firstName: String?
        package var lastName: String?
        package var addressLine1: String?
        package var addressLine2: String?
        package var city: String?
        package var state: String?
        package var postalCode: String?
        package var addressCountryCode: String?
        package var nationalId: String?
        /// `YYYYMMDD`.
        package var dateOfBirth: String?
        /// `YYYYMMDD`, for `reassignedNumber`.
        package var lastVerifiedDate: String?
        package var verificationSid: VerificationSid?
        package var partnerSubId: String?

        package init(_ fields: [Field] = []) {
            self.fields = fields.isEmpty ? nil : CommaSeparated(fields.map(\.rawValue))
        }
    }
}

/// Facts about phone numbers.
package struct Lookups: Sendable {
    let place: ResourcePlace

    /// By E.164, or by the national form with a country code in the query.
    package func fetch(_ phoneNumber: PathSegment, _ query: Lookup.Query = .init()) async throws(TwilioCallError)
        -> Lookup
    { try await place.at(phoneNumber).fetch(query) }
}

extension TwilioClient {
    package var lookups: Lookups { Lookups(place: place(.lookups, "/v2/PhoneNumbers")) }
}
