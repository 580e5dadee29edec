import FoundationEssentials

/// A queue of calls.
struct QueueRecord: Stored {
    struct Member: Sendable {
        let callSid: String
        let dateEnqueued: Date
    }

    let sid: String
    var friendlyName: String
    var maxSize = 100
    var members: [Member] = []
    /// How long those who left had waited, in seconds of a call.
    var waits: [Double] = []
    let dateCreated: Date
    var dateUpdated: Date
    var isDeleted = false

    var averageWait: Int {
        waits.isEmpty ? 0 : Int((waits.reduce(0, +) / Double(waits.count)).rounded())
    }
}

/// `<Enqueue>`, and `<Dial><Queue>` that takes the first out.
extension CarrierState {
    /// By name or SID; made when there is none.
    mutating func queue(named name: String, account: Int, at instant: Date) -> QueueRecord {
        if let known = accounts[account].queues.live.first(where: { $0.friendlyName == name || $0.sid == name }) {
            return known
        }
        let made = QueueRecord(
            sid: Sid.make("QU", using: &generator), friendlyName: name, dateCreated: instant, dateUpdated: instant)
        accounts[account].queues.append(made)
        return made
    }

    /// - Returns: whether the next verb may follow at once.
    mutating func enqueue(_ element: XMLElement, _ record: CallRecord, account: Int, at instant: Date) -> Bool {
        let sid = record.sid
        let name = element.text.trimmingSpace()
        guard element.attributes["workflowSid"] == nil else {
            accounts[account].calls.update(sid) {
                $0.problems.append("12200 <Enqueue> with a workflowSid needs TaskRouter, which is not served here")
            }
            return true
        }
        guard !name.isEmpty else {
            accounts[account].calls.update(sid) { $0.problems.append("12200 <Enqueue> names no queue") }
            return true
        }
        let queue = queue(named: name, account: account, at: instant)
        let limit = element.attributes["maxQueueSize"].flatMap { Int($0) } ?? queue.maxSize
        let state = EnqueueState(element: element, queueSid: queue.sid, since: instant)
        accounts[account].calls.update(sid) { $0.enqueue = state }
        guard queue.members.count < min(limit, queue.maxSize) else {
            finishEnqueue(sid, account: account, result: "queue-full", at: instant)
            return false
        }
        accounts[account].queues.update(queue.sid) { queue in
            queue.members.append(QueueRecord.Member(callSid: sid, dateEnqueued: instant))
        }
        if let url = element.attributes["waitUrl"], !url.isEmpty {
            let base = WebhookURL(record.programs.last?.url ?? "")
            fetch(
                CallDocument(
                    url: base?.resolve(url) ?? url,
                    method: (element.attributes["waitUrlMethod"] ?? "POST").uppercased()), kind: .waiting, sid,
                account: account,
                extra: [
                    ("QueueSid", queue.sid), ("QueuePosition", String(queue.members.count + 1)), ("QueueTime", "0"),
                    ("AvgQueueTime", String(queue.averageWait)),
                    ("CurrentQueueSize", String(queue.members.count + 1)),
                ], at: instant)
        } else {
            turn(sid, account: account, to: .queued)
        }
        serveQueue(queue.sid, account: account, at: instant)
        return false
    }

    /// Brings the first in the queue and the first call that dials it together.
    mutating func serveQueue(_ sid: String, account: Int, at instant: Date) {
        guard let member = accounts[account].queues[sid]?.members.first,
            let dialer = accounts[account].calls.live.first(where: { call in
                call.dial?.queueSid == sid && call.dial?.answeredLeg == nil
            }), let noun = dialer.dial?.element.children.first(where: { $0.name == "Queue" })
        else { return }
        takeOut(member.callSid, account: account, at: instant)
        let memberSid = member.callSid
        let dialerSid = dialer.sid
        accounts[account].calls.update(memberSid) { record in
            record.enqueue?.dialer = dialerSid
            record.programs.removeAll { $0.kind == .waiting }
        }
        accounts[account].calls.update(dialerSid) { record in
            record.dial?.answeredLeg = memberSid
            record.dial?.bridgedAt = instant
        }
        if let url = noun.attributes["url"], !url.isEmpty {
            let base = WebhookURL(dialer.programs.last?.url ?? "")
            fetch(
                CallDocument(
                    url: base?.resolve(url) ?? url, method: (noun.attributes["method"] ?? "POST").uppercased()),
                kind: .whisper, memberSid, account: account,
                extra: [("QueueSid", sid), ("DequeingCallSid", dialerSid)], at: instant)
        } else {
            bridge(member: memberSid, with: dialerSid, account: account, at: instant)
        }
    }

