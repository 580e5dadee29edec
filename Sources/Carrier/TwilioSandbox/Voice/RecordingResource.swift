import FoundationEssentials

/// Recordings of an account, of a call and of a conference. Without `.json` a recording is its sound, which is silence.
enum RecordingResource {
    /// Where a recording is looked at from.
    private enum Scope: Sendable {
        case account, call, conference

        var path: String {
            switch self {
            case .account: "\(Route.account)/Recordings"
            case .call: "\(Route.account)/Calls/{CallSid}/Recordings"
            case .conference: "\(Route.account)/Conferences/{ConferenceSid}/Recordings"
            }
        }
    }

    static let routes: [Route] =
        [Scope.account, .call, .conference].flatMap { (scope: Scope) -> [Route] in
            [
                .get("\(scope.path).json") { (state, call) throws(TwilioFault) in try list(&state, call, scope) },
                .get("\(scope.path)/{Sid}.json") { (state, call) throws(TwilioFault) in
                    .json(200, json(try find(state, call, scope), state, call, scope))
                },
                .delete("\(scope.path)/{Sid}.json") { (state, call) throws(TwilioFault) in
                    try delete(&state, call, scope)
                },
            ]
        } + [
            .post("\(Scope.call.path).json", start),
            .post("\(Scope.call.path)/{Sid}.json") { (state, call) throws(TwilioFault) in
                try update(&state, call, .call)
            },
            .post("\(Scope.conference.path)/{Sid}.json") { (state, call) throws(TwilioFault) in
                try update(&state, call, .conference)
            },
            .get("\(Scope.account.path)/{Sid}", listen),
            .get("\(Scope.account.path)/{Sid}.wav", listen),
            .get("\(Scope.account.path)/{Sid}.mp3", listen),
        ]

    private static func list(_ state: inout CarrierState, _ call: RouteCall, _ scope: Scope) throws(TwilioFault)
        -> SandboxAnswer
    {
        let account = state.accounts[call.account]
        switch scope {
        case .account: break
        case .call: guard account.calls[call.sid] != nil else { throw call.notFound }
        case .conference: guard account.conferences[call.sid] != nil else { throw call.notFound }
        }
        let dates = try DateFilter("DateCreated", call.query)
        return try call.page().answer(
            "recordings", of: account.recordings,
            where: { record in
                let isInScope =
                    switch scope {
                    case .account:
                        (call.query["CallSid"].map { $0 == record.callSid } ?? true)
                            && (call.query["ConferenceSid"].map { $0 == record.conferenceSid } ?? true)
                    case .call: record.callSid == call.sid
                    case .conference: record.conferenceSid == call.sid
                    }
                return isInScope && dates.admits(record.startTime)
            }, render: { json($0, state, call, scope) })
    }

    /// `Twilio.CURRENT` is the one that runs.
    private static func find(_ state: CarrierState, _ call: RouteCall, _ scope: Scope) throws(TwilioFault)
        -> RecordingRecord
    {
        let account = state.accounts[call.account]
        func isInScope(_ record: RecordingRecord) -> Bool {
            switch scope {
            case .account: true
            case .call: record.callSid == call.values[1]
            case .conference: record.conferenceSid == call.values[1]
            }
        }
        let found =
            call.sid == "Twilio.CURRENT"
            ? account.recordings.live.last { $0.isRunning && isInScope($0) } : account.recordings[call.sid]
        guard let found, isInScope(found) else { throw call.notFound }
        return found
    }

    private static func delete(_ state: inout CarrierState, _ call: RouteCall, _ scope: Scope) throws(TwilioFault)
        -> SandboxAnswer
    {
        let record = try find(state, call, scope)
        state.accounts[call.account].recordings.remove(record.sid)
        return .noContent
    }

    private static func start(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard let record = state.accounts[call.account].calls[call.sid] else { throw call.notFound }
        guard record.status == .inProgress else {
            throw TwilioFault(21220, "Requested resource is not eligible for recording: the call is not in-progress")
        }
        let sid = state.startRecording(
            RecordingOrder(call.form, source: .startCall), call: call.sid, account: call.account, at: state.clock.now)
        guard let recording = state.accounts[call.account].recordings[sid] else { throw call.notFound }
        return .json(201, json(recording, state, call, .call))
    }

