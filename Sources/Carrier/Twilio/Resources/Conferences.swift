package import FoundationEssentials

/// A conference call. https://www.twilio.com/docs/voice/api/conference-resource
package struct Conference: AccountResource {
    package let sid: ConferenceSid
    package let accountSid: AccountSid
    package let dateCreated: Date?
    package let dateUpdated: Date?
    package let friendlyName: String?
    package let region: String?
    package let status: Conference.Status?
    package let reasonConferenceEnded: Conference.ReasonEnded?
    package let callSidEndingConference: CallSid?
}

extension Conference {
    package struct Status: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let initial = Self(rawValue: "init")
        package static let inProgress = Self(rawValue: "in-progress")
        package static let completed = Self(rawValue: "completed")
    }

    package struct ReasonEnded: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let conferenceEndedViaApi = Self(rawValue: "conference-ended-via-api")
        package static let participantWithEndConferenceOnExitLeft = Self(
            rawValue: "participant-with-end-conference-on-exit-left")
        package static let participantWithEndConferenceOnExitKicked = Self(
            rawValue: "participant-with-end-conference-on-exit-kicked")
        package static let lastParticipantKicked = Self(rawValue: "last-participant-kicked")
        package static let lastParticipantLeft = Self(rawValue: "last-participant-left")
    }

    /// `completed` ends it for everybody.
    package struct Update: Parameters {
        package var status: Conference.Status?
        package var announceUrl: String?
        package var announceMethod: HTTPMethod?

        package init() {}
    }

    package struct Filter: Parameters {
        package var dateCreated: TimeFilter?
        package var dateUpdated: TimeFilter?
        package var friendlyName: String?
        package var status: Conference.Status?

        package init() {}
    }
}

/// Conferences begin by TwiML or by a first participant, not here.
package struct Conferences: Sendable {
    let place: ResourcePlace

    package func fetch(_ sid: ConferenceSid) async throws(TwilioCallError) -> Conference {
        try await place.at(sid).fetch()
    }

    package func list(_ filter: Conference.Filter = .init(), pageSize: Int = 50) -> ResourceList<Conference> {
        place.list("conferences", filter, pageSize: pageSize)
    }

    package func update(_ sid: ConferenceSid, _ update: Conference.Update) async throws(TwilioCallError) -> Conference {
        try await place.at(sid).update(update)
    }

    package func participants(of conference: ConferenceSid) -> Participants {
        Participants(place: place.at(conference).at("Participants"))
    }

    /// By its friendly name, where there is no conference yet: the first participant begins it.
    package func participants(ofName name: PathSegment) -> Participants {
        Participants(place: place.at(name).at("Participants"))
    }

    package func recordings(of conference: ConferenceSid) -> ConferenceRecordings {
        ConferenceRecordings(place: place.at(conference).at("Recordings"))
    }
}

extension TwilioClient {
    package var conferences: Conferences { Conferences(place: place("Conferences")) }
}
