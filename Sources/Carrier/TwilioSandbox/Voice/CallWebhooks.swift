import FoundationEssentials

/// What is told of a call, and how its documents are asked for.
extension CarrierState {
    /// The parameters of every request about a call (facts section 9).
    func voiceParameters(_ record: CallRecord, account: Int) -> Parameters {
        var parameters = Parameters([
            ("CallSid", record.sid), ("AccountSid", accounts[account].sid), ("From", record.from), ("To", record.to),
            ("Caller", record.from), ("Called", record.to), ("CallStatus", record.status.rawValue),
            ("ApiVersion", "2010-04-01"), ("Direction", record.direction.rawValue),
        ])
        for (side, number) in [
            ("From", record.from), ("To", record.to), ("Caller", record.from), ("Called", record.to),
        ] {
            let area = NumberInventory.area(ofNumber: number)
            parameters.append(side + "City", area?.locality.uppercased() ?? "")
            parameters.append(side + "State", area?.region ?? "")
            parameters.append(side + "Zip", area?.postalCode ?? "")
            parameters.append(side + "Country", area?.country ?? "US")
        }
        if let parent = record.parentSid { parameters.append("ParentCallSid", parent) }
        if record.direction == .inbound { parameters.append("StirVerstat", "TN-Validation-Passed-A") }
        if let answeredBy = record.answeredBy { parameters.append("AnsweredBy", answeredBy) }
        return parameters
    }

    /// A status callback, if the call wants to tell of the event.
    mutating func tellStatus(_ sid: String, account: Int, event: String, at instant: Date) {
        guard let record = accounts[account].calls[sid], let target = record.statusTarget,
            target.events.contains(event)
        else { return }
        accounts[account].calls.update(sid) { $0.sequence += 1 }
        var parameters = voiceParameters(record, account: account)
        if event == "initiated" {
            parameters.pairs = parameters.pairs.map { pair in
                pair.name == "CallStatus" ? Parameters.Pair(name: "CallStatus", value: "initiated") : pair
            }
        }
        parameters.append("Timestamp", TwilioDate.rfc2822(instant))
        parameters.append("SequenceNumber", String(record.sequence))
        parameters.append("CallbackSource", "call-progress-events")
        if record.status.isFinal {
            let seconds = record.duration ?? 0
            parameters.append("CallDuration", String(seconds))
            parameters.append("Duration", String((seconds + 59) / 60))
            let sip: [CallRecord.Status: String] = [.completed: "200", .busy: "486", .noAnswer: "487", .failed: "404"]
            parameters.append("SipResponseCode", sip[record.status] ?? "487")
            if let recording = accounts[account].recordings.live.last(where: { $0.callSid == sid }) {
                parameters.append("RecordingSid", recording.sid)
                parameters.append("RecordingUrl", recordingURL(recording.sid, account: account))
                parameters.append("RecordingDuration", String(recording.duration ?? 0))
            }
        }
        notify(
            account: account, about: sid, event: event, url: target.url, method: target.method, parameters)
    }

    /// Tells an `action` that nobody can follow any more.
    mutating func tellAction(
        _ record: CallRecord, account: Int, action: String, method: String?, _ extra: [(String, String)]
    ) {
        let base = record.programs.last?.url ?? record.document.url
        let url = WebhookURL(base)?.resolve(action) ?? action
        guard WebhookURL(url) != nil else { return }
        var parameters = voiceParameters(accounts[account].calls[record.sid] ?? record, account: account)
        for (name, value) in extra { parameters.append(name, value) }
        notify(
            account: account, about: record.sid, event: "action", url: url,
            method: (method ?? "POST").uppercased(), parameters)
    }

