/// What the other party of a running call does, by `POST /_control/calls/{sid}`.
struct CallInput: Decodable, Sendable {
    var digits: String?
    var speech: String?
    var hangup: Bool?
}

/// A call that arrives at a number of ours, by `POST /_control/calls`.
struct InboundCallOrder: Decodable, Sendable {
    let from: String
    let to: String
    /// How the caller behaves.
    var party: CallScript?
}

extension CarrierState {
    /// The number's `VoiceUrl` is asked what to do with the caller.
    ///
    /// - Throws: when nobody owns the number, or its account is not active.
    mutating func receiveCall(_ order: InboundCallOrder) throws(SandboxError) -> CallRecord {
        guard let to = PhoneNumber.normalized(order.to), let account = numberOwners[to],
            let number = accounts[account].number(to)
        else { throw SandboxError("no account owns '\(order.to)'") }
        guard let from = PhoneNumber.normalized(order.from) else {
            throw SandboxError("'from' is not a valid phone number: '\(order.from)'")
        }
        guard accounts[account].status == .active else {
            throw SandboxError("account \(accounts[account].sid) is \(accounts[account].status.rawValue)")
        }
        let now = clock.now
        var record = CallRecord(
            sid: Sid.make("CA", using: &generator), direction: .inbound, from: from, to: to,
            phoneNumberSid: number.sid, status: .ringing, dateCreated: now, dateUpdated: now,
            script: order.party ?? parties[from] ?? CallScript())
        record.document = CallDocument(
            url: number.voiceURL, method: number.voiceMethod, fallbackURL: number.voiceFallbackURL,
            fallbackMethod: number.voiceFallbackMethod)
        var status = (url: number.statusCallback, method: number.statusCallbackMethod)
        if let application = accounts[account].applications[number.voiceApplicationSid] {
            // Then just its addresses count.
            record.document = CallDocument(
                url: application.voiceURL ?? "", fallbackURL: application.voiceFallbackURL ?? "")
            status = (application.statusCallback ?? "", "POST")
        }
        if !status.url.isEmpty {
            record.statusTarget = CallbackTarget(url: status.url, method: status.method, events: ["completed"])
        }
        accounts[account].calls.append(record)
        if record.document.url.isEmpty {
            accounts[account].calls.update(record.sid) { $0.problems.append("11100 the number has no VoiceUrl") }
            end(record.sid, account: account, as: .failed, at: now)
        } else {
            fetch(record.document, kind: .main, record.sid, account: account, at: now)
        }
        return accounts[account].calls[record.sid] ?? record
    }

    /// The account of a call, by its SID alone.
    func account(ofCall sid: String) -> Int? { accounts.indices.first { accounts[$0].calls[sid] != nil } }
}
