import Curl
package import FoundationEssentials

/// A port-in order in a list.
package struct PortInRequest: Decodable, Sendable {
    package let portInRequestSid: PortInSid
    package let portInRequestStatus: String?
    /// A day or an instant.
    package let statusLastUpdatedTimestamp: String?
    package let phoneNumbersRequested: Int?
    package let phoneNumbersPorted: Int?
    package let suggestedAction: String?
}

extension PortInRequest {
    package struct Filter: Parameters {
        package var portInRequestSid: PortInSid?
        package var portInRequestStatus: String?
        package var createdBefore: Day?
        package var createdAfter: Day?

        package init() {}
    }
}

/// One number of a port-in order.
package struct PortInPhoneNumber: AccountResource {
    package let phoneNumberSid: PortInPhoneNumberSid
    package let portInRequestSid: PortInSid
    package let accountSid: AccountSid
    package let phoneNumberType: String?
    package let dateCreated: Date?
    package let country: String?
    package let missingRequiredFields: Bool?
    package let lastUpdated: Date?
    /// E.164.
    package let phoneNumber: String?
    package let portable: Bool?
    package let notPortabilityReason: String?
    package let notPortabilityReasonCode: Int?
    package let portInPhoneNumberStatus: String?
    package let portOutPin: Int?
    package let rejectionReason: String?
    package let rejectionReasonCode: Int?
    package let portDate: Date?
}

/// Whether a number can be brought to Twilio. https://www.twilio.com/docs/phone-numbers/port-in/portability-api
package struct Portability: Decodable, Sendable {
    /// E.164.
    package let phoneNumber: String
    package let accountSid: AccountSid?
    package let portable: Bool?
    package let pinAndAccountNumberRequired: Bool?
    package let notPortableReason: String?
    package let notPortableReasonCode: Int?
    package let numberType: Portability.NumberType?
    package let country: String?
}

extension Portability {
    package struct NumberType: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let local = Self(rawValue: "LOCAL")
        package static let unknown = Self(rawValue: "UNKNOWN")
        package static let mobile = Self(rawValue: "MOBILE")
        package static let tollFree = Self(rawValue: "TOLL-FREE")
    }

    package struct Query: Parameters {
        package var targetAccountSid: AccountSid?
        package var addressSid: AddressSid?

        package init() {}
    }
}

/// Where Twilio reports on porting.
package struct PortingWebhook: Decodable, Sendable {
    package let portInTargetUrl: String?
    package let portOutTargetUrl: String?
    package let notificationsOf: [String]?
    package let portInTargetDateCreated: Date?
    package let portOutTargetDateCreated: Date?
}

extension PortingWebhook {
    /// Goes out as JSON.
    package struct Creation: Encodable, Sendable {
        package var portInTargetUrl: String?
        package var portOutTargetUrl: String?
        /// Names of events, such as `PortInCompleted`.
        package var notificationsOf: [String]?

        package init() {}
    }

    package enum Kind: String, Sendable {
        case portIn = "PORT_IN"
        case portOut = "PORT_OUT"
    }
}

/// Bringing numbers to Twilio, of numbers/v1.
package struct Porting: Sendable {
    let place: ResourcePlace

    package func portability(of phoneNumber: PathSegment, _ query: Portability.Query = .init())
        async throws(TwilioCallError) -> Portability
    {
        try await place.at("Portability/PhoneNumber").at(phoneNumber).fetch(query)
    }

    /// Hands in an order: one POST, at most once on the wire.
    package func create(_ portIn: PortIn.Creation) async -> CreationOutcome<PortIn> {
        await post(portIn, to: place.at("PortIn"))
    }

    package func fetch(_ sid: PortInSid) async throws(TwilioCallError) -> PortIn {
        try await place.at("PortIn").at(sid).fetch()
    }

    /// `size` is 1 to 100 at Twilio, and brought into that range.
    package func list(_ filter: PortInRequest.Filter = .init(), size: Int = 20) -> ResourceList<PortInRequest> {
        var query = filter.form
        query.append("Size", min(max(size, 1), 100))
        return ResourceList(place: place.at("PortIn/PortInRequests"), key: "portInRequests", query: query)
    }

    /// Cancels the order.
    package func delete(_ sid: PortInSid) async throws(TwilioCallError) {
        try await place.at("PortIn").at(sid).delete()
    }

    package func fetchPhoneNumber(_ number: PortInPhoneNumberSid, of sid: PortInSid) async throws(TwilioCallError)
        -> PortInPhoneNumber
    {
        try await place.at("PortIn").at(sid).at("PhoneNumber").at(number).fetch()
    }

    /// Takes one number out of the order.
    package func deletePhoneNumber(_ number: PortInPhoneNumberSid, of sid: PortInSid) async throws(TwilioCallError) {
        try await place.at("PortIn").at(sid).at("PhoneNumber").at(number).delete()
    }

    package func createWebhook(_ webhook: PortingWebhook.Creation) async -> CreationOutcome<PortingWebhook> {
        await post(webhook, to: place.at("Configuration/Webhook"))
    }

    package func fetchWebhook() async throws(TwilioCallError) -> PortingWebhook {
        try await place.at("Configuration/Webhook").fetch()
    }

    package func deleteWebhook(_ kind: PortingWebhook.Kind) async throws(TwilioCallError) {
        try await place.at("Configuration/Webhook").at(kind.rawValue).delete()
    }

    private func post<Resource: Decodable & Sendable>(_ value: some Encodable, to place: ResourcePlace) async
        -> CreationOutcome<Resource>
    {
        guard let body = TwilioJSON.encode(value) else {
            return CreationOutcome(
                .transport(
                    TransportError(
                        kind: .invalidRequest, delivery: .notSent, detail: "the request cannot be written as JSON")))
        }
        return await place.create(body: .json(body))
    }
}

extension TwilioClient {
    package var porting: Porting { Porting(place: place(.numbers, "/v1/Porting")) }
}
