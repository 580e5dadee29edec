/// What a country asks for a kind of number. https://www.twilio.com/docs/phone-numbers/regulatory/api/regulations
package struct Regulation: Decodable, Sendable {
    package let sid: RegulationSid
    package let friendlyName: String?
    /// ISO 3166-1 alpha-2.
    package let isoCountry: String?
    package let numberType: String?
    package let endUserType: EndUser.Kind?
    package let requirements: OpenJSON?
}

extension Regulation {
    package struct Filter: Parameters {
        package var endUserType: EndUser.Kind?
        /// ISO 3166-1 alpha-2.
        package var isoCountry: String?
        package var numberType: String?
        package var includeConstraints: Bool?

        package init() {}
    }

    struct Query: Parameters {
        let includeConstraints: Bool?
    }
}

/// Regulations of all countries.
package struct Regulations: Sendable {
    let place: ResourcePlace

    package func fetch(_ sid: RegulationSid, includeConstraints: Bool? = nil) async throws(TwilioCallError)
        -> Regulation
    {
        try await place.at(sid).fetch(Regulation.Query(includeConstraints: includeConstraints))
    }

    package func list(_ filter: Regulation.Filter = .init(), pageSize: Int = 50) -> ResourceList<Regulation> {
        place.list("results", filter, pageSize: pageSize)
    }
}
