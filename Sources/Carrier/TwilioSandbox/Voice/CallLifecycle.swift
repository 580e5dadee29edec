import FoundationEssentials

/// queued → ringing → in-progress → completed | busy | no-answer | failed | canceled.
extension CarrierState {
    /// Another activity; what was planned for the last one is void.
    @discardableResult
    mutating func turn(_ sid: String, account: Int, to activity: CallRecord.Activity) -> Int {
        var turn = 0
        accounts[account].calls.update(sid) { record in
            record.turn += 1
            record.activity = activity
            turn = record.turn
        }
        return turn
    }

    /// An activity that lasts some seconds.
    mutating func spend(
        _ seconds: Double, _ sid: String, account: Int, as activity: CallRecord.Activity, at instant: Date
    ) {
        let turn = turn(sid, account: account, to: activity)
        plan(.call(sid: sid, turn: turn), account: account, at: callTime(seconds, after: instant))
    }

    /// Takes a call in, to be started when its turn has come (1 a second, where the account is paced).
    ///
    /// - Throws: 22005 when more than a day of calls is waiting.
    mutating func place(_ record: CallRecord, account: Int) throws(TwilioFault) -> CallRecord {
        var record = record
        let now = clock.now
        var start = callTime(0.2)
        if accounts[account].limits.isPaced {
            let free = max(now, accounts[account].nextCallStart ?? now)
            guard free.timeIntervalSince(now) <= 86_400 else {
                throw TwilioFault(22005, "The queue of calls is full: more than 24 hours are waiting")
            }
            start = max(start, free)
            accounts[account].nextCallStart = callTime(1, after: free)
            record.queueMilliseconds = Int(free.timeIntervalSince(now) * 1000)
        }
        record.turn = 1
        record.activity = .waitingToStart
        accounts[account].calls.append(record)
        plan(.call(sid: record.sid, turn: 1), account: account, at: start)
        return record
    }

    /// What was planned for a call's activity has come.
    mutating func goOn(_ sid: String, account: Int, turn: Int, at due: Date) {
        guard let record = accounts[account].calls[sid], record.turn == turn, !record.status.isFinal else { return }
        switch record.activity {
        case .waitingToStart: ring(record, account: account, at: due)
        case .ringing: pickUp(record, account: account, at: due)
        case .verb: run(sid, account: account, at: due)
        case .gathering(let element, let input): finishGather(element, input, record, account: account, at: due)
        case .recording(let element, let recording, let isSpoken):
            finishRecord(element, recording, isSpoken: isSpoken, record, account: account, at: due)
        case .nothing, .document, .dialing, .bridged, .queued, .conference: break
        }
    }

    private mutating func ring(_ record: CallRecord, account: Int, at instant: Date) {
        tellStatus(record.sid, account: account, event: "initiated", at: instant)
        set(.ringing, record.sid, account: account, at: instant)
        tellStatus(record.sid, account: account, event: "ringing", at: instant)
        if record.joins != nil { setParticipant(record.sid, account: account, status: "ringing") }
        let seconds =
            record.script.answer == .noAnswer
            ? Double(record.timeout) : min(record.script.ringSeconds, Double(record.timeout))
        spend(seconds, record.sid, account: account, as: .ringing, at: instant)
    }

    private mutating func pickUp(_ record: CallRecord, account: Int, at instant: Date) {
        switch record.script.answer {
        case .answered where record.script.ringSeconds <= Double(record.timeout):
            answer(record.sid, account: account, at: instant)
        case .answered, .noAnswer: end(record.sid, account: account, as: .noAnswer, at: instant)
        case .busy: end(record.sid, account: account, as: .busy, at: instant)
        case .failed: end(record.sid, account: account, as: .failed, at: instant)
        }
    }

    private mutating func set(_ status: CallRecord.Status, _ sid: String, account: Int, at instant: Date) {
        accounts[account].calls.update(sid) { record in
            record.status = status
            record.dateUpdated = instant
        }
    }

    /// Both are on the line: the call's document is asked for, or what it was made for is done.
    mutating func answer(_ sid: String, account: Int, at instant: Date) {
        accounts[account].calls.update(sid) { record in
            record.status = .inProgress
            record.startTime = instant
            record.dateUpdated = instant
            if record.detectsMachine { record.answeredBy = record.script.isMachine ? "machine_start" : "human" }
        }
        guard let record = accounts[account].calls[sid] else { return }
        tellStatus(sid, account: account, event: "answered", at: instant)
        plan(.timeLimit(callSid: sid), account: account, at: callTime(Double(record.timeLimit), after: instant))
        if let seconds = record.script.hangUpAfter {
            plan(.remoteHangup(callSid: sid), account: account, at: callTime(seconds, after: instant))
        }
        if let target = record.machineTarget {
            var parameters = voiceParameters(record, account: account)
            parameters.append("AnsweredBy", record.answeredBy ?? "unknown")
            notify(
                account: account, about: sid, event: "amd", url: target.url, method: target.method, parameters)
        }
        if let order = record.recordsWhole { startRecording(order, call: sid, account: account, at: instant) }
        if let join = record.joins {
            enterConference(sid, account: account, join, at: instant)
        } else if record.direction == .outboundDial {
            if let whisper = record.whisper {
                fetch(whisper, kind: .whisper, sid, account: account, at: instant)
            } else {
                bridge(leg: sid, account: account, at: instant)
            }
        } else if record.direction == .outboundAPI {
            fetch(record.document, kind: .main, sid, account: account, at: instant)
        }
    }

