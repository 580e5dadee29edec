import FoundationEssentials

/// `<Dial>`: legs to numbers, clients and SIP addresses; a queue; a conference.
extension CarrierState {
    /// - Returns: whether the next verb may follow at once.
    mutating func dial(_ element: XMLElement, _ record: CallRecord, account: Int, at instant: Date) -> Bool {
        var nouns = element.children.filter {
            ["Number", "Client", "Sip", "Queue", "Conference"].contains($0.name)
        }
        let text = element.text.trimmingSpace()
        if nouns.isEmpty, !text.isEmpty { nouns = [XMLElement(name: "Number", attributes: [:], text: text)] }
        guard let first = nouns.first else { return true }
        let sid = record.sid
        var dial = DialState(element: element)
        switch first.name {
        case "Conference":
            accounts[account].calls.update(sid) { $0.dial = dial }
            enterConference(
                sid, account: account, ConferenceJoin(first, record: record), at: instant)
            return false
        case "Queue":
            dial.queueSid = queue(named: first.text.trimmingSpace(), account: account, at: instant).sid
        default:
            if element.attributes["sequential"] == "true" {
                dial.waiting = Array(nouns.dropFirst())
                nouns = [first]
            }
        }
        let seconds = element.attributes["timeout"].flatMap { Double($0) } ?? 30
        accounts[account].calls.update(sid) { $0.dial = dial }
        let turn = turn(sid, account: account, to: .dialing)
        plan(.noAnswer(callSid: sid, turn: turn), account: account, at: callTime(seconds, after: instant))
        if let queue = dial.queueSid {
            serveQueue(queue, account: account, at: instant)
        } else {
            for noun in nouns { startLeg(noun, of: sid, account: account, at: instant) }
        }
        return false
    }

    private mutating func startLeg(_ noun: XMLElement, of parent: String, account: Int, at instant: Date) {
        guard let record = accounts[account].calls[parent], let dial = record.dial else { return }
        let text = noun.text.trimmingSpace()
        let to =
            switch noun.name {
            case "Client": "client:\(text)"
            default: PhoneNumber.normalized(text)
            }
        let wanted = to ?? text
        var leg = CallRecord(
            sid: Sid.make("CA", using: &generator), direction: .outboundDial,
            from: dial.element.attributes["callerId"] ?? record.from, to: wanted, parentSid: parent,
            dateCreated: instant, dateUpdated: instant, script: parties[wanted] ?? CallScript(ofNumber: wanted))
        leg.timeout = dial.element.attributes["timeout"].flatMap { Int($0) } ?? 30
        let base = WebhookURL(record.programs.last?.url ?? "")
        if let url = noun.attributes["statusCallback"] {
            let events = Set(
                (noun.attributes["statusCallbackEvent"] ?? "completed").split(separator: " ").map(String.init))
            leg.statusTarget = CallbackTarget(
                url: base?.resolve(url) ?? url, method: noun.attributes["statusCallbackMethod"], events: events)
        }
        if let url = noun.attributes["url"], !url.isEmpty {
            leg.whisper = CallDocument(
                url: base?.resolve(url) ?? url, method: (noun.attributes["method"] ?? "POST").uppercased())
        }
        if noun.attributes["machineDetection"] != nil { leg.detectsMachine = true }
        leg.turn = 1
        leg.activity = .waitingToStart
        let sid = leg.sid
        accounts[account].calls.append(leg)
        accounts[account].calls.update(parent) { $0.dial?.legs.append(sid) }
        if to == nil, noun.name == "Number" {
            end(sid, account: account, as: .failed, at: instant)
        } else {
            plan(.call(sid: sid, turn: 1), account: account, at: callTime(0.2, after: instant))
        }
    }

    /// One leg has answered: it talks with the caller, the others stop ringing.
    mutating func bridge(leg sid: String, account: Int, at instant: Date) {
        guard let leg = accounts[account].calls[sid], let parent = leg.parentSid,
            let record = accounts[account].calls[parent], var dial = record.dial, dial.answeredLeg == nil
        else { return end(sid, account: account, as: .completed, at: instant) }
        dial.answeredLeg = sid
        dial.bridgedAt = instant
        if let recording = RecordingOrder(dial: dial.element, record: record) {
            dial.recordingSid = startRecording(recording, call: parent, account: account, at: instant)
        }
        let others = dial.legs.filter { $0 != sid }
        let updated = dial
        accounts[account].calls.update(parent) { $0.dial = updated }
        turn(parent, account: account, to: .bridged(with: sid))
        turn(sid, account: account, to: .bridged(with: parent))
        for other in others { end(other, account: account, as: .canceled, at: instant) }
        let limit = dial.element.attributes["timeLimit"].flatMap { Double($0) } ?? 14_400
        let talk = leg.script.hangUpAfter == nil ? min(limit, leg.script.talkSeconds) : limit
        plan(.remoteHangup(callSid: sid), account: account, at: callTime(talk, after: instant))
    }

    /// A leg has ended: the one that was talked with, or one that did not answer.
    mutating func legEnded(
        _ sid: String, of parent: String, as status: CallRecord.Status, account: Int, at instant: Date
    ) {
        guard let dial = accounts[account].calls[parent]?.dial, dial.legs.contains(sid) else { return }
        accounts[account].calls.update(parent) { $0.dial?.legs.removeAll { $0 == sid } }
        if dial.answeredLeg == sid {
            return finishDial(parent, account: account, status: "completed", leg: sid, at: instant)
        }
        guard dial.answeredLeg == nil, dial.legs.count == 1 else { return }
        if let next = dial.waiting.first {
            accounts[account].calls.update(parent) { $0.dial?.waiting.removeFirst() }
            startLeg(next, of: parent, account: account, at: instant)
        } else {
            finishDial(parent, account: account, status: status.rawValue, leg: sid, at: instant)
        }
    }

    func dialParameters(_ dial: DialState, status: String, account: Int, leg: String? = nil) -> [(String, String)] {
        var parameters = [("DialCallStatus", status)]
        if let leg = leg ?? dial.answeredLeg, let record = accounts[account].calls[leg] {
            parameters.append(("DialCallSid", leg))
            parameters.append(("DialCallDuration", String(record.duration ?? 0)))
        }
        parameters.append(("DialBridged", dial.bridgedAt == nil ? "false" : "true"))
        if let recording = dial.recordingSid {
            parameters.append(("RecordingSid", recording))
            parameters.append(("RecordingUrl", recordingURL(recording, account: account)))
            parameters.append(
                ("RecordingDuration", String(accounts[account].recordings[recording]?.duration ?? 0)))
        }
        return parameters
    }

    mutating func stopDialRecording(_ dial: DialState, account: Int, at instant: Date) {
        if let recording = dial.recordingSid { stopRecording(recording, account: account, at: instant) }
    }

    /// The caller goes on: with what `action` answers, or with the next verb.
    mutating func finishDial(_ sid: String, account: Int, status: String, leg: String?, at instant: Date) {
        guard let record = accounts[account].calls[sid], let dial = record.dial, !record.status.isFinal else { return }
        stopDialRecording(dial, account: account, at: instant)
        let extra = dialParameters(dial, status: status, account: account, leg: leg)
        accounts[account].calls.update(sid) { $0.dial = nil }
        turn(sid, account: account, to: .nothing)
        if let action = dial.element.attributes["action"], !action.isEmpty {
            fetch(
                self.action(dial.element, record), kind: .main, sid, account: account, extra: extra, at: instant)
        } else {
            run(sid, account: account, at: instant)
        }
    }
}
