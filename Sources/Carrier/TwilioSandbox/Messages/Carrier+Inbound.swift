/// What became of an inbound message.
struct InboundReport: Sendable {
    let accountSid: String
    let messageSid: String
    var webhookURL: String?
    var webhookMethod: String?
    var httpStatus: Int?
    var error: String?
    /// The carrier's own opt-out reply.
    var carrierReply: String?
    var replies: [String] = []
    var refusedReplies: [Int] = []

    var json: JSON {
        [
            "account": .string(accountSid), "messageSid": .string(messageSid),
            "webhook": [
                "url": .optional(webhookURL), "method": .optional(webhookMethod),
                "status": httpStatus.map { .int($0) } ?? .null, "error": .optional(error),
            ],
            "carrierReply": .optional(carrierReply), "replies": .array(replies.map { .string($0) }),
            "refusedReplies": .array(refusedReplies.map { .int($0) }),
        ]
    }
}

/// A message from a handset to one of our numbers: kept, opt-out applied, webhook called, TwiML carried out.
extension Carrier {
    private static let maximumRedirects = 10

    func receive(_ order: InboundOrder) async throws(SandboxError) -> InboundReport {
        let (start, webhook) = try withState { state throws(SandboxError) in try state.receive(order) }
        var report = start
        guard var (url, method, fallback) = webhook else { return report }
        var redirects = 0
        var extra: [(String, String)] = []
        while true {
            report.webhookURL = url
            report.webhookMethod = method
            guard
                let call = withState({ state in
                    state.inboundCall(report.messageSid, accountSid: report.accountSid, url: url, method: method, extra)
                })
            else { return report }
            let result = await caller.perform(call)
            withState { $0.finish(call, result) }
            report.httpStatus = result.status
            report.error = result.error
            guard result.isSuccess else {
                let failure = result.error ?? "11200 HTTP status \(result.status ?? 0)"
                report.error = failure
                guard let next = fallback else { return report }
                extra = [("ErrorCode", String(failure.prefix(5))), ("ErrorUrl", url)]
                (url, method) = next
                fallback = nil
                continue
            }
            let verbs: [TwiMLDocument.Verb]
            do throws(SandboxError) {
                verbs = try Carrier.verbs(result)
            } catch {
                report.error = error.description
                return report
            }
            guard let next = carryOut(verbs, into: &report), redirects < Carrier.maximumRedirects else { return report }
            redirects += 1
            url = WebhookURL(url)?.resolve(next.url) ?? next.url
            method = next.method == "GET" ? "GET" : "POST"
        }
    }

    /// Sends the replies up to a redirect.
    private func carryOut(
        _ verbs: [TwiMLDocument.Verb], into report: inout InboundReport
    ) -> (url: String, method: String)? {
        for verb in verbs {
            switch verb {
            case .redirect(let url, let method): return (url, method)
            case .message(let body, let mediaURLs, let to, let from, let statusCallback):
                var form = Parameters([("Body", body)])
                for url in mediaURLs { form.append("MediaUrl", url) }
                if let to { form.append("To", to) }
                if let from { form.append("From", from) }
                if let statusCallback { form.append("StatusCallback", statusCallback) }
                let sent = withState { [report] state in
                    state.reply(to: report.messageSid, accountSid: report.accountSid, form: form)
                }
                switch sent {
                case .success(let sid): report.replies.append(sid)
                case .failure(let fault): report.refusedReplies.append(fault.code)
                }
            }
        }
        return nil
    }

    /// TwiML, or plain text as one message, or nothing.
    private static func verbs(_ result: WebhookResult) throws(SandboxError) -> [TwiMLDocument.Verb] {
        guard !result.body.isEmpty else { return [] }
        let type = (result.contentType ?? "").split(separator: ";").first.map {
            String($0).trimmingSpace().lowercased()
        }
        switch type {
        case "text/xml", "application/xml", "text/html": return try TwiMLDocument(result.body).verbs
        case "text/plain":
            return [
                .message(
                    body: String(decoding: result.body, as: UTF8.self), mediaURLs: [], to: nil, from: nil,
                    statusCallback: nil)
            ]
        default: throw SandboxError("12300 invalid Content-Type '\(result.contentType ?? "")'")
        }
    }
}

extension CarrierState {
    typealias InboundWebhook = (url: String, method: String, fallback: (url: String, method: String)?)