    /// Somebody hangs up, or the API does.
    mutating func hangUp(_ sid: String, account: Int, at instant: Date) {
        guard let record = accounts[account].calls[sid], !record.status.isFinal else { return }
        let status: CallRecord.Status =
            record.status == .inProgress ? .completed : record.direction == .inbound ? .noAnswer : .canceled
        end(sid, account: account, as: status, at: instant)
    }

    /// The end of a call: it leaves where it is, is paid, and told of.
    mutating func end(_ sid: String, account: Int, as status: CallRecord.Status, at instant: Date) {
        guard let record = accounts[account].calls[sid], !record.status.isFinal else { return }
        let second = timings.callSecond.seconds
        let length = record.startTime.map { start in
            second > 0 ? Int((instant.timeIntervalSince(start) / second).rounded()) : 0
        }
        accounts[account].calls.update(sid) { record in
            record.status = status
            record.endTime = instant
            record.dateUpdated = instant
            record.duration = status == .completed ? length : 0
            if record.startTime == nil { record.startTime = instant }
            record.turn += 1
            record.activity = .nothing
        }
        for recording in accounts[account].recordings.live where recording.callSid == sid && recording.isRunning {
            stopRecording(recording.sid, account: account, at: instant)
        }
        if let length, status == .completed { charge(record, seconds: length, account: account, at: instant) }
        leaveEverything(record, account: account, isHangup: true, at: instant)
        tellStatus(sid, account: account, event: "completed", at: instant)
        if let parent = record.parentSid { legEnded(sid, of: parent, as: status, account: account, at: instant) }
    }

    private mutating func charge(_ record: CallRecord, seconds: Int, account: Int, at instant: Date) {
        let minutes = max(1, (seconds + 59) / 60)
        let isInbound = record.direction == .inbound
        let isTollFree = isInbound && NumberInventory.area(ofNumber: record.to)?.isTollFree ?? false
        let price = minutes * (isInbound ? (isTollFree ? 2200 : 850) : 1400)
        accounts[account].calls.update(record.sid) { $0.price = Money(units: -price) }
        charge(
            UsageEntry(
                category: isInbound
                    ? (isTollFree ? "calls-inbound-tollfree" : "calls-inbound-local") : "calls-outbound",
                count: 1, usage: minutes, price: price), account: account, at: instant)
    }

    /// Out of a queue, a conference or a `<Dial>`, by hanging up or by being sent elsewhere.
    mutating func leaveEverything(_ record: CallRecord, account: Int, isHangup: Bool, at instant: Date) {
        if record.isInQueue {
            leaveQueue(record.sid, account: account, result: isHangup ? "hangup" : "redirected", at: instant)
        }
        switch record.activity {
        case .conference(let conference): leaveConference(record.sid, conference, account: account, at: instant)
        case .bridged(let partner) where record.dial?.queueSid != nil || record.enqueue != nil:
            partnerLeft(partner, account: account, at: instant)
            if let state = record.enqueue {
                tellDequeued(record, state, result: "bridged", account: account, at: instant)
            }
        default: break
        }
        guard let dial = record.dial else { return }
        accounts[account].calls.update(record.sid) { $0.dial = nil }
        stopDialRecording(dial, account: account, at: instant)
        for leg in dial.legs {
            hangUp(leg, account: account, at: instant)
        }
        if isHangup, let action = dial.element.attributes["action"], !action.isEmpty {
            // It is told how it ended; what it answers finds nobody on the line.
            tellAction(
                record, account: account, action: action, method: dial.element.attributes["method"],
                dialParameters(dial, status: dial.answeredLeg == nil ? "canceled" : "completed", account: account))
        }
    }

    /// Goes on with another document, wherever the call is.
    mutating func redirect(_ sid: String, account: Int, to document: CallDocument, at instant: Date) {
        guard let record = accounts[account].calls[sid], record.status == .inProgress else { return }
        turn(sid, account: account, to: .nothing)
        leaveEverything(record, account: account, isHangup: false, at: instant)
        accounts[account].calls.update(sid) { $0.programs = [] }
        fetch(document, kind: .main, sid, account: account, at: instant)
    }

    /// A `<Dial>` has rung long enough.
    mutating func stopRinging(_ sid: String, account: Int, turn: Int, at instant: Date) {
        guard let record = accounts[account].calls[sid], record.turn == turn, let dial = record.dial else { return }
        guard dial.answeredLeg == nil else { return }
        if dial.queueSid != nil { return finishDial(sid, account: account, status: "no-answer", leg: nil, at: instant) }
        for leg in dial.legs { end(leg, account: account, as: .noAnswer, at: instant) }
    }
}
