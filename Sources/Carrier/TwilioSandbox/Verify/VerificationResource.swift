import FoundationEssentials

/// A code on its way to somebody.
struct VerificationRecord: Stored {
    enum Status: String, Sendable {
        case pending, approved, canceled, expired
        case maxAttemptsReached = "max_attempts_reached"
    }

    let sid: String
    let serviceSid: String
    let to: String
    var channel: String
    let code: String
    var status = Status.pending
    var sends: [(at: Date, channel: String, sid: String)] = []
    var checks = 0
    var amount: String?
    var payee: String?
    let dateCreated: Date
    var dateUpdated: Date
    var isDeleted = false

    /// Ten minutes.
    static let lifetime: TimeInterval = 600

    func isOpen(at instant: Date) -> Bool {
        status == .pending && instant < dateCreated.addingTimeInterval(VerificationRecord.lifetime)
    }
}

/// `/v2/Services/{Sid}/Verifications` and `VerificationCheck`. `GET /_control/verifications` tells the codes.
enum VerificationResource {
    static let routes: [Route] = [
        .post("/v2/Services/{ServiceSid}/Verifications", create),
        .get("/v2/Services/{ServiceSid}/Verifications/{Sid}", fetch),
        .post("/v2/Services/{ServiceSid}/Verifications/{Sid}", update),
        .post("/v2/Services/{ServiceSid}/VerificationCheck", check),
    ]

    private static let channels = ["sms", "call", "email", "whatsapp", "sna"]
    private static let maximumSends = 5
    private static let maximumChecks = 5

    /// A second one to the same recipient while the first is open sends the same code again.
    private static func create(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let account = call.account
        guard let service = state.accounts[account].verifyServices[call.sid] else { throw call.notFound }
        let wanted = try call.required("To")
        let channel = try call.required("Channel").lowercased()
        guard channels.contains(channel) else { throw invalid("Channel: \(channel)") }
        let isMail = channel == "email"
        guard isMail ? wanted.contains("@") : PhoneNumber.normalized(wanted) != nil else {
            throw invalid("To: \(wanted)")
        }
        let to = isMail ? wanted : PhoneNumber.normalized(wanted) ?? wanted
        if channel == "sms", service["skip_sms_to_landlines"].isTrue,
            NumberKnowledge(to, country: nil).lineType == "landline"
        {
            throw TwilioFault(60205, "SMS is not supported by landline phone number", status: 403)
        }
        let length = service["code_length"].number ?? 6
        if let custom = call.form["CustomCode"] {
            guard service["custom_code_enabled"].isTrue else { throw invalid("CustomCode: not enabled") }
            guard (4...10).contains(custom.count) else { throw invalid("CustomCode: 4 to 10 characters") }
        }
        let now = state.clock.now
        let open = state.accounts[account].verifications.live.last {
            $0.serviceSid == call.sid && $0.to == to && $0.isOpen(at: now)
        }
        var record: VerificationRecord
        if let open {
            guard open.sends.count < maximumSends else {
                throw TwilioFault(60203, "Max send attempts reached", status: 429)
            }
            record = open
            record.channel = channel
            record.dateUpdated = now
        } else {
            let digits = (0..<length).map { _ in String(state.generator.next() % 10) }.joined()
            record = VerificationRecord(
                sid: Sid.make("VE", using: &state.generator), serviceSid: call.sid, to: to, channel: channel,
                code: call.form["CustomCode"] ?? digits, amount: call.form["Amount"], payee: call.form["Payee"],
                dateCreated: now, dateUpdated: now)
        }
        record.sends.append((now, channel, Sid.make("VL", using: &state.generator)))
        if open == nil {
            state.accounts[account].verifications.append(record)
        } else {
            state.accounts[account].verifications.update(record.sid) { $0 = record }
        }
        let isCall = channel == "call"
        if channel == "sms" || isCall {
            state.charge(
                UsageEntry(
                    category: isCall ? "authy-calls-outbound" : "authy-sms-outbound", count: 1, usage: 1, price: 5000),
                account: account, at: now)
        }
        return .json(201, json(record, state, call))
    }

