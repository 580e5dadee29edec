package import FoundationEssentials

/// Somebody in a conference. https://www.twilio.com/docs/voice/api/conference-participant-resource
package struct Participant: AccountResource {
    package let callSid: CallSid
    package let conferenceSid: ConferenceSid
    package let accountSid: AccountSid
    package let label: String?
    package let callSidToCoach: CallSid?
    package let coaching: Bool?
    package let dateCreated: Date?
    package let dateUpdated: Date?
    package let endConferenceOnExit: Bool?
    package let muted: Bool?
    package let hold: Bool?
    package let startConferenceOnEnter: Bool?
    package let status: Participant.Status?
    /// Milliseconds that it waited in Twilio's queue.
    package let queueTime: Int?
}

/// A participant by its call, or by the label that it was given.
package enum ParticipantReference: Sendable {
    case call(CallSid)
    case label(PathSegment)

    var segment: String {
        switch self {
        case .call(let sid): sid.text
        case .label(let label): label.escaped
        }
    }
}

/// The participants of one conference.
package struct Participants: Sendable {
    let place: ResourcePlace

    /// Calls somebody into the conference: one POST, at most once on the wire.
    package func create(_ participant: Participant.Creation) async -> CreationOutcome<Participant> {
        await place.create(participant)
    }

    package func fetch(_ participant: ParticipantReference) async throws(TwilioCallError) -> Participant {
        try await place.at(participant.segment).fetch()
    }

    package func list(_ filter: Participant.Filter = .init(), pageSize: Int = 50) -> ResourceList<Participant> {
        place.list("participants", filter, pageSize: pageSize)
    }

    package func update(_ participant: ParticipantReference, _ update: Participant.Update) async throws(TwilioCallError)
        -> Participant
    { try await place.at(participant.segment).update(update) }

    /// Takes somebody out of the conference.
    package func delete(_ participant: ParticipantReference) async throws(TwilioCallError) {
        try await place.at(participant.segment).delete()
    }
}
