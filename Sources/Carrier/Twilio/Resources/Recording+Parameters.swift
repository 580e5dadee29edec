extension Recording {
    package struct Status: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let inProgress = Self(rawValue: "in-progress")
        package static let paused = Self(rawValue: "paused")
        package static let stopped = Self(rawValue: "stopped")
        package static let processing = Self(rawValue: "processing")
        package static let completed = Self(rawValue: "completed")
        package static let absent = Self(rawValue: "absent")
        package static let deleted = Self(rawValue: "deleted")
    }

    package struct Source: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let dialVerb = Self(rawValue: "DialVerb")
        package static let conference = Self(rawValue: "Conference")
        package static let outboundAPI = Self(rawValue: "OutboundAPI")
        package static let trunking = Self(rawValue: "Trunking")
        package static let recordVerb = Self(rawValue: "RecordVerb")
        package static let startCallRecordingAPI = Self(rawValue: "StartCallRecordingAPI")
        package static let startConferenceRecordingAPI = Self(rawValue: "StartConferenceRecordingAPI")
    }

    package enum Format: String, Sendable, CaseIterable {
        case wav
        case mp3
    }

    package struct Creation: Parameters {
        package var recordingStatusCallbackEvent: [String]?
        package var recordingStatusCallback: String?
        package var recordingStatusCallbackMethod: HTTPMethod?
        /// `trim-silence` or `do-not-trim`.
        package var trim: String?
        /// `mono` or `dual`.
        package var recordingChannels: String?
        /// `inbound`, `outbound` or `both`.
        package var recordingTrack: String?

        package init() {}
    }

    package struct Update: Parameters {
        package var status: Recording.Status
        /// `skip` or `silence`, when it is paused.
        package var pauseBehavior: String?

        package init(status: Recording.Status) {
            self.status = status
        }
    }

    package struct Filter: Parameters {
        package var dateCreated: TimeFilter?
        package var callSid: CallSid?
        package var conferenceSid: ConferenceSid?
        package var includeSoftDeleted: Bool?

        package init() {}
    }

    package struct DateFilter: Parameters {
        package var dateCreated: TimeFilter?

        package init() {}
    }

    struct Query: Parameters {
        let includeSoftDeleted: Bool?
    }
}
