/// What a call is asked to be, after every check that the API makes before it accepts.
extension CarrierState {
    /// - Parameter needsDocument: a participant of a conference comes without one.
    /// - Throws: the first refusal: what is missing, who is called, who calls, what is to be heard.
    mutating func validateCall(
        _ form: Parameters, account: Int, isTest: Bool = false, needsDocument: Bool = true
    ) throws(TwilioFault) -> CallRecord {
        guard let wantedTo = form["To"], !wantedTo.isEmpty else {
            throw TwilioFault(21201, "No 'To' number is specified")
        }
        guard let wantedFrom = form["From"], !wantedFrom.isEmpty else {
            throw TwilioFault(21213, "No 'From' number specified")
        }
        let to = try callee(wantedTo, account: account, isTest: isTest)
        let from = isTest ? try MagicNumbers.caller(wantedFrom) : try caller(wantedFrom, account: account)
        let now = clock.now
        var record = CallRecord(
            sid: Sid.make("CA", using: &generator), direction: .outboundAPI, from: from, to: to,
            phoneNumberSid: accounts[account].number(from)?.sid, dateCreated: now, dateUpdated: now,
            script: parties[to] ?? CallScript(ofNumber: to))
        if needsDocument { record.document = try document(form, account: account) }
        func seconds(_ name: String, _ range: ClosedRange<Int>, _ usual: Int) throws(TwilioFault) -> Int {
            guard let text = form[name], !text.isEmpty else { return usual }
            guard let value = Int(text), range.contains(value) else {
                throw TwilioFault(20001, "Invalid \(name): expected \(range.lowerBound) to \(range.upperBound)")
            }
            return value
        }
        record.timeout = try seconds("Timeout", 1...600, 60)
        record.timeLimit = try seconds("TimeLimit", 1...86_400, 14_400)
        if let url = form["StatusCallback"], !url.isEmpty {
            guard WebhookURL(url) != nil else {
                throw TwilioFault(21609, "The StatusCallback URL \(url) is not valid.")
            }
            let events = Set(form.all("StatusCallbackEvent").flatMap { $0.split(separator: " ").map(String.init) })
            record.statusTarget = CallbackTarget(
                url: url, method: form["StatusCallbackMethod"], events: events.isEmpty ? ["completed"] : events)
        }
        if let detection = form["MachineDetection"], !detection.isEmpty {
            record.detectsMachine = true
            if form["AsyncAmd"] == "true", let url = form["AsyncAmdStatusCallback"] {
                record.machineTarget = CallbackTarget(
                    url: url, method: form["AsyncAmdStatusCallbackMethod"], events: [])
            }
        }
        if form["Record"]?.lowercased() == "true" {
            record.recordsWhole = RecordingOrder(form, source: .outboundAPI)
        }
        return record
    }

    private func callee(_ wanted: String, account: Int, isTest: Bool) throws(TwilioFault) -> String {
        if wanted.hasPrefix("sip:") || wanted.hasPrefix("client:") { return wanted }
        guard let to = PhoneNumber.normalized(wanted) else {
            throw TwilioFault(21211, "The 'To' number \(wanted) is not a valid phone number.")
        }
        if let fault = MagicNumbers.callee(to) { throw fault }
        if accounts[account].type == .trial, !isTest, !accounts[account].isVerified(to),
            accounts[account].number(to) == nil
        {
            throw TwilioFault(
                21219,
                "The number \(to) is unverified. Trial accounts may only make calls to verified numbers.")
        }
        return to
    }

    private func caller(_ wanted: String, account: Int) throws(TwilioFault) -> String {
        if wanted.hasPrefix("sip:") || wanted.hasPrefix("client:") { return wanted }
        guard let from = PhoneNumber.normalized(wanted) else {
            throw TwilioFault(21212, "The 'From' number \(wanted) is not a valid phone number.")
        }
        guard accounts[account].number(from)?.voiceEnabled ?? false || accounts[account].isVerified(from) else {
            throw MagicNumbers.unverifiedCaller(from)
        }
        return from
    }

    /// The application that is named, which must exist.
    func application(_ form: Parameters, account: Int) throws(TwilioFault) -> SandboxApplication? {
        guard let sid = form["ApplicationSid"], !sid.isEmpty else { return nil }
        guard let application = accounts[account].applications[sid] else {
            throw TwilioFault(21218, "The ApplicationSid \(sid) is invalid")
        }
        return application
    }

    /// `Url` wins over `Twiml`, at most 4000 characters, and that over an application.
    private func document(_ form: Parameters, account: Int) throws(TwilioFault) -> CallDocument {
        var document = CallDocument()
        document.method = (form["Method"] ?? "POST").uppercased() == "GET" ? "GET" : "POST"
        document.fallbackURL = form["FallbackUrl"] ?? ""
        document.fallbackMethod = (form["FallbackMethod"] ?? "POST").uppercased() == "GET" ? "GET" : "POST"
        if let url = form["Url"], !url.isEmpty {
            guard WebhookURL(url) != nil else { throw TwilioFault(21205, "Url is not a valid URL: \(url)") }
            document.url = url
            return document
        }
        guard let twiml = form["Twiml"], !twiml.isEmpty else {
            guard let application = try application(form, account: account), let url = application.voiceURL,
                WebhookURL(url) != nil
            else { throw TwilioFault(21205, "Url parameter is required.") }
            return CallDocument(url: url, fallbackURL: application.voiceFallbackURL ?? "")
        }
        guard twiml.count <= 4000 else { throw TwilioFault(21205, "Twiml is longer than 4000 characters") }
        document.twiml = twiml
        return document
    }
}
