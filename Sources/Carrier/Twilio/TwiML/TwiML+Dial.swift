extension TwiML {
    /// Connects the caller: to numbers, clients and SIP addresses, of which the first to answer wins; or to a queue or a
    /// conference.
    package struct Dial: Sendable, Equatable {
        package enum Target: Sendable, Equatable {
            case parties([Party])
            case queue(QueueTarget)
            case conference(ConferenceTarget)
        }

        package var target: Target
        package var action: String?
        package var method: HTTPMethod?
        /// Seconds of ringing.
        package var timeout: Int?
        package var hangupOnStar: Bool?
        /// Seconds.
        package var timeLimit: Int?
        package var callerId: String?
        /// Such as `record-from-answer-dual`.
        package var record: String?
        /// `trim-silence` or `do-not-trim`.
        package var trim: String?
        package var callback = RecordingCallback()
        /// `inbound`, `outbound` or `both`.
        package var recordingTrack: String?
        package var answerOnBridge: Bool?
        package var ringTone: String?
        /// One after the other instead of all at once.
        package var sequential: Bool?
        package var referUrl: String?
        package var events: [String] = []

        package init(_ target: Target) {
            self.target = target
        }

        package init(number: String) {
            target = .parties([Party(.number(number))])
        }
    }

    /// Somebody to call.
    package struct Party: Sendable, Equatable {
        package enum Address: Sendable, Equatable {
            /// E.164.
            case number(String)
            /// The identity of a client of Twilio's voice SDKs.
            case client(String)
            case sip(uri: String, username: String? = nil, password: String? = nil)
        }

        package var address: Address
        /// Tones once a number has answered.
        package var sendDigits: String?
        /// TwiML for who answers, before they are connected.
        package var url: String?
        package var method: HTTPMethod?
        package var callback = StatusCallback()
        package var machineDetection: String?

        package init(_ address: Address) {
            self.address = address
        }
    }

    /// Where Twilio reports on a call or a conference.
    package struct StatusCallback: Sendable, Equatable {
        package var url: String?
        package var method: HTTPMethod?
        package var events: [String] = []

        package init(_ url: String? = nil, events: [String] = []) {
            self.url = url
            self.events = events
        }

        var attributes: [XMLElement.Attribute] {
            [
                ("statusCallback", url), ("statusCallbackMethod", method?.rawValue),
                ("statusCallbackEvent", words(events)),
            ]
        }
    }

    /// Whoever waits longest in that queue.
    package struct QueueTarget: Sendable, Equatable {
        package var name: String
        /// TwiML for who waited, before they are connected.
        package var url: String?
        package var method: HTTPMethod?

        package init(_ name: String) {
            self.name = name
        }
    }

    package struct ConferenceTarget: Sendable, Equatable {
        package var name: String
        package var muted: Bool?
        /// `true`, `false`, `onEnter`, `onExit`.
        package var beep: String?
        package var startConferenceOnEnter: Bool?
        package var endConferenceOnExit: Bool?
        package var waitUrl: String?
        package var waitMethod: HTTPMethod?
        /// At most 250.
        package var maxParticipants: Int?
        /// `record-from-start` or `do-not-record`.
        package var record: String?
        /// The call that alone hears this one.
        package var coach: CallSid?
        package var callback = StatusCallback()
        package var recordingCallback = RecordingCallback()
        package var participantLabel: String?

        package init(_ name: String) {
            self.name = name
        }
    }
}

extension TwiML.Dial {
    var element: XMLElement {
        let children: [XMLElement] =
            switch target {
            case .parties(let parties): parties.map(\.element)
            case .queue(let queue): [queue.element]
            case .conference(let conference): [conference.element]
            }
        return XMLElement(
            "Dial",
            attributes: [
                ("action", action), ("method", method?.rawValue), ("timeout", timeout?.xml),
                ("hangupOnStar", hangupOnStar?.xml), ("timeLimit", timeLimit?.xml), ("callerId", callerId),
                ("record", record), ("trim", trim),
            ] + callback.attributes + [
                ("answerOnBridge", answerOnBridge?.xml), ("ringTone", ringTone), ("recordingTrack", recordingTrack),
                ("sequential", sequential?.xml), ("referUrl", referUrl), ("events", TwiML.words(events)),
            ],
            children: children.map { .element($0) })
    }
}

extension TwiML.Party {
    fileprivate var element: XMLElement {
        let common = [("url", url), ("method", method?.rawValue)] + callback.attributes
        let detection: [XMLElement.Attribute] = [("machineDetection", machineDetection)]
        return switch address {
        case .number(let number):
            XMLElement(
                "Number", attributes: [("sendDigits", sendDigits)] + common + detection, children: [.text(number)])
        case .client(let identity):
            XMLElement("Client", attributes: common + detection, children: [.text(identity)])
        case .sip(let uri, let username, let password):
            XMLElement(
                "Sip", attributes: [("username", username), ("password", password)] + common + detection,
                children: [.text(uri)])
        }
    }
}

extension TwiML.QueueTarget {
    fileprivate var element: XMLElement {
        XMLElement("Queue", attributes: [("url", url), ("method", method?.rawValue)], children: [.text(name)])
    }
}

extension TwiML.ConferenceTarget {
    fileprivate var element: XMLElement {
        XMLElement(
            "Conference",
            attributes: [
                ("muted", muted?.xml), ("beep", beep), ("startConferenceOnEnter", startConferenceOnEnter?.xml),
                ("endConferenceOnExit", endConferenceOnExit?.xml), ("waitUrl", waitUrl),
                ("waitMethod", waitMethod?.rawValue), ("maxParticipants", maxParticipants?.xml), ("record", record),
                ("coach", coach?.text),
            ] + callback.attributes + recordingCallback.attributes + [("participantLabel", participantLabel)],
            children: [.text(name)])
    }
}
