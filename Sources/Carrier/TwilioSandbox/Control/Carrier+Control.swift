import FoundationEssentials

/// What the control API, and a program that holds the sandbox, may ask and do.
extension Carrier {
    /// All accounts as they are now, without their messages.
    package func accounts() -> [SandboxAccount] {
        withState { $0.accounts.map(\.description) }
    }

    /// Adds an account while the sandbox runs.
    ///
    /// - Throws: when its SID, a key or a number is malformed or taken.
    package func add(_ account: SandboxAccount) throws(SandboxError) {
        try withState { state throws(SandboxError) in try state.add(account) }
    }

    func makeAccount(_ order: NewAccount) throws(SandboxError) -> SandboxAccount {
        try withState { state throws(SandboxError) -> SandboxAccount in
            var taken = Set(state.numberOwners.keys)
            var count = 2
            if case .count(let wanted) = order.numbers { count = min(max(0, wanted), NumberInventory.localAreas.count) }
            if case .list = order.numbers { count = 0 }
            var account = SandboxAccount.generated(
                name: order.name ?? "Account \(state.accounts.count + 1)", numberCount: count, taken: &taken,
                using: &state.generator)
            account.pastMessages = []
            if let sid = order.sid { account.sid = sid }
            if let token = order.authToken { account.authToken = token }
            if let type = order.type { account.type = type }
            if let balance = order.balance { account.balance = balance }
            if case .list(let numbers) = order.numbers {
                account.numbers = numbers.map { SandboxNumber(phoneNumber: $0) }
            }
            account.verifiedCallerIds = order.verifiedCallerIds ?? []
            account.testSid = order.testSid
            account.testAuthToken = order.testAuthToken
            account.applications = order.applications ?? []
            account.templates = order.templates ?? []
            account.limits = order.limits ?? SandboxLimits()
            try state.add(account)
            return account
        }
    }

    /// - Returns: nil when there is no such account.
    func change(accountSid: String, _ change: AccountChange) throws(SandboxError) -> SandboxAccount? {
        try withState { state throws(SandboxError) -> SandboxAccount? in
            guard let index = state.accountIndex[accountSid] else { return nil }
            try SandboxError.check(change.applications ?? [], change.templates ?? [])
            if let balance = change.balance {
                guard let money = Money(balance) else { throw SandboxError("'balance' must be a decimal number") }
                state.accounts[index].balance = money
            }
            if let token = change.authToken { state.accounts[index].authToken = token }
            if let token = change.secondaryAuthToken {
                state.accounts[index].secondaryAuthToken = token.isEmpty ? nil : token
            }
            if let status = change.status { state.accounts[index].status = status }
            if let type = change.type { state.accounts[index].type = type }
            if let name = change.friendlyName { state.accounts[index].friendlyName = name }
            if let numbers = change.verifiedCallerIds { state.setVerified(numbers, account: index) }
            if let applications = change.applications {
                state.accounts[index].applications = Dictionary(
                    applications.map { ($0.sid, $0) }, uniquingKeysWith: { one, _ in one })
            }
            if let templates = change.templates {
                state.accounts[index].templates = Dictionary(
                    templates.map { ($0.sid, $0) }, uniquingKeysWith: { one, _ in one })
            }
            if let limits = change.limits { state.accounts[index].limits = limits }
            state.accounts[index].dateUpdated = state.clock.now
            return state.accounts[index].description
        }
    }

    func requests(matching query: Parameters) -> JSON {
        withState { state in
            let found = state.requests.entries.filter { $0.matches(query) }
            return [
                "count": .int(found.count), "dropped": .int(state.requests.dropped),
                "requests": .array(found.suffix(Carrier.limit(query)).map(\.json)),
            ]
        }
    }

    func forgetRequests() { withState { $0.requests.clear() } }

    func webhooks(matching query: Parameters) -> JSON {
        withState { state in
            let found = state.webhooks.entries.filter { record in
                (query["account"].map { $0 == record.call.accountSid } ?? true)
                    && (query["messageSid"].map { $0 == record.call.messageSid } ?? true)
            }
            return [
                "count": .int(found.count), "dropped": .int(state.webhooks.dropped),
                "webhooks": .array(found.suffix(Carrier.limit(query)).map(\.json)),
            ]
        }
    }

    func forgetWebhooks() { withState { $0.webhooks.clear() } }

    func messages(matching query: Parameters) -> JSON {
        withState { state in
            let limit = Carrier.limit(query)
            var count = 0
            var found: [JSON] = []
            for account in state.accounts where query["account"].map({ $0 == account.sid }) ?? true {
                for record in account.messages.records.reversed() where !record.isDeleted {
                    guard query["to"].map({ $0 == record.to }) ?? true,
                        query["from"].map({ $0 == record.from }) ?? true,
                        query["status"].map({ $0 == record.status.rawValue }) ?? true
                    else { continue }
                    count += 1
                    if found.count < limit {
                        found.append(record.json(accountURI: account.uri, accountSid: account.sid))
                    }
                }
            }
            return ["count": .int(count), "messages": .array(found)]
        }
    }

    func seed(_ past: PastMessages) throws(SandboxError) {
        try withState { state throws(SandboxError) in
            guard let index = state.accountIndex[past.account] else {
                throw SandboxError("there is no account \(past.account)")
            }
            for message in past.messages {
                guard let status = message.status else { continue }
                guard MessageRecord.Status(rawValue: status)?.isFinal ?? false else {
                    throw SandboxError("status '\(status)' is not final")
                }
            }
            state.seedPast(past.messages, account: index)
        }
    }

    func rules() -> [MisbehaviourRule] { withState { $0.misbehaviour.rules } }

    func add(_ rule: MisbehaviourRule) -> MisbehaviourRule { withState { $0.misbehaviour.add(rule) } }

    func removeRules() { withState { $0.misbehaviour.removeAll() } }

    func removeRule(id: Int) -> Bool { withState { $0.misbehaviour.remove(id: id) } }

    /// Moves the clock, and does what is due before answering.
    func advanceClock(by seconds: Double, skew: Double? = nil) -> JSON {
        withState { state in
            state.clock.advance(by: seconds)
            if let skew { state.clock.skew = skew }
            state.catchUp()
            return [
                "now": .string(TwilioDate.rfc2822(state.clock.now)),
                "unixTime": .double(state.clock.now.timeIntervalSince1970),
            ]
        }
    }

    static func limit(_ query: Parameters) -> Int {
        max(0, query["limit"].flatMap { Int($0) } ?? 100)
    }
}