    mutating func receive(_ order: InboundOrder) throws(SandboxError) -> (InboundReport, InboundWebhook?) {
        guard let to = PhoneNumber.normalized(order.to), let account = numberOwners[to],
            let number = accounts[account].number(to)
        else { throw SandboxError("no account owns '\(order.to)'") }
        guard let from = PhoneNumber.normalized(order.from) else {
            throw SandboxError("'from' is not a valid phone number: '\(order.from)'")
        }
        guard accounts[account].status == .active else {
            throw SandboxError("account \(accounts[account].sid) is \(accounts[account].status.rawValue)")
        }
        let media = order.numMedia ?? 0
        guard (0...10).contains(media) else { throw SandboxError("'numMedia' must be 0 to 10") }
        let now = clock.now
        var record = MessageRecord(
            sid: Sid.make(media > 0 ? "MM" : "SM", using: &generator), direction: .inbound, from: from, to: to,
            body: order.body, status: .received, segments: SegmentCount.segments(of: order.body), mediaCount: media,
            dateCreated: now, dateUpdated: now, dateSent: now)
        let service = accounts[account].service(ofSender: to)
        record.messagingServiceSid = service
        let entry = MessagePrice.entry(record)
        record.price = Money(units: -entry.price)
        charge(entry, account: account, at: now)
        accounts[account].messages.append(record)
        for _ in 0..<media {
            accounts[account].media.append(
                MediaRecord(
                    sid: Sid.make("ME", using: &generator), messageSid: record.sid, contentType: "image/png",
                    source: nil, dateCreated: now))
        }
        var report = InboundReport(accountSid: accounts[account].sid, messageSid: record.sid)
        report.carrierReply = applyOptOut(record, account: account)
        // A service takes the messages of its numbers, unless it leaves them to the numbers' own webhooks.
        if let service, let document = accounts[account].services[service],
            !document["use_inbound_webhook_on_number"].isTrue
        {
            guard let url = document["inbound_request_url"].text, !url.isEmpty else { return (report, nil) }
            let fallback = document["fallback_url"].text.map { ($0, document.text("fallback_method")) }
            return (report, (url, document.text("inbound_method"), fallback))
        }
        if let application = accounts[account].applications[number.smsApplicationSid] {
            // Then just its addresses count.
            guard let url = application.smsURL, !url.isEmpty else { return (report, nil) }
            return (report, (url, "POST", application.smsFallbackURL.map { ($0, "POST") }))
        }
        guard !number.smsURL.isEmpty else { return (report, nil) }
        let fallback = number.smsFallbackURL.isEmpty ? nil : (number.smsFallbackURL, number.smsFallbackMethod)
        return (report, (number.smsURL, number.smsMethod, fallback))
    }

    /// - Returns: the SID of the carrier's reply, if it sends one.
    private mutating func applyOptOut(_ record: MessageRecord, account: Int) -> String? {
        let isTollFree = NumberInventory.area(ofNumber: record.to)?.isTollFree ?? false
        guard let keyword = OptOutKeyword(record.body, isTollFree: isTollFree) else { return nil }
        let pair = OptOutPair(
            number: accounts[account].service(ofSender: record.to) ?? record.to, contact: record.from)
        switch keyword {
        case .stop: guard accounts[account].optOuts.insert(pair).inserted else { return nil }
        case .start: guard accounts[account].optOuts.remove(pair) != nil else { return nil }
        case .help: break
        }
        let order = MessageOrder(
            from: record.to, to: record.from, body: keyword.reply, statusCallback: nil)
        return accept(order, account: account, direction: .outboundReply).sid
    }

    mutating func inboundCall(
        _ messageSid: String, accountSid: String, url: String, method: String, _ extra: [(String, String)]
    ) -> WebhookCall? {
        guard let account = accountIndex[accountSid], let record = accounts[account].messages[messageSid] else {
            return nil
        }
        return inboundWebhook(record, account: account, url: url, method: method, extra: extra)
    }

    /// A `<Message>`: by default back to who wrote, from the number written to.
    mutating func reply(to messageSid: String, accountSid: String, form: Parameters) -> Result<String, TwilioFault> {
        guard let account = accountIndex[accountSid], let record = accounts[account].messages[messageSid] else {
            return .failure(.notFound(messageSid))
        }
        var form = form
        if form["To"] == nil { form.append("To", record.from) }
        if form["From"] == nil { form.append("From", record.to) }
        do throws(TwilioFault) {
            let order = try validateCreate(form, account: account)
            return .success(accept(order, account: account, direction: .outboundReply).sid)
        } catch {
            return .failure(error)
        }
    }
}
