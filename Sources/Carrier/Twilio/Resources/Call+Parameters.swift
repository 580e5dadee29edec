extension Call {
    package struct Status: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let queued = Self(rawValue: "queued")
        package static let ringing = Self(rawValue: "ringing")
        package static let inProgress = Self(rawValue: "in-progress")
        package static let completed = Self(rawValue: "completed")
        package static let busy = Self(rawValue: "busy")
        package static let failed = Self(rawValue: "failed")
        package static let noAnswer = Self(rawValue: "no-answer")
        package static let canceled = Self(rawValue: "canceled")
    }

    /// `canceled` ends a call that is queued or ringing, `completed` also one in progress.
    package struct UpdateStatus: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let canceled = Self(rawValue: "canceled")
        package static let completed = Self(rawValue: "completed")
    }

    package struct Direction: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let inbound = Self(rawValue: "inbound")
        package static let outboundApi = Self(rawValue: "outbound-api")
        package static let outboundDial = Self(rawValue: "outbound-dial")
    }
}

extension Call {
    /// One of `url`, `twiml` and `applicationSid` says what happens; `url` wins.
    package struct Creation: Parameters {
        package var to: String
        package var from: String
        package var method: HTTPMethod?
        package var fallbackUrl: String?
        package var fallbackMethod: HTTPMethod?
        package var statusCallback: String?
        package var statusCallbackEvent: [String]?
        package var statusCallbackMethod: HTTPMethod?
        package var sendDigits: String?
        /// Seconds of ringing, at most 600; 60 when not said.
        package var timeout: Int?
        package var record: Bool?
        /// `mono` or `dual`.
        package var recordingChannels: String?
        package var recordingStatusCallback: String?
        package var recordingStatusCallbackMethod: HTTPMethod?
        package var sipAuthUsername: String?
        package var sipAuthPassword: String?
        /// `Enable` or `DetectMessageEnd`.
        package var machineDetection: String?
        package var machineDetectionTimeout: Int?
        package var recordingStatusCallbackEvent: [String]?
        /// `trim-silence` or `do-not-trim`.
        package var trim: String?
        package var callerId: String?
        package var machineDetectionSpeechThreshold: Int?
        package var machineDetectionSpeechEndThreshold: Int?
        package var machineDetectionSilenceTimeout: Int?
        package var asyncAmd: Bool?
        package var asyncAmdStatusCallback: String?
        package var asyncAmdStatusCallbackMethod: HTTPMethod?
        package var byoc: ByocSid?
        package var callReason: String?
        package var callToken: String?
        /// `inbound`, `outbound` or `both`.
        package var recordingTrack: String?
        /// Seconds, at most 86,400 with permission.
        package var timeLimit: Int?
        package var clientNotificationUrl: String?
        package var url: String?
        /// At most 4,000 characters: see `TwiML.inline`.
        package var twiml: String?
        package var applicationSid: ApplicationSid?

        package init(to: String, from: String) {
            self.to = to
            self.from = from
        }
    }

    package struct Update: Parameters {
        package var url: String?
        package var method: HTTPMethod?
        package var status: Call.UpdateStatus?
        package var fallbackUrl: String?
        package var fallbackMethod: HTTPMethod?
        package var statusCallback: String?
        package var statusCallbackMethod: HTTPMethod?
        /// At most 4,000 characters: see `TwiML.inline`.
        package var twiml: String?
        /// Seconds, at most 86,400 with permission.
        package var timeLimit: Int?

        package init() {}
    }

    package struct Filter: Parameters {
        package var to: String?
        package var from: String?
        package var parentCallSid: CallSid?
        package var status: Call.Status?
        package var startTime: TimeFilter?
        package var endTime: TimeFilter?

        package init() {}
    }
}
