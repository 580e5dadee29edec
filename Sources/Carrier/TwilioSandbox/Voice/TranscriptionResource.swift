import FoundationEssentials

/// What a recording says, in writing.
struct TranscriptionRecord: Stored {
    let sid: String
    let recordingSid: String
    let callSid: String
    var status = "in-progress"
    let text: String
    let duration: Int
    let callback: String?
    var price: Money?
    let dateCreated: Date
    var dateUpdated: Date
    var isDeleted = false
}

/// `/Accounts/{Sid}/Transcriptions`, and those of one recording.
enum TranscriptionResource {
    static let routes: [Route] = [
        .get("\(Route.account)/Transcriptions.json") { (state, call) throws(TwilioFault) in
            try list(state, call, recording: nil)
        },
        .get("\(Route.account)/Transcriptions/{Sid}.json", fetch),
        .delete("\(Route.account)/Transcriptions/{Sid}.json", delete),
        .get("\(Route.account)/Recordings/{RecordingSid}/Transcriptions.json") { (state, call) throws(TwilioFault) in
            guard state.accounts[call.account].recordings[call.sid] != nil else { throw call.notFound }
            return try list(state, call, recording: call.sid)
        },
        .get("\(Route.account)/Recordings/{RecordingSid}/Transcriptions/{Sid}.json", fetch),
        .delete("\(Route.account)/Recordings/{RecordingSid}/Transcriptions/{Sid}.json", delete),
    ]

    private static func list(_ state: CarrierState, _ call: RouteCall, recording: String?) throws(TwilioFault)
        -> SandboxAnswer
    {
        try call.page().answer(
            "transcriptions", of: state.accounts[call.account].transcriptions,
            where: { record in recording.map { $0 == record.recordingSid } ?? true },
            render: { json($0, state, call) })
    }

    private static func find(_ state: CarrierState, _ call: RouteCall) throws(TwilioFault) -> TranscriptionRecord {
        guard let record = state.accounts[call.account].transcriptions[call.sid],
            call.values.count < 3 || record.recordingSid == call.values[1]
        else { throw call.notFound }
        return record
    }

    private static func fetch(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        .json(200, json(try find(state, call), state, call))
    }

    private static func delete(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let record = try find(state, call)
        state.accounts[call.account].transcriptions.remove(record.sid)
        return .noContent
    }

    private static func json(_ record: TranscriptionRecord, _ state: CarrierState, _ call: RouteCall) -> JSON {
        let account = state.accounts[call.account]
        return [
            "account_sid": .string(account.sid), "api_version": "2010-04-01",
            "date_created": .string(TwilioDate.rfc2822(record.dateCreated)),
            "date_updated": .string(TwilioDate.rfc2822(record.dateUpdated)),
            "duration": .string(String(record.duration)), "price": .optional(record.price?.price),
            "price_unit": "USD", "recording_sid": .string(record.recordingSid), "sid": .string(record.sid),
            "status": .string(record.status),
            "transcription_text": record.status == "completed" ? .string(record.text) : .null, "type": "fast",
            "uri": .string("\(account.uri)/Transcriptions/\(record.sid).json"),
        ]
    }
}

extension CarrierState {
    mutating func transcribe(
        _ recording: String, of call: CallRecord, callback: String?, account: Int, at instant: Date
    ) {
        let record = TranscriptionRecord(
            sid: Sid.make("TR", using: &generator), recordingSid: recording, callSid: call.sid,
            text: call.script.transcription, duration: accounts[account].recordings[recording]?.duration ?? 0,
            callback: callback, dateCreated: instant, dateUpdated: instant)
        accounts[account].transcriptions.append(record)
        plan(.transcriptionDone(sid: record.sid), account: account, at: callTime(3, after: instant))
    }

    mutating func finishTranscription(_ sid: String, account: Int, at instant: Date) {
        guard let record = accounts[account].transcriptions[sid] else { return }
        let minutes = max(1, (record.duration + 59) / 60)
        accounts[account].transcriptions.update(sid) { record in
            record.status = "completed"
            record.price = Money(units: -minutes * 5000)
            record.dateUpdated = instant
        }
        charge(
            UsageEntry(category: "transcriptions", count: 1, usage: minutes, price: minutes * 5000), account: account,
            at: instant)
        guard let url = record.callback, WebhookURL(url) != nil, let call = accounts[account].calls[record.callSid]
        else { return }
        var parameters = voiceParameters(call, account: account)
        let more = [
            ("TranscriptionSid", sid), ("TranscriptionText", record.text), ("TranscriptionStatus", "completed"),
            ("TranscriptionUrl", "\(publicBase)\(accounts[account].uri)/Transcriptions/\(sid)"),
            ("RecordingSid", record.recordingSid),
            ("RecordingUrl", recordingURL(record.recordingSid, account: account)), ("TranscriptionType", "fast"),
        ]
        for (name, value) in more { parameters.append(name, value) }
        notify(account: account, about: sid, event: "transcription", url: url, method: "POST", parameters)
    }
}
