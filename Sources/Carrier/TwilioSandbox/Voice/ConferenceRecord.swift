import FoundationEssentials

/// A room where calls hear each other.
struct ConferenceRecord: Stored {
    enum Status: String, Sendable {
        case initial = "init"
        case inProgress = "in-progress"
        case completed
    }

    struct Participant: Sendable {
        let callSid: String
        let label: String?
        var muted: Bool
        var hold = false
        var startsConference: Bool
        var endsConference: Bool
        var coaching: Bool
        var callSidToCoach: String?
        /// `queued`, `ringing` or `connected`.
        var status: String
        let dateCreated: Date
        var dateUpdated: Date

        var isConnected: Bool { status == "connected" }
    }

    let sid: String
    let friendlyName: String
    var status = Status.initial
    var participants: [Participant] = []
    var maxParticipants = 250
    var target: CallbackTarget?
    /// Of the status callbacks, from 1.
    var sequence = 0
    var reasonEnded: String?
    var endedBy: String?
    let dateCreated: Date
    var dateUpdated: Date
    var isDeleted = false

    /// By call or by label.
    func index(_ name: String) -> Int? { participants.firstIndex { $0.callSid == name || $0.label == name } }
}

/// How a call enters a conference.
struct ConferenceJoin: Sendable {
    /// Or its SID.
    let name: String
    var label: String?
    var muted = false
    var startsConference = true
    var endsConference = false
    var callSidToCoach: String?
    var maxParticipants: Int?
    var target: CallbackTarget?
    var recording: RecordingOrder?
    /// What the room hears until it starts.
    var waitURL: String?

    init(name: String) { self.name = name }

    init(_ noun: XMLElement, record: CallRecord) {
        name = noun.text.trimmingSpace()
        let base = WebhookURL(record.programs.last?.url ?? "")
        func resolved(_ name: String) -> String? { noun.attributes[name].map { base?.resolve($0) ?? $0 } }
        label = noun.attributes["participantLabel"]
        muted = noun.attributes["muted"] == "true"
        startsConference = noun.attributes["startConferenceOnEnter"] != "false"
        endsConference = noun.attributes["endConferenceOnExit"] == "true"
        callSidToCoach = noun.attributes["coach"]
        maxParticipants = noun.attributes["maxParticipants"].flatMap { Int($0) }
        if let url = resolved("statusCallback") {
            target = CallbackTarget(
                url: url, method: noun.attributes["statusCallbackMethod"],
                events: Set(
                    (noun.attributes["statusCallbackEvent"] ?? "start end").split(separator: " ").map(String.init)))
        }
        if ["record-from-start", "true"].contains(noun.attributes["record"]) {
            recording = RecordingOrder(noun, source: .conference, base: base)
        }
    }
}

extension CarrierState {
    func conference(_ name: String, account: Int) -> ConferenceRecord? {
        accounts[account].conferences.records.last { record in
            !record.isDeleted && record.status != .completed && (record.friendlyName == name || record.sid == name)
        }
    }

    mutating func openConference(_ join: ConferenceJoin, account: Int, at instant: Date) -> ConferenceRecord {
        if let known = conference(join.name, account: account) { return known }
        var made = ConferenceRecord(
            sid: Sid.make("CF", using: &generator), friendlyName: join.name, dateCreated: instant,
            dateUpdated: instant)
        made.target = join.target
        made.maxParticipants = join.maxParticipants ?? 250
        accounts[account].conferences.append(made)
        return made
    }

    mutating func expectParticipant(
        _ callSid: String, _ join: ConferenceJoin, in sid: String, status: String, account: Int, at instant: Date
    ) {
        accounts[account].conferences.update(sid) { record in
            if let index = record.index(callSid) {
                record.participants[index].status = status
                record.participants[index].dateUpdated = instant
            } else {
                record.participants.append(
                    ConferenceRecord.Participant(
                        callSid: callSid, label: join.label, muted: join.muted,
                        startsConference: join.startsConference, endsConference: join.endsConference,
                        coaching: join.callSidToCoach != nil, callSidToCoach: join.callSidToCoach, status: status,
                        dateCreated: instant, dateUpdated: instant))
            }
            record.dateUpdated = instant
        }
    }

    mutating func setParticipant(_ callSid: String, account: Int, status: String) {
        guard let name = accounts[account].calls[callSid]?.joins?.name, let room = conference(name, account: account)
        else { return }
        accounts[account].conferences.update(room.sid) { record in
            if let index = record.index(callSid) { record.participants[index].status = status }
        }
    }

