extension Participant {
    package struct Status: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let queued = Self(rawValue: "queued")
        package static let connecting = Self(rawValue: "connecting")
        package static let ringing = Self(rawValue: "ringing")
        package static let connected = Self(rawValue: "connected")
        package static let complete = Self(rawValue: "complete")
        package static let failed = Self(rawValue: "failed")
    }

    package struct Creation: Parameters {
        package var from: String
        package var to: String
        package var statusCallback: String?
        package var statusCallbackMethod: HTTPMethod?
        package var statusCallbackEvent: [String]?
        package var label: String?
        /// Seconds of ringing, at most 600; 60 when not said.
        package var timeout: Int?
        package var record: Bool?
        package var muted: Bool?
        package var beep: String?
        package var startConferenceOnEnter: Bool?
        package var endConferenceOnExit: Bool?
        package var waitUrl: String?
        package var waitMethod: HTTPMethod?
        package var earlyMedia: Bool?
        /// At most 250.
        package var maxParticipants: Int?
        package var conferenceRecord: String?
        package var conferenceTrim: String?
        package var conferenceStatusCallback: String?
        package var conferenceStatusCallbackMethod: HTTPMethod?
        package var conferenceStatusCallbackEvent: [String]?
        /// `mono` or `dual`.
        package var recordingChannels: String?
        package var recordingStatusCallback: String?
        package var recordingStatusCallbackMethod: HTTPMethod?
        package var sipAuthUsername: String?
        package var sipAuthPassword: String?
        package var region: String?
        package var conferenceRecordingStatusCallback: String?
        package var conferenceRecordingStatusCallbackMethod: HTTPMethod?
        package var recordingStatusCallbackEvent: [String]?
        package var conferenceRecordingStatusCallbackEvent: [String]?
        package var coaching: Bool?
        package var callSidToCoach: CallSid?
        package var jitterBufferSize: String?
        package var byoc: ByocSid?
        package var callerId: String?
        package var callReason: String?
        /// `inbound`, `outbound` or `both`.
        package var recordingTrack: String?
        /// Seconds, at most 86,400 with permission.
        package var timeLimit: Int?
        /// `Enable` or `DetectMessageEnd`.
        package var machineDetection: String?
        package var machineDetectionTimeout: Int?
        package var machineDetectionSpeechThreshold: Int?
        package var machineDetectionSpeechEndThreshold: Int?
        package var machineDetectionSilenceTimeout: Int?
        package var amdStatusCallback: String?
        package var amdStatusCallbackMethod: HTTPMethod?
        /// `trim-silence` or `do-not-trim`.
        package var trim: String?
        package var callToken: String?
        package var clientNotificationUrl: String?
        package var callerDisplayName: String?

        package init(from: String, to: String) {
            self.from = from
            self.to = to
        }
    }

    package struct Update: Parameters {
        package var muted: Bool?
        package var hold: Bool?
        package var holdUrl: String?
        package var holdMethod: HTTPMethod?
        package var announceUrl: String?
        package var announceMethod: HTTPMethod?
        package var waitUrl: String?
        package var waitMethod: HTTPMethod?
        package var beepOnExit: Bool?
        package var endConferenceOnExit: Bool?
        package var coaching: Bool?
        package var callSidToCoach: CallSid?

        package init() {}
    }

    package struct Filter: Parameters {
        package var muted: Bool?
        package var hold: Bool?
        package var coaching: Bool?

        package init() {}
    }
}
