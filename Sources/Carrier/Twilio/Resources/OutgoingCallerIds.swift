package import FoundationEssentials

/// A number that is not the account's own and may be called from. https://www.twilio.com/docs/voice/api/outgoing-caller-ids
package struct OutgoingCallerId: AccountResource {
    package let sid: OutgoingCallerIdSid
    package let accountSid: AccountSid
    package let dateCreated: Date?
    package let dateUpdated: Date?
    package let friendlyName: String?
    /// E.164.
    package let phoneNumber: String?
}

/// Twilio calls the number, and whoever answers enters the code. There is no SID until then.
package struct ValidationRequest: AccountResource {
    package let accountSid: AccountSid
    package let callSid: CallSid?
    package let friendlyName: String?
    /// E.164.
    package let phoneNumber: String?
    package let validationCode: String?
}

extension OutgoingCallerId {
    package struct Creation: Parameters {
        package var phoneNumber: String
        package var friendlyName: String?
        /// Seconds, 0 to 60.
        package var callDelay: Int?
        package var `extension`: String?
        package var statusCallback: String?
        package var statusCallbackMethod: HTTPMethod?

        package init(phoneNumber: String) {
            self.phoneNumber = phoneNumber
        }
    }

    package struct Update: Parameters {
        package var friendlyName: String?

        package init() {}
    }

    package struct Filter: Parameters {
        package var phoneNumber: String?
        package var friendlyName: String?

        package init() {}
    }
}

/// Verified caller ids of the account.
package struct OutgoingCallerIds: Sendable {
    let place: ResourcePlace

    /// Begins the verification of a number by a call. 21450: verified already.
    package func create(_ callerId: OutgoingCallerId.Creation) async -> CreationOutcome<ValidationRequest> {
        await place.create(callerId)
    }

    package func fetch(_ sid: OutgoingCallerIdSid) async throws(TwilioCallError) -> OutgoingCallerId {
        try await place.at(sid).fetch()
    }

    package func list(_ filter: OutgoingCallerId.Filter = .init(), pageSize: Int = 50) -> ResourceList<OutgoingCallerId>
    { place.list("outgoingCallerIds", filter, pageSize: pageSize) }

    package func update(_ sid: OutgoingCallerIdSid, _ update: OutgoingCallerId.Update) async throws(TwilioCallError)
        -> OutgoingCallerId
    { try await place.at(sid).update(update) }

    package func delete(_ sid: OutgoingCallerIdSid) async throws(TwilioCallError) { try await place.at(sid).delete() }
}

extension TwilioClient {
    package var outgoingCallerIds: OutgoingCallerIds { OutgoingCallerIds(place: place("OutgoingCallerIds")) }
}
