/// `/Accounts/{Sid}/Conferences/{Sid}/Participants`. A participant is found by its call or its label, a conference that
/// somebody is called into also by its name.
enum ParticipantResource {
    private static let path = "\(Route.account)/Conferences/{ConferenceSid}/Participants"

    static let routes: [Route] = [
        .get("\(path).json", list),
        .post("\(path).json", create),
        .get("\(path)/{CallSid}.json", fetch),
        .post("\(path)/{CallSid}.json", update),
        .delete("\(path)/{CallSid}.json", delete),
    ]

    private static func list(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard let room = state.accounts[call.account].conferences[call.sid] else { throw call.notFound }
        func flag(_ name: String) -> Bool? { call.query[name].map { $0.lowercased() == "true" } }
        let (muted, hold, coaching) = (flag("Muted"), flag("Hold"), flag("Coaching"))
        let found = room.participants.filter { participant in
            (muted.map { $0 == participant.muted } ?? true) && (hold.map { $0 == participant.hold } ?? true)
                && (coaching.map { $0 == participant.coaching } ?? true)
        }
        return try call.page().answer(
            "participants", of: found, id: \.callSid, render: { json($0, room.sid, state, call) })
    }

    /// Calls somebody into the conference.
    private static func create(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let form = call.form
        var record = try state.validateCall(form, account: call.account, needsDocument: false)
        func flag(_ name: String, _ usual: Bool) -> Bool { form[name].map { $0.lowercased() == "true" } ?? usual }
        let known = state.accounts[call.account].conferences[call.sid]
        if Sid.isWellFormed(call.sid, prefix: "CF"), known == nil { throw call.notFound }
        if let known, known.status == .completed { throw TwilioFault(20404, "The conference has ended", status: 404) }
        var join = ConferenceJoin(name: call.sid)
        join.label = form["Label"]
        join.muted = flag("Muted", false)
        join.startsConference = flag("StartConferenceOnEnter", true)
        join.endsConference = flag("EndConferenceOnExit", false)
        join.callSidToCoach = flag("Coaching", false) ? form["CallSidToCoach"] : nil
        join.maxParticipants = form["MaxParticipants"].flatMap { Int($0) }
        if let url = form["ConferenceStatusCallback"], !url.isEmpty {
            let events = Set(
                form.all("ConferenceStatusCallbackEvent").flatMap { $0.split(separator: " ").map(String.init) })
            join.target = CallbackTarget(
                url: url, method: form["ConferenceStatusCallbackMethod"],
                events: events.isEmpty ? ["start", "end"] : events)
        }
        if ["record-from-start", "true"].contains(form["ConferenceRecord"]) {
            join.recording = RecordingOrder(conference: form)
        }
        let now = state.clock.now
        let room = state.openConference(join, account: call.account, at: now)
        if let label = join.label, room.index(label) != nil {
            throw TwilioFault(20409, "A participant labelled \(label) is in the conference already", status: 409)
        }
        record.joins = join
        record = try state.place(record, account: call.account)
        state.expectParticipant(record.sid, join, in: room.sid, status: "queued", account: call.account, at: now)
        guard let current = state.accounts[call.account].conferences[room.sid], let index = current.index(record.sid)
        else { throw call.notFound }
        return .json(201, json(current.participants[index], room.sid, state, call))
    }

    private static func find(_ state: CarrierState, _ call: RouteCall) throws(TwilioFault)
        -> (room: ConferenceRecord, index: Int)
    {
        guard let room = state.accounts[call.account].conferences[call.values[1]], let index = room.index(call.sid)
        else { throw call.notFound }
        return (room, index)
    }

    private static func fetch(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let (room, index) = try find(state, call)
        return .json(200, json(room.participants[index], room.sid, state, call))
    }

    private static func update(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let (room, index) = try find(state, call)
        let now = state.clock.now
        let callSid = room.participants[index].callSid
        func flag(_ name: String) -> Bool? { call.form[name].map { $0.lowercased() == "true" } }
        var events: [String] = []
        state.accounts[call.account].conferences.update(room.sid) { record in
            if let muted = flag("Muted"), muted != record.participants[index].muted {
                record.participants[index].muted = muted
                events.append(muted ? "participant-mute" : "participant-unmute")
            }
            if let hold = flag("Hold"), hold != record.participants[index].hold {
                record.participants[index].hold = hold
                events.append(hold ? "participant-hold" : "participant-unhold")
            }
            if let ends = flag("EndConferenceOnExit") { record.participants[index].endsConference = ends }
            if let coaching = flag("Coaching") {
                record.participants[index].coaching = coaching
                record.participants[index].callSidToCoach = coaching ? call.form["CallSidToCoach"] : nil
            }
            record.participants[index].dateUpdated = now
        }
        for event in events {
            state.tellConference(room.sid, account: call.account, event: event, about: callSid, at: now)
        }
        let documents = [("HoldUrl", "HoldMethod", "hold"), ("AnnounceUrl", "AnnounceMethod", "announce")]
        for (name, method, event) in documents {
            guard let url = call.form[name], !url.isEmpty else { continue }
            guard WebhookURL(url) != nil else { throw TwilioFault(21205, "\(name) is not a valid URL: \(url)") }
            guard event != "hold" || flag("Hold") == true, let record = state.accounts[call.account].calls[callSid]
            else { continue }
            var parameters = state.voiceParameters(record, account: call.account)
            parameters.append("ConferenceSid", room.sid)
            state.notify(
                account: call.account, about: callSid, event: event, url: url,
                method: (call.form[method] ?? "POST").uppercased(), parameters)
        }
        return try fetch(&state, call)
    }

    /// Out of the room, not off the line: the call goes on after its `<Dial>`.
    private static func delete(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let (room, index) = try find(state, call)
        let participant = room.participants[index]
        let now = state.clock.now
        guard participant.isConnected else {
            state.hangUp(participant.callSid, account: call.account, at: now)
            state.accounts[call.account].conferences.update(room.sid) { record in
                record.participants.removeAll { $0.callSid == participant.callSid }
            }
            return .noContent
        }
        state.leaveConference(participant.callSid, room.sid, account: call.account, isKicked: true, at: now)
        state.afterConference(participant.callSid, account: call.account, at: now)
        return .noContent
    }

    private static func json(
        _ participant: ConferenceRecord.Participant, _ room: String, _ state: CarrierState, _ call: RouteCall
    ) -> JSON {
        let account = state.accounts[call.account]
        let record = account.calls[participant.callSid]
        return [
            "account_sid": .string(account.sid), "call_sid": .string(participant.callSid),
            "call_sid_to_coach": .optional(participant.callSidToCoach), "coaching": .bool(participant.coaching),
            "conference_sid": .string(room), "date_created": .string(TwilioDate.rfc2822(participant.dateCreated)),
            "date_updated": .string(TwilioDate.rfc2822(participant.dateUpdated)),
            "end_conference_on_exit": .bool(participant.endsConference), "hold": .bool(participant.hold),
            "label": .optional(participant.label), "muted": .bool(participant.muted),
            "queue_time": .string(String(record?.queueMilliseconds ?? 0)),
            "start_conference_on_enter": .bool(participant.startsConference), "status": .string(participant.status),
            "uri": .string("\(account.uri)/Conferences/\(room)/Participants/\(participant.callSid).json"),
        ]
    }
}
