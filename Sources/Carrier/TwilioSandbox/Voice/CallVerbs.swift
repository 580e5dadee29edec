import FoundationEssentials

/// Carries a call's document out, verb by verb.
extension CarrierState {
    /// A document has come: an inbound call is answered by it, unless its first word is a refusal.
    mutating func begin(_ program: CallProgram, _ sid: String, account: Int, at instant: Date) {
        guard let record = accounts[account].calls[sid] else { return }
        if record.direction == .inbound, record.status == .ringing {
            if let first = program.verbs.first, first.name == "Reject" {
                let isBusy = first.attributes["reason"] == "busy"
                return end(sid, account: account, as: isBusy ? .busy : .noAnswer, at: instant)
            }
            answer(sid, account: account, at: instant)
        }
        accounts[account].calls.update(sid) { record in
            if program.kind == .main { record.programs = [] }
            record.programs.append(program)
        }
        run(sid, account: account, at: instant)
    }

    /// Goes on until a verb takes time, or something else must come.
    mutating func run(_ sid: String, account: Int, at instant: Date) {
        while let record = accounts[account].calls[sid], record.status == .inProgress,
            let program = record.programs.last
        {
            guard program.next < program.verbs.count else {
                return endOfProgram(program, record, account: account, at: instant)
            }
            accounts[account].calls.update(sid) { $0.programs[$0.programs.count - 1].next += 1 }
            guard perform(program.verbs[program.next], record, program, account: account, at: instant) else { return }
        }
    }

    private mutating func endOfProgram(_ program: CallProgram, _ record: CallRecord, account: Int, at instant: Date) {
        switch program.kind {
        case .main: end(record.sid, account: account, as: .completed, at: instant)
        case .whisper:
            accounts[account].calls.update(record.sid) { _ = $0.programs.popLast() }
            if let dialer = record.enqueue?.dialer {
                bridge(member: record.sid, with: dialer, account: account, at: instant)
            } else {
                bridge(leg: record.sid, account: account, at: instant)
            }
        case .waiting:
            accounts[account].calls.update(record.sid) { $0.programs[$0.programs.count - 1].next = 0 }
            // A document that says nothing is not repeated without pause.
            spend(1, record.sid, account: account, as: .verb, at: instant)
        }
    }

    /// - Returns: whether the next verb may follow at once.
    private mutating func perform(
        _ verb: XMLElement, _ record: CallRecord, _ program: CallProgram, account: Int, at instant: Date
    ) -> Bool {
        let sid = record.sid
        switch verb.name {
        case "Say", "Play", "Pause":
            spend(SpokenLength.seconds(verb), sid, account: account, as: .verb, at: instant)
            return false
        case "Gather":
            gather(verb, record, account: account, at: instant)
            return false
        case "Record":
            takeRecording(verb, record, account: account, at: instant)
            return false
        case "Dial": return dial(verb, record, account: account, at: instant)
        case "Enqueue": return enqueue(verb, record, account: account, at: instant)
        case "Hangup":
            end(sid, account: account, as: .completed, at: instant)
            return false
        case "Leave":
            guard program.kind == .waiting else { return true }
            leaveQueue(sid, account: account, result: "leave", at: instant)
            return false
        case "Reject":
            end(sid, account: account, as: .completed, at: instant)
            return false
        case "Redirect":
            let url = WebhookURL(program.url)?.resolve(verb.text.trimmingSpace()) ?? verb.text.trimmingSpace()
            if program.kind != .main {
                accounts[account].calls.update(sid) { _ = $0.programs.popLast() }
            }
            fetch(
                CallDocument(url: url, method: (verb.attributes["method"] ?? "POST").uppercased()),
                kind: program.kind, sid, account: account, at: instant)
            return false
        case "Message", "Sms":
            let body = verb.children.first { $0.name == "Body" }?.text ?? verb.text.trimmingSpace()
            let form = Parameters([
                ("To", verb.attributes["to"] ?? (record.direction == .inbound ? record.from : record.to)),
                ("From", verb.attributes["from"] ?? (record.direction == .inbound ? record.to : record.from)),
                ("Body", body),
            ])
            do throws(TwilioFault) {
                let order = try validateCreate(form, account: account)
                _ = accept(order, account: account, direction: .outboundReply)
            } catch {
                accounts[account].calls.update(sid) { $0.problems.append("\(error.code) \(error.message)") }
            }
            return true
        default:
            accounts[account].calls.update(sid) { $0.problems.append("12200 <\(verb.name)> is not a verb") }
            return true
        }
    }

