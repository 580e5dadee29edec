/// `/Accounts/{Sid}/Messages` and a message's `Media`.
extension CarrierState {
    mutating func createMessage(_ request: SandboxRequest, _ principal: Principal) throws(TwilioFault) -> SandboxAnswer
    {
        let order = try validateCreate(request.form, account: accounts[principal.account])
        let record = accept(order, account: principal.account, direction: .outboundAPI)
        let account = accounts[principal.account]
        return .json(201, record.json(accountURI: account.uri, accountSid: account.sid))
    }

    func fetchMessage(_ sid: String, _ request: SandboxRequest, _ principal: Principal) throws(TwilioFault)
        -> SandboxAnswer
    {
        let account = accounts[principal.account]
        guard let record = account.messages[sid] else { throw .notFound(request.path) }
        return .json(200, record.json(accountURI: account.uri, accountSid: account.sid))
    }

    func listMessages(_ request: SandboxRequest, _ principal: Principal) throws(TwilioFault) -> SandboxAnswer {
        let account = accounts[principal.account]
        let filter = try MessageFilter(request.query)
        return try Page(request, path: request.path).answer(
            "messages",
            walking: { after, before, skip, limit in
                account.messages.page(
                    after: after, before: before, skip: skip, limit: limit, where: filter.admits)
            }, id: \.sid, render: { $0.json(accountURI: account.uri, accountSid: account.sid) })
    }

    /// An empty `Body` redacts a finished message; `Status=canceled` stops one that is still queued.
    mutating func updateMessage(_ sid: String, _ request: SandboxRequest, _ principal: Principal) throws(TwilioFault)
        -> SandboxAnswer
    {
        guard let record = accounts[principal.account].messages[sid] else { throw .notFound(request.path) }
        if let status = request.form["Status"] {
            guard status == "canceled" else {
                throw TwilioFault(20422, "Status can only be set to 'canceled', not '\(status)'")
            }
            guard record.status == .queued, record.direction != .inbound else {
                throw TwilioFault(30409, "Message cannot be canceled: its status is \(record.status.rawValue)")
            }
            transition(sid, account: principal.account, to: .canceled, at: clock.now)
        }
        if let body = request.form["Body"] {
            guard body.isEmpty else {
                throw TwilioFault(20422, "Body can only be set to an empty string, to redact it")
            }
            guard accounts[principal.account].messages[sid]?.status.isFinal ?? false else { throw notFinished }
            let now = clock.now
            accounts[principal.account].messages.update(sid) { message in
                message.body = ""
                message.dateUpdated = now
            }
        }
        return try fetchMessage(sid, request, principal)
    }

    mutating func deleteMessage(_ sid: String, _ request: SandboxRequest, _ principal: Principal) throws(TwilioFault)
        -> SandboxAnswer
    {
        guard let record = accounts[principal.account].messages[sid] else { throw .notFound(request.path) }
        guard record.status.isFinal else { throw notFinished }
        accounts[principal.account].messages.update(sid) { message in
            message.isDeleted = true
            message.body = ""
        }
        return .noContent
    }

    /// Media are counted on the message; none is kept, so the list is empty.
    func listMedia(_ sid: String, _ request: SandboxRequest, _ principal: Principal) throws(TwilioFault)
        -> SandboxAnswer
    {
        guard accounts[principal.account].messages[sid] != nil else { throw .notFound(request.path) }
        return try Page(request, path: request.path).answer(
            "media_list", of: [String](), id: { $0 }, render: { .string($0) })
    }

    private var notFinished: TwilioFault {
        TwilioFault(20009, "Cannot delete this resource before it is complete")
    }
}