    private static func update(_ state: inout CarrierState, _ call: RouteCall, _ scope: Scope) throws(TwilioFault)
        -> SandboxAnswer
    {
        let record = try find(state, call, scope)
        let now = state.clock.now
        let status = try call.required("Status")
        guard record.isRunning else { throw TwilioFault(21220, "Recording \(record.sid) is not in-progress") }
        switch status {
        case "paused":
            state.accounts[call.account].recordings.update(record.sid) { record in
                record.status = .paused
                record.pausedAt = record.pausedAt ?? now
            }
        case "in-progress":
            state.accounts[call.account].recordings.update(record.sid) { record in
                record.status = .inProgress
                record.pausedSeconds += record.pausedAt.map { now.timeIntervalSince($0) } ?? 0
                record.pausedAt = nil
            }
        case "stopped": state.stopRecording(record.sid, account: call.account, status: .stopped, at: now)
        default: throw TwilioFault(20001, "Invalid Status: expected paused, in-progress or stopped, not '\(status)'")
        }
        return .json(200, json(state.accounts[call.account].recordings[record.sid] ?? record, state, call, scope))
    }

    private static func listen(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard let record = state.accounts[call.account].recordings[call.sid], record.status == .completed else {
            throw call.notFound
        }
        let seconds = min(60, record.duration ?? 0)
        return call.request.path.hasSuffix(".mp3")
            ? SandboxAnswer(status: 200, contentType: "audio/mpeg", body: Silence.mp3(seconds: seconds))
            : SandboxAnswer(
                status: 200, contentType: "audio/x-wav",
                body: Silence.wav(seconds: seconds, channels: record.order.channels))
    }

    private static func json(
        _ record: RecordingRecord, _ state: CarrierState, _ call: RouteCall, _ scope: Scope
    ) -> JSON {
        let account = state.accounts[call.account]
        let own = "\(account.uri)/Recordings/\(record.sid)"
        let date = TwilioDate.rfc2822(record.startTime)
        var members: [(String, JSON)] = [
            ("account_sid", .string(account.sid)), ("api_version", "2010-04-01"), ("call_sid", .string(record.callSid)),
            ("conference_sid", .optional(record.conferenceSid)), ("channels", .int(record.order.channels)),
            ("date_created", .string(date)), ("date_updated", .string(TwilioDate.rfc2822(record.dateUpdated))),
            ("start_time", .string(date)), ("price", .optional(record.price?.price)),
            ("price_unit", record.price == nil ? .null : "USD"),
            ("duration", .optional(record.duration.map { String($0) })), ("sid", .string(record.sid)),
            ("source", .string(record.order.source.rawValue)), ("status", .string(record.status.rawValue)),
            ("error_code", .null), ("encryption_details", .null),
        ]
        switch scope {
        case .account:
            members += [
                ("uri", .string("\(own).json")),
                (
                    "subresource_uris",
                    [
                        "add_on_results": .string("\(own)/AddOnResults.json"),
                        "transcriptions": .string("\(own)/Transcriptions.json"),
                    ]
                ), ("media_url", .string(call.url(own))),
            ]
        case .call:
            members += [
                ("track", .string(record.order.track)),
                ("uri", .string("\(account.uri)/Calls/\(record.callSid)/Recordings/\(record.sid).json")),
            ]
        case .conference:
            let room = record.conferenceSid ?? ""
            members.append(("uri", .string("\(account.uri)/Conferences/\(room)/Recordings/\(record.sid).json")))
        }
        return .object(members)
    }
}

/// Sound files that hold silence of a length.
enum Silence {
    /// 8 kHz, 8 bits a sample, PCM.
    static func wav(seconds: Int, channels: Int) -> [UInt8] {
        let count = seconds * 8000 * channels
        func little(_ value: Int, _ bytes: Int) -> [UInt8] { (0..<bytes).map { UInt8((value >> (8 * $0)) & 0xFF) } }
        var file = Array("RIFF".utf8) + little(36 + count, 4) + Array("WAVEfmt ".utf8) + little(16, 4)
        file += little(1, 2) + little(channels, 2) + little(8000, 4) + little(8000 * channels, 4)
        file += little(channels, 2) + little(8, 2) + Array("data".utf8) + little(count, 4)
        return file + [UInt8](repeating: 0x80, count: count)
    }

    /// Frames of MPEG-1 layer III at 44.1 kHz and 128 kbit/s, mono, without any energy.
    static func mp3(seconds: Int) -> [UInt8] {
        let frame: [UInt8] = [0xFF, 0xFB, 0x90, 0xC4] + [UInt8](repeating: 0, count: 413)
        return (0..<max(1, seconds * 38)).flatMap { _ in frame }
    }
}