    /// The address of an `action`, the document's own where it is missing.
    func action(_ element: XMLElement, _ record: CallRecord) -> CallDocument {
        let program = record.programs.last
        let url = program?.url ?? ""
        let action = element.attributes["action"] ?? ""
        let isOwn = action.isEmpty
        return CallDocument(
            url: isOwn ? url : WebhookURL(url)?.resolve(action) ?? action,
            method: (element.attributes["method"] ?? (isOwn ? program?.method ?? "POST" : "POST")).uppercased())
    }

    // MARK: Gather

    /// Waits for what the party keys in or says: at once where its script has some, for nothing where it has none.
    private mutating func gather(_ element: XMLElement, _ record: CallRecord, account: Int, at instant: Date) {
        let prompt = element.children.reduce(0) { $0 + SpokenLength.seconds($1) }
        let timeout = element.attributes["timeout"].flatMap { Double($0) } ?? 5
        let input = takeInput(element, record.sid, account: account)
        let bargesIn = element.attributes["bargeIn"] != "false"
        let seconds = input == nil ? prompt + timeout : (bargesIn ? 0 : prompt) + 1
        if let url = element.attributes["partialResultCallback"], let speech = input?.speech {
            var extra = [("UnstableSpeechResult", speech), ("SequenceNumber", "0"), ("Stability", "0.9")]
            extra.append(("StableSpeechResult", ""))
            tellAction(
                record, account: account, action: url, method: element.attributes["partialResultCallbackMethod"],
                extra)
        }
        spend(seconds, record.sid, account: account, as: .gathering(element, input), at: instant)
    }

    /// The next that the script has for what the element wants.
    private mutating func takeInput(_ element: XMLElement, _ sid: String, account: Int) -> GatherInput? {
        guard let script = accounts[account].calls[sid]?.script else { return nil }
        let wanted = (element.attributes["input"] ?? "dtmf").split(separator: " ")
        if wanted.contains("dtmf"), let keyed = script.digits.first {
            accounts[account].calls.update(sid) { $0.script.digits.removeFirst() }
            let limit = element.attributes["numDigits"].flatMap { Int($0) } ?? 1000
            let finish = element.attributes["finishOnKey"] ?? "#"
            var digits = ""
            for key in keyed {
                if finish.contains(key) { return GatherInput(digits: digits, finishedOnKey: String(key)) }
                digits.append(key)
                if digits.count == limit { break }
            }
            return GatherInput(digits: digits)
        }
        if wanted.contains("speech"), let said = script.speech.first {
            accounts[account].calls.update(sid) { $0.script.speech.removeFirst() }
            return GatherInput(speech: said)
        }
        return nil
    }

    mutating func finishGather(
        _ element: XMLElement, _ input: GatherInput?, _ record: CallRecord, account: Int, at instant: Date
    ) {
        let reportsNothing = element.attributes["actionOnEmptyResult"] == "true"
        guard input != nil || reportsNothing else { return run(record.sid, account: account, at: instant) }
        var extra: [(String, String)] = []
        if let speech = input?.speech {
            extra += [("SpeechResult", speech), ("Confidence", "0.9")]
        } else {
            extra.append(("Digits", input?.digits ?? ""))
            if let key = input?.finishedOnKey { extra.append(("FinishedOnKey", key)) }
        }
        fetch(action(element, record), kind: .main, record.sid, account: account, extra: extra, at: instant)
    }

