package import FoundationEssentials

/// What was recorded of a call or a conference. https://www.twilio.com/docs/voice/api/recording
package struct Recording: AccountResource {
    package let sid: RecordingSid
    package let accountSid: AccountSid
    package let callSid: CallSid?
    package let conferenceSid: ConferenceSid?
    package let dateCreated: Date?
    package let dateUpdated: Date?
    package let startTime: Date?
    /// Seconds.
    package let duration: Int?
    /// Negative for what is charged; nil until known.
    package let price: Decimal?
    /// ISO 4217.
    package let priceUnit: String?
    package let status: Recording.Status?
    package let channels: Int?
    package let source: Recording.Source?
    package let errorCode: Int?
    package let encryptionDetails: EncryptionDetails?
    package let mediaUrl: String?
    /// Only of recordings of a call.
    package let track: String?

    package struct EncryptionDetails: Decodable, Sendable {
        package let encryptionPublicKeySid: String?
        package let encryptionCek: String?
        package let encryptionIv: String?
    }
}

/// Recordings of the whole account.
package struct Recordings: Sendable {
    let place: ResourcePlace

    package func fetch(_ sid: RecordingSid, includeSoftDeleted: Bool? = nil) async throws(TwilioCallError) -> Recording
    {
        try await place.at(sid).fetch(Recording.Query(includeSoftDeleted: includeSoftDeleted))
    }

    package func list(_ filter: Recording.Filter = .init(), pageSize: Int = 50) -> ResourceList<Recording> {
        place.list("recordings", filter, pageSize: pageSize)
    }

    package func delete(_ sid: RecordingSid) async throws(TwilioCallError) { try await place.at(sid).delete() }

    /// The sound itself, read while it comes: the recording's URI with another ending, from wherever Twilio keeps it (see
    /// `MediaPolicy`).
    package func sound(_ sid: RecordingSid, _ format: Recording.Format) async throws(MediaFetchError) -> MediaStream {
        try await place.client.openMedia(
            ResourcePlace(
                client: place.client, product: place.product, path: "\(place.path)/\(sid)",
                ending: ".\(format.rawValue)"))
    }

    package func transcriptions(of recording: RecordingSid) -> Transcriptions {
        Transcriptions(place: place.at(recording).at("Transcriptions"))
    }
}

extension TwilioClient {
    package var recordings: Recordings { Recordings(place: place("Recordings")) }
}

/// Recordings of one call.
package struct CallRecordings: Sendable {
    let place: ResourcePlace

    /// Begins to record a call in progress.
    package func create(_ recording: Recording.Creation = .init()) async -> CreationOutcome<Recording> {
        await place.create(recording)
    }

    package func fetch(_ sid: RecordingSid) async throws(TwilioCallError) -> Recording {
        try await place.at(sid).fetch()
    }

    package func list(_ filter: Recording.DateFilter = .init(), pageSize: Int = 50) -> ResourceList<Recording> {
        place.list("recordings", filter, pageSize: pageSize)
    }

    /// Pauses, goes on with or stops it.
    package func update(_ sid: RecordingSid, _ update: Recording.Update) async throws(TwilioCallError) -> Recording {
        try await place.at(sid).update(update)
    }

    package func delete(_ sid: RecordingSid) async throws(TwilioCallError) { try await place.at(sid).delete() }
}

/// Recordings of one conference.
package struct ConferenceRecordings: Sendable {
    let place: ResourcePlace

    package func fetch(_ sid: RecordingSid) async throws(TwilioCallError) -> Recording {
        try await place.at(sid).fetch()
    }

    package func list(_ filter: Recording.DateFilter = .init(), pageSize: Int = 50) -> ResourceList<Recording> {
        place.list("recordings", filter, pageSize: pageSize)
    }

    /// Pauses, goes on with or stops it.
    package func update(_ sid: RecordingSid, _ update: Recording.Update) async throws(TwilioCallError) -> Recording {
        try await place.at(sid).update(update)
    }

    package func delete(_ sid: RecordingSid) async throws(TwilioCallError) { try await place.at(sid).delete() }
}

extension Calls {
    package func recordings(of call: CallSid) -> CallRecordings {
        CallRecordings(place: place.at(call).at("Recordings"))
    }
}
