import FoundationEssentials

/// A number that calls may show, and that a trial account may reach.
struct CallerIdRecord: Stored {
    let sid: String
    let phoneNumber: String
    var friendlyName: String
    let dateCreated: Date
    var dateUpdated: Date
    var isDeleted = false

    init(sid: String, phoneNumber: String, friendlyName: String? = nil, now: Date) {
        self.sid = sid
        self.phoneNumber = phoneNumber
        self.friendlyName = friendlyName ?? NumberRecord.nationalFormat(phoneNumber)
        dateCreated = now
        dateUpdated = now
    }
}

/// What a validation asked for.
struct CallerIdRequest: Sendable {
    let callSid: String
    let friendlyName: String?
    let statusCallback: String?
    let method: String
}

/// `/Accounts/{Sid}/OutgoingCallerIds`. A validation calls the number, whose party types the code in, unless the
/// number's script does not answer; then the caller id exists.
enum OutgoingCallerIdResource {
    static let routes: [Route] = [
        .get("\(Route.account)/OutgoingCallerIds.json", list),
        .post("\(Route.account)/OutgoingCallerIds.json", validate),
        .get("\(Route.account)/OutgoingCallerIds/{Sid}.json", fetch),
        .post("\(Route.account)/OutgoingCallerIds/{Sid}.json", update),
        .delete("\(Route.account)/OutgoingCallerIds/{Sid}.json", delete),
    ]

    private static func list(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let account = state.accounts[call.account]
        return try call.page().answer(
            "outgoing_caller_ids", of: account.callerIds,
            where: { record in
                (call.query["PhoneNumber"].map { PhoneNumber.normalized($0) ?? $0 }.map { $0 == record.phoneNumber }
                    ?? true) && (call.query["FriendlyName"].map { $0 == record.friendlyName } ?? true)
            }, render: { json($0, account) })
    }

    private static func validate(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let wanted = try call.required("PhoneNumber")
        guard let number = PhoneNumber.normalized(wanted) else {
            throw TwilioFault(21401, "The phone number \(wanted) is invalid")
        }
        guard !state.accounts[call.account].isVerified(number) else {
            throw TwilioFault(21450, "Phone number is already verified for your account.")
        }
        let delayField = Field("delay", "CallDelay", .number(0...60))
        let delay =
            try call.form["CallDelay"].map { text throws(TwilioFault) in try delayField.read(text) }?.number ?? 0
        let callSid = Sid.make("CA", using: &state.generator)
        let code = String(100_000 + Int(state.generator.next() % 900_000))
        let request = CallerIdRequest(
            callSid: callSid, friendlyName: call.form["FriendlyName"], statusCallback: call.form["StatusCallback"],
            method: (call.form["StatusCallbackMethod"] ?? "POST").uppercased())
        state.plan(
            .validationCall(callerId: number, request), account: call.account,
            at: state.callTime(Double(delay) + 3))
        return .json(
            200,
            [
                "account_sid": .string(state.accounts[call.account].sid), "call_sid": .string(callSid),
                "friendly_name": .string(request.friendlyName ?? NumberRecord.nationalFormat(number)),
                "phone_number": .string(number), "validation_code": .string(code),
            ])
    }

    private static func fetch(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let account = state.accounts[call.account]
        guard let record = account.callerIds[call.sid] else { throw call.notFound }
        return .json(200, json(record, account))
    }

    private static func update(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let now = state.clock.now
        let found = state.accounts[call.account].callerIds.update(call.sid) { record in
            if let name = call.form["FriendlyName"] { record.friendlyName = name }
            record.dateUpdated = now
        }
        guard found else { throw call.notFound }
        return try fetch(&state, call)
    }

    private static func delete(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard state.accounts[call.account].callerIds.remove(call.sid) != nil else { throw call.notFound }
        return .noContent
    }

    private static func json(_ record: CallerIdRecord, _ account: AccountState) -> JSON {
        [
            "account_sid": .string(account.sid),
            "date_created": .string(TwilioDate.rfc2822(record.dateCreated)),
            "date_updated": .string(TwilioDate.rfc2822(record.dateUpdated)),
            "friendly_name": .string(record.friendlyName), "phone_number": .string(record.phoneNumber),
            "sid": .string(record.sid), "uri": .string("\(account.uri)/OutgoingCallerIds/\(record.sid).json"),
        ]
    }
}

extension CarrierState {
    /// The end of a validation call, told to its `StatusCallback`.
    mutating func finishValidation(_ number: String, _ request: CallerIdRequest, account: Int, at instant: Date) {
        let isAnswered = (parties[number] ?? CallScript()).answer == .answered
        var parameters = Parameters([
            ("AccountSid", accounts[account].sid), ("CallSid", request.callSid), ("To", number), ("Called", number),
            ("VerificationStatus", isAnswered ? "success" : "failed"),
        ])
        if isAnswered, !accounts[account].isVerified(number) {
            let record = CallerIdRecord(
                sid: Sid.make("PN", using: &generator), phoneNumber: number, friendlyName: request.friendlyName,
                now: instant)
            accounts[account].callerIds.append(record)
            parameters.append("OutgoingCallerIdSid", record.sid)
        }
        guard let url = request.statusCallback, !url.isEmpty else { return }
        notify(
            account: account, about: request.callSid, event: "validation", url: url, method: request.method,
            parameters)
    }

    /// Sends a callback that is about something else than a message. Those about one thing leave in order.
    mutating func notify(
        account: Int, about sid: String, event: String, url: String, method: String, _ parameters: Parameters
    ) {
        let call = WebhookCall(
            purpose: .event(event), accountSid: accounts[account].sid, messageSid: sid, url: url,
            method: method == "GET" ? "GET" : "POST", parameters: parameters,
            signingToken: accounts[account].authToken, idempotencyToken: makeIdempotencyToken())
        let subject = CallbackSubject(
            accountSid: accounts[account].sid, from: parameters["From"] ?? "", to: parameters["To"] ?? "",
            status: event)
        dispatch(call, subject: subject, isFinal: event == "completed")
    }
}