    /// Keys pressed, or words said, while the call runs (`POST /_control/calls/{sid}`).
    mutating func give(_ input: CallInput, _ sid: String, account: Int) {
        accounts[account].calls.update(sid) { record in
            if let digits = input.digits { record.script.digits.append(digits) }
            if let speech = input.speech { record.script.speech.append(speech) }
        }
        if let record = accounts[account].calls[sid], case .bridged(let leg) = record.activity,
            record.dial?.answeredLeg == leg, record.dial?.element.attributes["hangupOnStar"] == "true",
            input.digits?.contains("*") == true
        {
            // The caller leaves the one that was dialed, and goes on with what follows.
            return end(leg, account: account, as: .completed, at: clock.now)
        }
        guard let record = accounts[account].calls[sid], case .gathering(let element, nil) = record.activity,
            let found = takeInput(element, sid, account: account)
        else { return }
        turn(sid, account: account, to: .gathering(element, found))
        finishGather(element, found, record, account: account, at: clock.now)
    }

    // MARK: Record

    private mutating func takeRecording(_ element: XMLElement, _ record: CallRecord, account: Int, at instant: Date) {
        let limit = element.attributes["maxLength"].flatMap { Double($0) } ?? 3600
        let silence = element.attributes["timeout"].flatMap { Double($0) } ?? 5
        // Who is silent for too long has said nothing.
        let waits = record.script.silenceSeconds
        let isSilent = waits > 0 && waits >= silence || record.script.recordSeconds == 0
        let spoken = isSilent ? 0 : min(limit, waits + record.script.recordSeconds)
        let recording = startRecording(
            RecordingOrder(element, source: .recordVerb), call: record.sid, account: account, at: instant)
        spend(
            spoken > 0 ? spoken : silence, record.sid, account: account,
            as: .recording(element, sid: recording, isSpoken: spoken > 0), at: instant)
    }

    /// Silence is no recording: the next verb follows.
    mutating func finishRecord(
        _ element: XMLElement, _ recording: String, isSpoken: Bool, _ record: CallRecord, account: Int,
        at instant: Date
    ) {
        guard isSpoken else {
            accounts[account].recordings.remove(recording)
            return run(record.sid, account: account, at: instant)
        }
        stopRecording(recording, account: account, at: instant)
        let wantsText = element.attributes["transcribe"] == "true" || element.attributes["transcribeCallback"] != nil
        if wantsText {
            let callback = element.attributes["transcribeCallback"].map { url in
                WebhookURL(record.programs.last?.url ?? "")?.resolve(url) ?? url
            }
            transcribe(recording, of: record, callback: callback, account: account, at: instant)
        }
        let duration = accounts[account].recordings[recording]?.duration ?? 0
        let key = element.attributes["finishOnKey"] ?? "1234567890*#"
        fetch(
            action(element, record), kind: .main, record.sid, account: account,
            extra: [
                ("RecordingSid", recording), ("RecordingUrl", recordingURL(recording, account: account)),
                ("RecordingDuration", String(duration)), ("Digits", key.contains("#") ? "#" : String(key.prefix(1))),
            ], at: instant)
    }
}

extension CallRecord {
    /// Whether the call waits in a queue, whatever it hears there.
    var isInQueue: Bool { enqueue.map { $0.dequeuedAt == nil } ?? false }
}

/// How long it takes to hear something.
enum SpokenLength {
    /// Fifteen characters a second, five seconds for a recording.
    static func seconds(_ element: XMLElement) -> Double {
        // Endless loops (0) end with the call; here after a hundred rounds.
        let rounds = element.attributes["loop"].flatMap { Int($0) }.map { $0 == 0 ? 100 : max(1, $0) } ?? 1
        switch element.name {
        case "Say": return Double(rounds) * max(1, (Double(element.text.count) / 15).rounded(.up))
        case "Play":
            if let digits = element.attributes["digits"] { return max(0.5, Double(digits.count) * 0.5) }
            return Double(rounds) * 5
        case "Pause": return element.attributes["length"].flatMap { Double($0) } ?? 1
        default: return 0
        }
    }
}