    /// Asks for TwiML, which is carried out when it comes.
    mutating func fetch(
        _ document: CallDocument, kind: CallProgram.Kind, _ sid: String, account: Int,
        extra: [(String, String)] = [], at instant: Date
    ) {
        let turn = turn(sid, account: account, to: .document)
        guard let record = accounts[account].calls[sid] else { return }
        if let twiml = document.twiml {
            do throws(SandboxError) {
                let verbs = try VoiceDocument.verbs(Array(twiml.utf8), contentType: "text/xml")
                begin(
                    CallProgram(kind: kind, verbs: verbs, url: "", method: "POST"), sid, account: account,
                    at: instant)
            } catch {
                fail(sid, account: account, error.description, at: instant)
            }
            return
        }
        var parameters = voiceParameters(record, account: account)
        for (name, value) in extra { parameters.append(name, value) }
        enqueue(
            WebhookCall(
                purpose: .document(
                    VoiceFetch(
                        account: account, callSid: sid, turn: turn, kind: kind, fallbackURL: document.fallbackURL,
                        fallbackMethod: document.fallbackMethod)), accountSid: accounts[account].sid, messageSid: sid,
                url: document.url, method: document.method == "GET" ? "GET" : "POST", parameters: parameters,
                signingToken: accounts[account].authToken, idempotencyToken: makeIdempotencyToken()))
    }

    /// TwiML has come, or has not.
    mutating func takeDocument(_ fetch: VoiceFetch, _ call: WebhookCall, _ result: WebhookResult) {
        guard let record = accounts[fetch.account].calls[fetch.callSid], record.turn == fetch.turn,
            !record.status.isFinal
        else { return }
        let now = clock.now
        do throws(SandboxError) {
            guard result.isSuccess else {
                throw SandboxError(result.error ?? "11200 HTTP status \(result.status ?? 0)")
            }
            let verbs = try VoiceDocument.verbs(result.body, contentType: result.contentType)
            let url = WebhookURL(call.url)?.called ?? call.url
            begin(
                CallProgram(kind: fetch.kind, verbs: verbs, url: url, method: call.method), fetch.callSid,
                account: fetch.account, at: now)
        } catch {
            guard !fetch.fallbackURL.isEmpty else {
                return fail(fetch.callSid, account: fetch.account, error.description, at: now)
            }
            accounts[fetch.account].calls.update(fetch.callSid) { $0.problems.append(error.description) }
            self.fetch(
                CallDocument(url: fetch.fallbackURL, method: fetch.fallbackMethod), kind: fetch.kind, fetch.callSid,
                account: fetch.account,
                extra: [("ErrorCode", String(error.description.prefix(5))), ("ErrorUrl", call.url)], at: now)
        }
    }

    /// "An application error has occurred. Goodbye."
    private mutating func fail(_ sid: String, account: Int, _ problem: String, at instant: Date) {
        accounts[account].calls.update(sid) { $0.problems.append(problem) }
        guard let record = accounts[account].calls[sid] else { return }
        end(sid, account: account, as: record.status == .inProgress ? .completed : .failed, at: instant)
    }

    func recordingURL(_ sid: String, account: Int) -> String {
        "\(publicBase)\(accounts[account].uri)/Recordings/\(sid)"
    }
}

/// A voice document: TwiML, plain text to be said, or audio to be played.
enum VoiceDocument {
    /// - Throws: 12100 for what is not well-formed, 11750 for more than 64 kB, 12300 for another content type.
    static func verbs(_ body: [UInt8], contentType: String?) throws(SandboxError) -> [XMLElement] {
        guard body.count <= TwiMLDocument.maximumBytes else { throw SandboxError("11750 TwiML larger than 64 kB") }
        guard !body.isEmpty else { return [] }
        let type = (contentType ?? "").split(separator: ";").first.map { String($0).trimmingSpace().lowercased() } ?? ""
        switch type {
        case "text/xml", "application/xml", "text/html":
            let root = try XMLParser(body).parse()
            guard root.name == "Response" else {
                throw SandboxError("12100 the root is <\(root.name)>, not <Response>")
            }
            return root.children
        case "text/plain":
            return [XMLElement(name: "Say", attributes: [:], text: String(decoding: body, as: UTF8.self))]
        case let audio where audio.hasPrefix("audio/"): return [XMLElement(name: "Play", attributes: [:])]
        default: throw SandboxError("12300 invalid Content-Type '\(contentType ?? "")'")
        }
    }
}
