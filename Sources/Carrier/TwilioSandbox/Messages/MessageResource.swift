/// `/Accounts/{Sid}/Messages` and the feedback on one.
enum MessageResource {
    static let routes: [Route] = [
        .get("\(Route.account)/Messages.json", list),
        .post("\(Route.account)/Messages.json", access: .testable, create),
        .get("\(Route.account)/Messages/{Sid}.json", fetch),
        .post("\(Route.account)/Messages/{Sid}.json", update),
        .delete("\(Route.account)/Messages/{Sid}.json", delete),
        .post("\(Route.account)/Messages/{MessageSid}/Feedback.json", giveFeedback),
    ]

    private static func create(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let order = try state.validateCreate(call.form, account: call.account, isTest: call.principal.isTest)
        let record =
            call.principal.isTest
            ? state.makeMessage(order, direction: .outboundAPI)
            : state.accept(order, account: call.account, direction: .outboundAPI)
        return .json(201, json(record, state, call))
    }

    private static func json(_ record: MessageRecord, _ state: CarrierState, _ call: RouteCall) -> JSON {
        let sid =
            call.principal.isTest ? state.accounts[call.account].testSid ?? "" : state.accounts[call.account].sid
        return record.json(accountURI: "/2010-04-01/Accounts/\(sid)", accountSid: sid)
    }

    private static func fetch(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard let record = state.accounts[call.account].messages[call.sid] else { throw call.notFound }
        return .json(200, json(record, state, call))
    }

    private static func list(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let filter = try MessageFilter(call.query)
        return try call.page().answer(
            "messages", of: state.accounts[call.account].messages, where: filter.admits,
            render: { json($0, state, call) })
    }

    /// An empty `Body` redacts a finished message; `Status=canceled` stops one that has not left.
    private static func update(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let sid = call.sid
        guard let record = state.accounts[call.account].messages[sid] else { throw call.notFound }
        if let status = call.form["Status"] {
            guard status == "canceled" else {
                throw TwilioFault(20422, "Status can only be set to 'canceled', not '\(status)'")
            }
            guard [.queued, .accepted, .scheduled].contains(record.status), record.direction != .inbound else {
                throw TwilioFault(30409, "Message cannot be canceled: its status is \(record.status.rawValue)")
            }
            state.transition(sid, account: call.account, to: .canceled, at: state.clock.now)
        }
        if let body = call.form["Body"] {
            guard body.isEmpty else {
                throw TwilioFault(20422, "Body can only be set to an empty string, to redact it")
            }
            guard state.accounts[call.account].messages[sid]?.status.isFinal ?? false else { throw notFinished }
            let now = state.clock.now
            state.accounts[call.account].messages.update(sid) { message in
                message.body = ""
                message.dateUpdated = now
            }
        }
        return try fetch(&state, call)
    }

    private static func delete(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard let record = state.accounts[call.account].messages[call.sid] else { throw call.notFound }
        guard record.status.isFinal else { throw notFinished }
        state.accounts[call.account].messages.update(call.sid) { $0.body = "" }
        state.accounts[call.account].messages.remove(call.sid)
        for media in state.accounts[call.account].media.live where media.messageSid == call.sid {
            state.accounts[call.account].media.remove(media.sid)
        }
        return .noContent
    }

    private static func giveFeedback(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault)
        -> SandboxAnswer
    {
        guard let record = state.accounts[call.account].messages[call.sid] else { throw call.notFound }
        let outcome = call.form["Outcome"] ?? "confirmed"
        guard ["confirmed", "unconfirmed"].contains(outcome) else {
            throw TwilioFault(20001, "Invalid Outcome: expected confirmed or unconfirmed, not '\(outcome)'")
        }
        state.accounts[call.account].messages.update(call.sid) { $0.feedback = outcome }
        let account = state.accounts[call.account]
        return .json(
            200,
            [
                "account_sid": .string(account.sid),
                "date_created": .string(TwilioDate.rfc2822(record.dateCreated)),
                "date_updated": .string(TwilioDate.rfc2822(state.clock.now)), "message_sid": .string(record.sid),
                "outcome": .string(outcome),
                "uri": .string("\(account.uri)/Messages/\(record.sid)/Feedback.json"),
            ])
    }

    private static var notFinished: TwilioFault {
        TwilioFault(20009, "Cannot delete this resource before it is complete")
    }
}
