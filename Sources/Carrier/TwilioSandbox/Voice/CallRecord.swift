import FoundationEssentials

/// A call in either direction, or one leg of a `<Dial>`.
struct CallRecord: Stored {
    enum Status: String, Sendable {
        case queued, ringing, completed, busy, failed, canceled
        case inProgress = "in-progress"
        case noAnswer = "no-answer"

        var isFinal: Bool {
            switch self {
            case .queued, .ringing, .inProgress: false
            case .completed, .busy, .failed, .canceled, .noAnswer: true
            }
        }
    }

    enum Direction: String, Sendable {
        case inbound
        case outboundAPI = "outbound-api"
        case outboundDial = "outbound-dial"
    }

    /// What the call does now, and what comes when that ends.
    enum Activity: Sendable {
        case nothing
        /// In the line of calls to be started.
        case waitingToStart
        case ringing
        /// A verb takes its time; then the next one comes.
        case verb
        /// TwiML is on its way.
        case document
        case gathering(XMLElement, GatherInput?)
        case recording(XMLElement, sid: String, isSpoken: Bool)
        case dialing
        case bridged(with: String)
        case queued
        case conference(String)
    }

    let sid: String
    let direction: Direction
    let from: String
    let to: String
    var parentSid: String?
    var phoneNumberSid: String?
    var status = Status.queued
    let dateCreated: Date
    var dateUpdated: Date
    var startTime: Date?
    var endTime: Date?
    /// Whole seconds.
    var duration: Int?
    var price: Money?
    var answeredBy: String?
    var queueMilliseconds = 0
    var isDeleted = false

    /// The other party.
    var script: CallScript
    var document = CallDocument()
    var statusTarget: CallbackTarget?
    /// Of the status callbacks, from 0.
    var sequence = 0
    /// Seconds to ring.
    var timeout = 60
    var timeLimit = 14_400
    var machineTarget: CallbackTarget?
    var detectsMachine = false
    var recordsWhole: RecordingOrder?
    /// For a leg of a `<Dial>`: what the one who is called hears first.
    var whisper: CallDocument?
    /// For a participant made by the API: what is joined on answering.
    var joins: ConferenceJoin?

    var activity = Activity.nothing
    /// Rises with each change of activity: what was planned for another one is void.
    var turn = 0
    /// The innermost is carried out: a queue's waiting document lies on the one that holds the `<Enqueue>`.
    var programs: [CallProgram] = []
    var dial: DialState?
    var enqueue: EnqueueState?
    /// What went wrong with its documents, for `GET /_control/calls`.
    var problems: [String] = []
}

/// Where a call's TwiML comes from.
struct CallDocument: Sendable {
    var url = ""
    var method = "POST"
    var fallbackURL = ""
    var fallbackMethod = "POST"
    /// Instead of an address.
    var twiml: String?
}

/// Where something is told, and which events of it.
struct CallbackTarget: Sendable {
    let url: String
    let method: String
    let events: Set<String>

    init(url: String, method: String?, events: Set<String>) {
        self.url = url
        self.method = (method ?? "POST").uppercased() == "GET" ? "GET" : "POST"
        self.events = events
    }
}

/// A document that is being carried out.
struct CallProgram: Sendable {
    enum Kind: Sendable, Equatable {
        case main
        /// What a caller hears in a queue: it begins again at its end.
        case waiting
        /// What the one who is dialed hears before both are connected.
        case whisper
    }

    let kind: Kind
    let verbs: [XMLElement]
    var next = 0
    /// The address that relative ones are resolved against.
    let url: String
    let method: String
}

struct GatherInput: Sendable {
    var digits: String?
    var finishedOnKey: String?
    var speech: String?
}

struct DialState: Sendable {
    let element: XMLElement
    /// Legs that have not ended.
    var legs: [String] = []
    /// For `sequential`: who is called next.
    var waiting: [XMLElement] = []
    var answeredLeg: String?
    var bridgedAt: Date?
    var recordingSid: String?
    var queueSid: String?
    var conferenceSid: String?
}

struct EnqueueState: Sendable {
    let element: XMLElement
    let queueSid: String
    let since: Date
    var dequeuedAt: Date?
    /// The call that took it out of the queue.
    var dialer: String?
}

/// A request for TwiML on its way.
struct VoiceFetch: Sendable, Equatable {
    let account: Int
    let callSid: String
    let turn: Int
    let kind: CallProgram.Kind
    var fallbackURL = ""
    var fallbackMethod = "POST"
}

extension CallRecord {
    private static let subresources = [
        ("notifications", "Notifications"), ("recordings", "Recordings"), ("payments", "Payments"),
        ("events", "Events"), ("siprec", "Siprec"), ("streams", "Streams"), ("transcriptions", "Transcriptions"),
        ("user_defined_message_subscriptions", "UserDefinedMessageSubscriptions"),
        ("user_defined_messages", "UserDefinedMessages"),
    ]

    func json(accountURI: String, accountSid: String) -> JSON {
        let uri = "\(accountURI)/Calls/\(sid)"
        func date(_ date: Date?) -> JSON { date.map { .string(TwilioDate.rfc2822($0)) } ?? .null }
        return [
            "account_sid": .string(accountSid), "answered_by": .optional(answeredBy), "api_version": "2010-04-01",
            "caller_name": .null, "date_created": date(dateCreated), "date_updated": date(dateUpdated),
            "direction": .string(direction.rawValue), "duration": .optional(duration.map { String($0) }),
            "end_time": date(endTime), "forwarded_from": .null, "from": .string(from),
            "from_formatted": .string(NumberRecord.nationalFormat(from)), "group_sid": .null,
            "parent_call_sid": .optional(parentSid), "phone_number_sid": .optional(phoneNumberSid),
            "price": .optional(price?.price), "price_unit": "USD",
            "queue_time": .string(String(queueMilliseconds)), "sid": .string(sid), "start_time": date(startTime),
            "status": .string(status.rawValue),
            "subresource_uris": .object(CallRecord.subresources.map { ($0.0, .string("\(uri)/\($0.1).json")) }),
            "to": .string(to), "to_formatted": .string(NumberRecord.nationalFormat(to)), "trunk_sid": .null,
            "uri": .string("\(uri).json"),
        ]
    }
}
