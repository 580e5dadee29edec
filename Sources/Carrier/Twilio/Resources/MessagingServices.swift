package import FoundationEssentials

/// A pool of senders with common settings. https://www.twilio.com/docs/messaging/api/service-resource
package struct MessagingService: AccountResource {
    package let sid: MessagingServiceSid
    package let accountSid: AccountSid
    package let friendlyName: String?
    package let dateCreated: Date?
    package let dateUpdated: Date?
    package let inboundRequestUrl: String?
    package let inboundMethod: HTTPMethod?
    package let fallbackUrl: String?
    package let fallbackMethod: HTTPMethod?
    package let statusCallback: String?
    package let stickySender: Bool?
    package let mmsConverter: Bool?
    package let smartEncoding: Bool?
    package let scanMessageContent: MessagingService.ScanMessageContent?
    package let fallbackToLongCode: Bool?
    package let areaCodeGeomatch: Bool?
    package let synchronousValidation: Bool?
    /// Seconds, 1 to 36,000.
    package let validityPeriod: Int?
    package let usecase: String?
    package let usAppToPersonRegistered: Bool?
    package let useInboundWebhookOnNumber: Bool?
}

extension MessagingService {
    package struct ScanMessageContent: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let inherit = Self(rawValue: "inherit")
        package static let enable = Self(rawValue: "enable")
        package static let disable = Self(rawValue: "disable")
    }

    package struct Creation: Parameters {
        package var friendlyName: String
        package var inboundRequestUrl: String?
        package var inboundMethod: HTTPMethod?
        package var fallbackUrl: String?
        package var fallbackMethod: HTTPMethod?
        package var statusCallback: String?
        package var stickySender: Bool?
        package var mmsConverter: Bool?
        package var smartEncoding: Bool?
        package var scanMessageContent: MessagingService.ScanMessageContent?
        package var fallbackToLongCode: Bool?
        package var areaCodeGeomatch: Bool?
        /// Seconds, 1 to 36,000; 36,000 when not said.
        package var validityPeriod: Int?
        package var synchronousValidation: Bool?
        package var usecase: String?
        package var useInboundWebhookOnNumber: Bool?

        package init(friendlyName: String) {
            self.friendlyName = friendlyName
        }
    }

    package struct Update: Parameters {
        package var friendlyName: String?
        package var inboundRequestUrl: String?
        package var inboundMethod: HTTPMethod?
        package var fallbackUrl: String?
        package var fallbackMethod: HTTPMethod?
        package var statusCallback: String?
        package var stickySender: Bool?
        package var mmsConverter: Bool?
        package var smartEncoding: Bool?
        package var scanMessageContent: MessagingService.ScanMessageContent?
        package var fallbackToLongCode: Bool?
        package var areaCodeGeomatch: Bool?
        /// Seconds, 1 to 36,000; 36,000 when not said.
        package var validityPeriod: Int?
        package var synchronousValidation: Bool?
        package var usecase: String?
        package var useInboundWebhookOnNumber: Bool?

        package init() {}
    }
}

/// Messaging services of the account.
package struct MessagingServices: Sendable {
    let place: ResourcePlace

    package func create(_ service: MessagingService.Creation) async -> CreationOutcome<MessagingService> {
        await place.create(service)
    }

    package func fetch(_ sid: MessagingServiceSid) async throws(TwilioCallError) -> MessagingService {
        try await place.at(sid).fetch()
    }

    package func list(pageSize: Int = 50) -> ResourceList<MessagingService> {
        place.list("services", pageSize: pageSize)
    }

    package func update(_ sid: MessagingServiceSid, _ update: MessagingService.Update) async throws(TwilioCallError)
        -> MessagingService
    { try await place.at(sid).update(update) }

    package func delete(_ sid: MessagingServiceSid) async throws(TwilioCallError) { try await place.at(sid).delete() }

    package func phoneNumbers(of service: MessagingServiceSid) -> ServicePhoneNumbers {
        ServicePhoneNumbers(place: place.at(service).at("PhoneNumbers"))
    }

    package func shortCodes(of service: MessagingServiceSid) -> ServiceShortCodes {
        ServiceShortCodes(place: place.at(service).at("ShortCodes"))
    }

    package func alphaSenders(of service: MessagingServiceSid) -> ServiceAlphaSenders {
        ServiceAlphaSenders(place: place.at(service).at("AlphaSenders"))
    }
}

extension TwilioClient {
    package var messagingServices: MessagingServices {
        MessagingServices(place: place(.messaging, "/v1/Services"))
    }
}
