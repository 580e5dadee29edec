/// `/Accounts/{Sid}/Calls`.
enum CallResource {
    static let routes: [Route] = [
        .get("\(Route.account)/Calls.json", list),
        .post("\(Route.account)/Calls.json", access: .testable, create),
        .get("\(Route.account)/Calls/{Sid}.json", fetch),
        .post("\(Route.account)/Calls/{Sid}.json", update),
        .delete("\(Route.account)/Calls/{Sid}.json", delete),
    ]

    private static func list(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let query = call.query
        func number(_ name: String) -> String? { query[name].map { PhoneNumber.normalized($0) ?? $0 } }
        let (to, from) = (number("To"), number("From"))
        let starts = try DateFilter("StartTime", query)
        let ends = try DateFilter("EndTime", query)
        return try call.page().answer(
            "calls", of: state.accounts[call.account].calls,
            where: { record in
                (to.map { $0 == record.to } ?? true) && (from.map { $0 == record.from } ?? true)
                    && (query["Status"].map { $0 == record.status.rawValue } ?? true)
                    && (query["ParentCallSid"].map { $0 == record.parentSid } ?? true)
                    && starts.admits(record.startTime) && ends.admits(record.endTime)
            }, render: { json($0, state, call) })
    }

    private static func create(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        var record = try state.validateCall(call.form, account: call.account, isTest: call.principal.isTest)
        if !call.principal.isTest { record = try state.place(record, account: call.account) }
        return .json(201, json(record, state, call))
    }

    private static func fetch(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard let record = state.accounts[call.account].calls[call.sid] else { throw call.notFound }
        return .json(200, json(record, state, call))
    }

    /// Hangs up (`Status`), or goes on with another document (`Url` or `Twiml`).
    private static func update(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard let record = state.accounts[call.account].calls[call.sid] else { throw call.notFound }
        let now = state.clock.now
        if let limit = call.form["TimeLimit"].flatMap({ Int($0) }) {
            state.accounts[call.account].calls.update(call.sid) { $0.timeLimit = limit }
            state.plan(.timeLimit(callSid: call.sid), account: call.account, at: state.callTime(Double(limit)))
        }
        if let url = call.form["StatusCallback"] {
            let target = CallbackTarget(
                url: url, method: call.form["StatusCallbackMethod"],
                events: record.statusTarget?.events ?? ["completed"])
            state.accounts[call.account].calls.update(call.sid) { $0.statusTarget = url.isEmpty ? nil : target }
        }
        if let status = call.form["Status"] {
            guard ["canceled", "completed"].contains(status) else {
                throw TwilioFault(20001, "Invalid Status: expected canceled or completed, not '\(status)'")
            }
            guard !record.status.isFinal else { throw notInProgress }
            if status == "completed" || record.status != .inProgress {
                state.hangUp(call.sid, account: call.account, at: now)
            }
        } else if let twiml = call.form["Twiml"] {
            guard record.status == .inProgress else { throw notInProgress }
            state.redirect(call.sid, account: call.account, to: CallDocument(twiml: twiml), at: now)
        } else if let url = call.form["Url"] {
            guard record.status == .inProgress else { throw notInProgress }
            guard WebhookURL(url) != nil else { throw TwilioFault(21205, "Url is not a valid URL: \(url)") }
            state.redirect(
                call.sid, account: call.account,
                to: CallDocument(
                    url: url, method: (call.form["Method"] ?? "POST").uppercased(),
                    fallbackURL: call.form["FallbackUrl"] ?? "",
                    fallbackMethod: (call.form["FallbackMethod"] ?? "POST").uppercased()), at: now)
        }
        return try fetch(&state, call)
    }

    private static func delete(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard let record = state.accounts[call.account].calls[call.sid] else { throw call.notFound }
        guard record.status.isFinal else {
            throw TwilioFault(20009, "Cannot delete this resource before it is complete")
        }
        state.accounts[call.account].calls.remove(call.sid)
        return .noContent
    }

    static var notInProgress: TwilioFault { TwilioFault(21220, "Call is not in-progress. Cannot redirect.") }

    private static func json(_ record: CallRecord, _ state: CarrierState, _ call: RouteCall) -> JSON {
        let sid =
            call.principal.isTest ? state.accounts[call.account].testSid ?? "" : state.accounts[call.account].sid
        return record.json(accountURI: "/2010-04-01/Accounts/\(sid)", accountSid: sid)
    }
}