    /// The room starts when two are in it, one of whom may start it.
    mutating func enterConference(_ callSid: String, account: Int, _ join: ConferenceJoin, at instant: Date) {
        let room = openConference(join, account: account, at: instant)
        if room.target == nil, let target = join.target {
            accounts[account].conferences.update(room.sid) { $0.target = target }
        }
        guard room.participants.count(where: \.isConnected) < room.maxParticipants else {
            accounts[account].calls.update(callSid) { $0.problems.append("13223 the conference is full") }
            return afterConference(callSid, account: account, at: instant)
        }
        expectParticipant(callSid, join, in: room.sid, status: "connected", account: account, at: instant)
        accounts[account].calls.update(callSid) { $0.dial?.conferenceSid = room.sid }
        turn(callSid, account: account, to: .conference(room.sid))
        tellConference(room.sid, account: account, event: "participant-join", about: callSid, at: instant)
        guard let now = accounts[account].conferences[room.sid], now.status == .initial else { return }
        let connected = now.participants.filter(\.isConnected)
        if connected.count >= 2, connected.contains(where: \.startsConference) {
            accounts[account].conferences.update(room.sid) { $0.status = .inProgress }
            tellConference(room.sid, account: account, event: "conference-start", about: callSid, at: instant)
        }
        if let order = join.recording,
            !accounts[account].recordings.live.contains(where: { $0.conferenceSid == room.sid && $0.isRunning })
        {
            startRecording(order, call: callSid, conference: room.sid, account: account, at: instant)
        }
    }

    /// Out of the room by hanging up, by being sent elsewhere, or by the API.
    mutating func leaveConference(
        _ callSid: String, _ sid: String, account: Int, isKicked: Bool = false, at instant: Date
    ) {
        guard let room = accounts[account].conferences[sid], let index = room.index(callSid) else { return }
        let participant = room.participants[index]
        accounts[account].conferences.update(sid) { record in
            record.participants.remove(at: index)
            record.dateUpdated = instant
        }
        tellConference(sid, account: account, event: "participant-leave", about: callSid, at: instant)
        let isLast = !room.participants.contains { $0.callSid != callSid && $0.isConnected }
        if participant.endsConference {
            endConference(
                sid, account: account,
                reason: "participant-with-end-conference-on-exit-\(isKicked ? "kicked" : "left")",
                by: callSid, at: instant)
        } else if isLast {
            endConference(
                sid, account: account, reason: "last-participant-\(isKicked ? "kicked" : "left")", by: callSid,
                at: instant)
        }
    }

    mutating func endConference(_ sid: String, account: Int, reason: String, by callSid: String?, at instant: Date) {
        guard let room = accounts[account].conferences[sid], room.status != .completed else { return }
        accounts[account].conferences.update(sid) { record in
            record.status = .completed
            record.reasonEnded = reason
            record.endedBy = callSid
            record.participants = []
            record.dateUpdated = instant
        }
        for recording in accounts[account].recordings.live where recording.conferenceSid == sid && recording.isRunning {
            stopRecording(recording.sid, account: account, at: instant)
        }
        for participant in room.participants where participant.callSid != callSid && participant.isConnected {
            tellConference(
                sid, account: account, event: "participant-leave", about: participant.callSid, at: instant)
        }
        tellConference(sid, account: account, event: "conference-end", about: callSid ?? "", at: instant)
        for participant in room.participants where participant.callSid != callSid {
            afterConference(participant.callSid, account: account, at: instant)
        }
    }

    /// A call goes on after its `<Dial>`; one that the API made for the room ends.
    mutating func afterConference(_ callSid: String, account: Int, at instant: Date) {
        guard let record = accounts[account].calls[callSid], !record.status.isFinal else { return }
        turn(callSid, account: account, to: .nothing)
        if record.dial != nil {
            finishDial(callSid, account: account, status: "completed", leg: nil, at: instant)
        } else {
            hangUp(callSid, account: account, at: instant)
        }
    }

    mutating func tellConference(_ sid: String, account: Int, event: String, about callSid: String, at instant: Date) {
        guard let room = accounts[account].conferences[sid], let target = room.target else { return }
        let words = [
            "conference-start": "start", "conference-end": "end", "participant-join": "join",
            "participant-leave": "leave", "participant-mute": "mute", "participant-unmute": "mute",
            "participant-hold": "hold", "participant-unhold": "hold",
        ]
        guard let word = words[event], target.events.contains(word) else { return }
        accounts[account].conferences.update(sid) { $0.sequence += 1 }
        var parameters = Parameters([
            ("AccountSid", accounts[account].sid), ("ConferenceSid", sid), ("FriendlyName", room.friendlyName),
            ("StatusCallbackEvent", event), ("SequenceNumber", String(room.sequence + 1)),
            ("Timestamp", TwilioDate.rfc2822(instant)),
        ])
        if event == "conference-end" {
            parameters.append("ReasonConferenceEnded", room.reasonEnded ?? "")
            if !callSid.isEmpty { parameters.append("CallSidEndingConference", callSid) }
        } else {
            let participant = room.index(callSid).map { room.participants[$0] }
            parameters.append("CallSid", callSid)
            parameters.append("Muted", participant?.muted ?? false ? "true" : "false")
            parameters.append("Hold", participant?.hold ?? false ? "true" : "false")
            parameters.append("Coaching", participant?.coaching ?? false ? "true" : "false")
            parameters.append("StartConferenceOnEnter", participant?.startsConference ?? true ? "true" : "false")
            parameters.append("EndConferenceOnExit", participant?.endsConference ?? false ? "true" : "false")
            if let label = participant?.label { parameters.append("ParticipantLabel", label) }
        }
        notify(account: account, about: sid, event: event, url: target.url, method: target.method, parameters)
    }
}
