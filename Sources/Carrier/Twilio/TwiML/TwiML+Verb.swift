extension TwiML {
    package enum Verb: Sendable, Equatable {
        /// Sends a message.
        case message(Message)
        /// Goes on with the TwiML at that URL; nothing after it is done.
        case redirect(url: String, method: HTTPMethod? = nil)
        case say(Say)
        case play(Play)
        case pause(seconds: Int? = nil)
        case gather(Gather)
        case dial(Dial)
        case record(Record)
        case enqueue(Enqueue)
        /// Leaves the queue that the caller is in.
        case leave
        case hangup
        /// Does not answer the call.
        case reject(RejectReason? = nil)
    }

    package enum RejectReason: String, Sendable {
        case rejected
        case busy
    }

    /// Sends a message; to whom the answered one came from, unless said otherwise.
    package struct Message: Sendable, Equatable {
        package var body: String?
        /// URLs.
        package var media: [String]
        package var to: String?
        package var from: String?
        package var action: String?
        package var method: HTTPMethod?
        package var statusCallback: String?

        package init(_ body: String? = nil, media: [String] = []) {
            self.body = body
            self.media = media
        }
    }

    /// Records the caller.
    package struct Record: Sendable, Equatable {
        package var action: String?
        package var method: HTTPMethod?
        /// Seconds of silence that end it.
        package var timeout: Int?
        package var finishOnKey: String?
        /// Seconds.
        package var maxLength: Int?
        package var playBeep: Bool?
        /// `trim-silence` or `do-not-trim`.
        package var trim: String?
        package var callback = RecordingCallback()
        package var transcribe: Bool?
        package var transcribeCallback: String?

        package init() {}
    }

    /// Where Twilio reports on a recording.
    package struct RecordingCallback: Sendable, Equatable {
        package var url: String?
        package var method: HTTPMethod?
        /// `in-progress`, `completed`, `absent`.
        package var events: [String] = []

        package init(_ url: String? = nil) {
            self.url = url
        }

        var attributes: [XMLElement.Attribute] {
            [
                ("recordingStatusCallback", url), ("recordingStatusCallbackMethod", method?.rawValue),
                ("recordingStatusCallbackEvent", words(events)),
            ]
        }
    }

    /// Puts the caller into a queue, which is made if there is none of that name.
    package struct Enqueue: Sendable, Equatable {
        package var queue: String?
        package var action: String?
        package var method: HTTPMethod?
        package var maxQueueSize: Int?
        /// TwiML to hear while waiting.
        package var waitUrl: String?
        package var waitUrlMethod: HTTPMethod?
        package var workflowSid: String?

        package init(_ queue: String? = nil) {
            self.queue = queue
        }
    }

    /// Texts with spaces between, nil for none.
    static func words(_ words: [String]) -> String? {
        words.isEmpty ? nil : words.joined(separator: " ")
    }
}

extension TwiML.Verb {
    var element: XMLElement {
        switch self {
        case .message(let message): message.element
        case .redirect(let url, let method):
            XMLElement("Redirect", attributes: [("method", method?.rawValue)], children: [.text(url)])
        case .say(let say): say.element
        case .play(let play): play.element
        case .pause(let seconds): XMLElement("Pause", attributes: [("length", seconds?.xml)])
        case .gather(let gather): gather.element
        case .dial(let dial): dial.element
        case .record(let record): record.element
        case .enqueue(let enqueue): enqueue.element
        case .leave: XMLElement("Leave")
        case .hangup: XMLElement("Hangup")
        case .reject(let reason): XMLElement("Reject", attributes: [("reason", reason?.rawValue)])
        }
    }
}

extension TwiML.Message {
    fileprivate var element: XMLElement {
        var children: [XMLElement.Child] = []
        if let body { children.append(.element(XMLElement("Body", children: [.text(body)]))) }
        children += media.map { .element(XMLElement("Media", children: [.text($0)])) }
        return XMLElement(
            "Message",
            attributes: [
                ("to", to), ("from", from), ("action", action), ("method", method?.rawValue),
                ("statusCallback", statusCallback),
            ],
            children: children)
    }
}

extension TwiML.Record {
    fileprivate var element: XMLElement {
        XMLElement(
            "Record",
            attributes: [
                ("action", action), ("method", method?.rawValue), ("timeout", timeout?.xml),
                ("finishOnKey", finishOnKey), ("maxLength", maxLength?.xml), ("playBeep", playBeep?.xml),
                ("trim", trim),
            ] + callback.attributes + [("transcribe", transcribe?.xml), ("transcribeCallback", transcribeCallback)])
    }
}

extension TwiML.Enqueue {
    fileprivate var element: XMLElement {
        XMLElement(
            "Enqueue",
            attributes: [
                ("action", action), ("method", method?.rawValue), ("maxQueueSize", maxQueueSize?.xml),
                ("waitUrl", waitUrl), ("waitUrlMethod", waitUrlMethod?.rawValue), ("workflowSid", workflowSid),
            ],
            children: queue.map { [.text($0)] } ?? [])
    }
}

extension Int {
    /// As an attribute's value.
    var xml: String { "\(self)" }
}

extension Bool {
    /// As an attribute's value.
    var xml: String { self ? "true" : "false" }
}