    mutating func bridge(member: String, with dialer: String, account: Int, at instant: Date) {
        guard let record = accounts[account].calls[member],
            let other = accounts[account].calls[dialer], other.status == .inProgress, let dial = other.dial
        else { return finishEnqueue(member, account: account, result: "error", at: instant) }
        if let order = RecordingOrder(dial: dial.element, record: other) {
            let recording = startRecording(order, call: dialer, account: account, at: instant)
            accounts[account].calls.update(dialer) { $0.dial?.recordingSid = recording }
        }
        turn(member, account: account, to: .bridged(with: dialer))
        turn(dialer, account: account, to: .bridged(with: member))
        if record.script.hangUpAfter == nil {
            plan(
                .remoteHangup(callSid: member), account: account,
                at: callTime(record.script.talkSeconds, after: instant))
        }
    }

    /// The other one is gone: the dialer goes on after its `<Dial>`, the member after its `<Enqueue>`.
    mutating func partnerLeft(_ sid: String, account: Int, at instant: Date) {
        guard let record = accounts[account].calls[sid], case .bridged = record.activity else { return }
        if let dial = record.dial, dial.queueSid != nil {
            finishDial(sid, account: account, status: "completed", leg: dial.answeredLeg, at: instant)
        } else if record.enqueue != nil {
            finishEnqueue(sid, account: account, result: "bridged", at: instant)
        }
    }

    private mutating func takeOut(_ sid: String, account: Int, at instant: Date) {
        guard let state = accounts[account].calls[sid]?.enqueue else { return }
        let wait = waited(state, until: instant)
        accounts[account].queues.update(state.queueSid) { queue in
            queue.members.removeAll { $0.callSid == sid }
            queue.waits.append(wait)
        }
        accounts[account].calls.update(sid) { $0.enqueue?.dequeuedAt = instant }
    }

    /// In seconds of a call.
    func waited(_ state: EnqueueState, until instant: Date) -> Double {
        let second = timings.callSecond.seconds
        return second > 0 ? (state.dequeuedAt ?? instant).timeIntervalSince(state.since) / second : 0
    }

    private func enqueueParameters(_ state: EnqueueState, result: String, at instant: Date) -> [(String, String)] {
        [
            ("QueueResult", result), ("QueueSid", state.queueSid),
            ("QueueTime", String(Int(waited(state, until: instant).rounded()))),
        ]
    }

    /// Out of the queue by `<Leave>`, by hanging up, or sent elsewhere.
    mutating func leaveQueue(_ sid: String, account: Int, result: String, at instant: Date) {
        takeOut(sid, account: account, at: instant)
        guard result != "leave" else {
            return finishEnqueue(sid, account: account, result: result, at: instant)
        }
        guard let record = accounts[account].calls[sid], let state = record.enqueue else { return }
        accounts[account].calls.update(sid) { record in
            record.programs.removeAll { $0.kind == .waiting }
            record.enqueue = nil
        }
        tellDequeued(record, state, result: result, account: account, at: instant)
    }

    /// How the queue ended for a call that does not come back to its `<Enqueue>`.
    mutating func tellDequeued(
        _ record: CallRecord, _ state: EnqueueState, result: String, account: Int, at instant: Date
    ) {
        guard let action = state.element.attributes["action"], !action.isEmpty else { return }
        accounts[account].calls.update(record.sid) { $0.enqueue = nil }
        tellAction(
            accounts[account].calls[record.sid] ?? record, account: account, action: action,
            method: state.element.attributes["method"], enqueueParameters(state, result: result, at: instant))
    }

    /// Goes on after an `<Enqueue>`: with what `action` answers, or with the next verb.
    mutating func finishEnqueue(_ sid: String, account: Int, result: String, at instant: Date) {
        guard let state = accounts[account].calls[sid]?.enqueue else { return }
        accounts[account].calls.update(sid) { record in
            record.programs.removeAll { $0.kind != .main }
            record.enqueue = nil
        }
        turn(sid, account: account, to: .nothing)
        guard let record = accounts[account].calls[sid], !record.status.isFinal else { return }
        if let action = state.element.attributes["action"], !action.isEmpty {
            fetch(
                self.action(state.element, record), kind: .main, sid, account: account,
                extra: enqueueParameters(state, result: result, at: instant), at: instant)
        } else {
            run(sid, account: account, at: instant)
        }
    }
}