    private static func invalid(_ what: String) -> TwilioFault { TwilioFault(60200, "Invalid parameter `\(what)`") }

    /// By its SID, or by whom it went to.
    private static func find(_ state: CarrierState, _ call: RouteCall, _ name: String?) -> VerificationRecord? {
        let service = call.values[0]
        let number = name.flatMap { PhoneNumber.normalized($0) } ?? name
        return state.accounts[call.account].verifications.live.last { record in
            record.serviceSid == service && (record.sid == name || record.to == number)
                && (record.status != .pending || record.isOpen(at: state.clock.now))
        }
    }

    private static func fetch(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard let record = find(state, call, call.sid) else { throw call.notFound }
        return .json(200, json(record, state, call))
    }

    private static func update(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard var record = find(state, call, call.sid), record.isOpen(at: state.clock.now) else { throw call.notFound }
        switch call.form["Status"] {
        case "canceled": record.status = .canceled
        case "approved": record.status = .approved
        default: throw invalid("Status: expected canceled or approved")
        }
        record.dateUpdated = state.clock.now
        state.accounts[call.account].verifications.update(record.sid) { $0 = record }
        return .json(200, json(record, state, call))
    }

    /// A check of what is no longer open is answered like one of what never was.
    private static func check(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard state.accounts[call.account].verifyServices[call.sid] != nil else { throw call.notFound }
        guard let name = call.form["VerificationSid"] ?? call.form["To"] else { throw invalid("To") }
        guard var record = find(state, call, name), record.isOpen(at: state.clock.now) else { throw call.notFound }
        let code = call.form["Code"] ?? ""
        guard !code.isEmpty || record.channel == "sna" else { throw invalid("Code") }
        guard record.checks < maximumChecks else {
            throw TwilioFault(60202, "Max check attempts reached", status: 429)
        }
        record.checks += 1
        if code == record.code { record.status = .approved }
        record.dateUpdated = state.clock.now
        state.accounts[call.account].verifications.update(record.sid) { $0 = record }
        return .json(
            201,
            [
                "sid": .string(record.sid), "service_sid": .string(record.serviceSid),
                "account_sid": .string(state.accounts[call.account].sid), "to": .string(record.to),
                "channel": .string(record.channel), "status": .string(record.status.rawValue),
                "valid": .bool(record.status == .approved), "amount": .optional(record.amount),
                "payee": .optional(record.payee), "sna_attempts_error_codes": [],
                "date_created": .string(TwilioDate.iso8601(record.dateCreated)),
                "date_updated": .string(TwilioDate.iso8601(record.dateUpdated)),
            ])
    }

    private static func json(_ record: VerificationRecord, _ state: CarrierState, _ call: RouteCall) -> JSON {
        [
            "sid": .string(record.sid), "service_sid": .string(record.serviceSid),
            "account_sid": .string(state.accounts[call.account].sid), "to": .string(record.to),
            "channel": .string(record.channel), "status": .string(record.status.rawValue),
            "valid": .bool(record.status == .approved), "lookup": .object([]), "amount": .optional(record.amount),
            "payee": .optional(record.payee),
            "send_code_attempts": .array(
                record.sends.map { send in
                    [
                        "time": .string(TwilioDate.iso8601(send.at)), "channel": .string(send.channel.uppercased()),
                        "attempt_sid": .string(send.sid),
                    ]
                }),
            "sna": .null, "date_created": .string(TwilioDate.iso8601(record.dateCreated)),
            "date_updated": .string(TwilioDate.iso8601(record.dateUpdated)),
            "url": .string(call.url("/v2/Services/\(record.serviceSid)/Verifications/\(record.sid)")),
        ]
    }
}
