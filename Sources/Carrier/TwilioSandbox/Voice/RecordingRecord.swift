import FoundationEssentials

/// What a call said.
struct RecordingRecord: Stored {
    enum Status: String, Sendable {
        case paused, stopped, processing, completed, absent, deleted
        case inProgress = "in-progress"
    }

    let sid: String
    let callSid: String
    let conferenceSid: String?
    let order: RecordingOrder
    var status = Status.inProgress
    let startTime: Date
    var pausedAt: Date?
    /// Seconds of the carrier's clock during which it stood still.
    var pausedSeconds = 0.0
    /// Whole seconds of a call.
    var duration: Int?
    var price: Money?
    var dateUpdated: Date
    var isDeleted = false

    var isRunning: Bool { status == .inProgress || status == .paused }
}

/// What is to be recorded, and who is told.
struct RecordingOrder: Sendable {
    enum Source: String, Sendable {
        case dialVerb = "DialVerb"
        case conference = "Conference"
        case outboundAPI = "OutboundAPI"
        case recordVerb = "RecordVerb"
        case startCall = "StartCallRecordingAPI"
        case startConference = "StartConferenceRecordingAPI"
    }

    let source: Source
    var channels = 1
    var track = "both"
    /// Whether silence at the beginning is taken off.
    let isTrimmed: Bool
    var target: CallbackTarget?

    private init(
        source: Source, channels: Int, track: String?, trim: String?, url: String?, method: String?, events: [String]
    ) {
        self.source = source
        self.channels = channels
        self.track = track ?? "both"
        // Twilio's defaults: only a recording started by the API, and one of `<Dial>`, keep their silence.
        let usual = source == .startCall || source == .dialVerb ? "do-not-trim" : "trim-silence"
        isTrimmed = (trim.flatMap { $0.isEmpty ? nil : $0 } ?? usual) == "trim-silence"
        if let url, !url.isEmpty {
            let named = Set(events.flatMap { $0.split(separator: " ").map(String.init) })
            target = CallbackTarget(url: url, method: method, events: named.isEmpty ? ["completed"] : named)
        }
    }

    /// As a call or a recording is created by the API.
    init(_ form: Parameters, source: Source) {
        self.init(
            source: source, channels: form["RecordingChannels"] == "dual" ? 2 : 1, track: form["RecordingTrack"],
            trim: form["Trim"], url: form["RecordingStatusCallback"], method: form["RecordingStatusCallbackMethod"],
            events: form.all("RecordingStatusCallbackEvent"))
    }

    /// As a participant asks for its conference.
    init(conference form: Parameters) {
        self.init(
            source: .conference, channels: 1, track: nil, trim: form["ConferenceTrim"],
            url: form["ConferenceRecordingStatusCallback"],
            method: form["ConferenceRecordingStatusCallbackMethod"],
            events: form.all("ConferenceRecordingStatusCallbackEvent"))
    }

    /// As a verb or noun states it.
    init(_ element: XMLElement, source: Source, base: WebhookURL? = nil) {
        let url = element.attributes["recordingStatusCallback"]
        self.init(
            source: source, channels: element.attributes["record"]?.hasSuffix("-dual") ?? false ? 2 : 1,
            track: element.attributes["recordingTrack"], trim: element.attributes["trim"],
            url: url.map { base?.resolve($0) ?? $0 },
            method: element.attributes["recordingStatusCallbackMethod"],
            events: element.attributes["recordingStatusCallbackEvent"].map { [$0] } ?? [])
    }

    /// Nil when the `<Dial>` is not to be recorded.
    init?(dial element: XMLElement, record: CallRecord) {
        guard let wanted = element.attributes["record"], wanted == "true" || wanted.hasPrefix("record-from") else {
            return nil
        }
        self.init(element, source: .dialVerb, base: WebhookURL(record.programs.last?.url ?? ""))
    }
}

extension CarrierState {
    @discardableResult
    mutating func startRecording(
        _ order: RecordingOrder, call: String, conference: String? = nil, account: Int, at instant: Date
    ) -> String {
        var order = order
        if let target = order.target, WebhookURL(target.url) == nil,
            let base = WebhookURL(accounts[account].calls[call]?.programs.last?.url ?? "")
        {
            order.target = CallbackTarget(url: base.resolve(target.url), method: target.method, events: target.events)
        }
        let record = RecordingRecord(
            sid: Sid.make("RE", using: &generator), callSid: call, conferenceSid: conference, order: order,
            startTime: instant, dateUpdated: instant)
        accounts[account].recordings.append(record)
        tellRecording(record.sid, account: account, event: "in-progress")
        return record.sid
    }

    mutating func stopRecording(
        _ sid: String, account: Int, status: RecordingRecord.Status = .processing, at instant: Date
    ) {
        let second = timings.callSecond.seconds
        var wasRunning = false
        let callSid = accounts[account].recordings[sid]?.callSid ?? ""
        let silence = accounts[account].calls[callSid]?.script.silenceSeconds ?? 0
        accounts[account].recordings.update(sid) { record in
            guard record.isRunning else { return }
            wasRunning = true
            let paused = record.pausedSeconds + (record.pausedAt.map { instant.timeIntervalSince($0) } ?? 0)
            let length = max(0, instant.timeIntervalSince(record.startTime) - paused)
            let heard = second > 0 ? length / second : 0
            record.duration = Int(max(0, record.order.isTrimmed ? heard - silence : heard).rounded())
            record.status = status
            record.dateUpdated = instant
        }
        if wasRunning { plan(.recordingDone(sid: sid), account: account, at: callTime(1, after: instant)) }
    }

    /// The recording can be had, and costs; one without length is `absent`.
    mutating func finishRecording(_ sid: String, account: Int, at instant: Date) {
        guard let record = accounts[account].recordings[sid], !record.isRunning else { return }
        let isAbsent = (record.duration ?? 0) == 0
        let minutes = ((record.duration ?? 0) + 59) / 60
        accounts[account].recordings.update(sid) { record in
            record.status = isAbsent ? .absent : .completed
            record.price = isAbsent ? nil : Money(units: -minutes * 250)
            record.dateUpdated = instant
        }
        if !isAbsent {
            charge(
                UsageEntry(category: "recordings", count: 1, usage: minutes, price: minutes * 250), account: account,
                at: instant)
        }
        tellRecording(sid, account: account, event: isAbsent ? "absent" : "completed")
    }

    private mutating func tellRecording(_ sid: String, account: Int, event: String) {
        guard let record = accounts[account].recordings[sid], let target = record.order.target,
            target.events.contains(event)
        else { return }
        var parameters = Parameters([
            ("AccountSid", accounts[account].sid), ("CallSid", record.callSid), ("RecordingSid", sid),
            ("RecordingUrl", recordingURL(sid, account: account)), ("RecordingStatus", event),
            ("RecordingDuration", String(record.duration ?? 0)), ("RecordingChannels", String(record.order.channels)),
            ("RecordingStartTime", TwilioDate.rfc2822(record.startTime)),
            ("RecordingSource", record.order.source.rawValue), ("RecordingTrack", record.order.track),
            ("ErrorCode", "0"),
        ])
        if let conference = record.conferenceSid { parameters.append("ConferenceSid", conference) }
        notify(account: account, about: sid, event: event, url: target.url, method: target.method, parameters)
    }
}
