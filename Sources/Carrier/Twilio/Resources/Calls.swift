package import FoundationEssentials

/// A phone call. https://www.twilio.com/docs/voice/api/call-resource
package struct Call: AccountResource {
    package let sid: CallSid
    package let accountSid: AccountSid
    package let dateCreated: Date?
    package let dateUpdated: Date?
    package let parentCallSid: CallSid?
    package let to: String?
    package let toFormatted: String?
    package let from: String?
    package let fromFormatted: String?
    package let phoneNumberSid: IncomingPhoneNumberSid?
    package let status: Call.Status?
    package let startTime: Date?
    package let endTime: Date?
    /// Seconds.
    package let duration: Int?
    /// Negative for what is charged; nil until known.
    package let price: Decimal?
    /// ISO 4217.
    package let priceUnit: String?
    package let direction: Call.Direction?
    package let answeredBy: String?
    package let forwardedFrom: String?
    package let groupSid: String?
    package let callerName: String?
    /// Milliseconds that it waited in Twilio's queue.
    package let queueTime: Int?
    package let trunkSid: TrunkSid?
}

/// Phone calls of the account: 1 a second may be begun, more wait at Twilio.
package struct Calls: Sendable {
    let place: ResourcePlace

    /// One POST, at most once on the wire. 21210…21217: number; 21219: trial; 22005: too many are queued.
    package func create(_ call: Call.Creation) async -> CreationOutcome<Call> { await place.create(call) }

    package func fetch(_ sid: CallSid) async throws(TwilioCallError) -> Call { try await place.at(sid).fetch() }

    package func list(_ filter: Call.Filter = .init(), pageSize: Int = 50) -> ResourceList<Call> {
        place.list("calls", filter, pageSize: pageSize)
    }

    package func update(_ sid: CallSid, _ update: Call.Update) async throws(TwilioCallError) -> Call {
        try await place.at(sid).update(update)
    }

    /// Deletes the record of a call that is over.
    package func delete(_ sid: CallSid) async throws(TwilioCallError) { try await place.at(sid).delete() }
}

extension TwilioClient {
    package var calls: Calls { Calls(place: place("Calls")) }
}
