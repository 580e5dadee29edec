package import FoundationEssentials

/// The text of a recording. https://www.twilio.com/docs/voice/api/recording-transcription
package struct Transcription: AccountResource {
    package let sid: TranscriptionSid
    package let accountSid: AccountSid
    package let dateCreated: Date?
    package let dateUpdated: Date?
    /// Seconds.
    package let duration: Int?
    /// Negative for what is charged; nil until known.
    package let price: Decimal?
    /// ISO 4217.
    package let priceUnit: String?
    package let recordingSid: RecordingSid?
    package let status: Transcription.Status?
    package let transcriptionText: String?
    package let type: String?
}

extension Transcription {
    package struct Status: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let inProgress = Self(rawValue: "in-progress")
        package static let completed = Self(rawValue: "completed")
        package static let failed = Self(rawValue: "failed")
    }
}

/// Transcriptions of the account, or of one recording.
package struct Transcriptions: Sendable {
    let place: ResourcePlace

    package func fetch(_ sid: TranscriptionSid) async throws(TwilioCallError) -> Transcription {
        try await place.at(sid).fetch()
    }

    package func list(pageSize: Int = 50) -> ResourceList<Transcription> {
        place.list("transcriptions", pageSize: pageSize)
    }

    package func delete(_ sid: TranscriptionSid) async throws(TwilioCallError) { try await place.at(sid).delete() }
}

extension TwilioClient {
    package var transcriptions: Transcriptions { Transcriptions(place: place("Transcriptions")) }
}
