/// What the control API asks and does about calls, verifications and ports.
extension Carrier {
    func calls(matching query: Parameters) -> JSON {
        withState { state in
            let limit = Carrier.limit(query)
            var count = 0
            var found: [JSON] = []
            for account in state.accounts where query["account"].map({ $0 == account.sid }) ?? true {
                for record in account.calls.live.reversed() {
                    guard query["status"].map({ $0 == record.status.rawValue }) ?? true,
                        query["to"].map({ $0 == record.to }) ?? true
                    else { continue }
                    count += 1
                    if found.count < limit { found.append(Carrier.json(record, account)) }
                }
            }
            return ["count": .int(count), "calls": .array(found)]
        }
    }

    private static func json(_ record: CallRecord, _ account: AccountState) -> JSON {
        guard case .object(let members) = record.json(accountURI: account.uri, accountSid: account.sid) else {
            return .null
        }
        return .object(members + [("problems", .array(record.problems.map { .string($0) }))])
    }

    func receiveCall(_ order: InboundCallOrder) throws(SandboxError) -> JSON {
        try withState { state throws(SandboxError) -> JSON in
            let record = try state.receiveCall(order)
            guard let account = state.account(ofCall: record.sid) else { return .null }
            return Carrier.json(record, state.accounts[account])
        }
    }

    /// - Returns: nil when there is no such call.
    func give(_ input: CallInput, callSid: String) -> JSON? {
        withState { state -> JSON? in
            guard let account = state.account(ofCall: callSid) else { return nil }
            state.give(input, callSid, account: account)
            if input.hangup == true { state.hangUp(callSid, account: account, at: state.clock.now) }
            return state.accounts[account].calls[callSid].map { Carrier.json($0, state.accounts[account]) }
        }
    }

    func parties() -> [String: CallScript] { withState { $0.parties } }

    func setParty(_ order: PartyOrder) throws(SandboxError) {
        guard let number = PhoneNumber.normalized(order.number) else {
            throw SandboxError("'number' is not a valid phone number: '\(order.number)'")
        }
        withState { $0.parties[number] = order.party }
    }

    func forgetParties() { withState { $0.parties.removeAll() } }

    func verifications(matching query: Parameters) -> JSON {
        withState { state in
            let found = state.accounts.flatMap { account in
                account.verifications.live.reversed().filter { record in
                    query["to"].map { $0 == record.to } ?? true
                }
            }
            return [
                "count": .int(found.count),
                "verifications": .array(
                    found.prefix(Carrier.limit(query)).map { record in
                        [
                            "sid": .string(record.sid), "to": .string(record.to), "code": .string(record.code),
                            "status": .string(record.status.rawValue), "channel": .string(record.channel),
                        ]
                    }),
            ]
        }
    }

    /// - Returns: whether there is such a port.
    func movePort(_ sid: String, to name: String) throws(SandboxError) -> Bool {
        guard let status = PortInRecord.Status.allCases.first(where: { $0.rawValue.lowercased() == name.lowercased() })
        else {
            let known = PortInRecord.Status.allCases.map(\.rawValue).joined(separator: ", ")
            throw SandboxError("'status' must be one of \(known)")
        }
        return withState { state in
            guard let account = state.accounts.indices.first(where: { state.accounts[$0].ports[sid] != nil }) else {
                return false
            }
            state.movePortIn(sid, account: account, to: status, at: state.clock.now)
            return true
        }
    }
}

extension CarrierState {
    /// Makes exactly these numbers verified.
    mutating func setVerified(_ numbers: [String], account: Int) {
        for record in accounts[account].callerIds.live where !numbers.contains(record.phoneNumber) {
            accounts[account].callerIds.remove(record.sid)
        }
        for number in numbers where !accounts[account].isVerified(number) {
            accounts[account].callerIds.append(
                CallerIdRecord(sid: Sid.make("PN", using: &generator), phoneNumber: number, now: clock.now))
        }
    }
}
