import FoundationEssentials

/// All that the carrier knows. Pure: it decides under one lock, and leaves webhook calls in `outbox` for others to make.
struct CarrierState: Sendable {
    var clock: CarrierClock
    var timeline = Timeline()
    let timings: SandboxTimings
    var generator: SeededGenerator
    /// Where searches start in each area code: the seed's choice.
    let inventoryStart: Int

    var accounts: [AccountState] = []
    var accountIndex: [String: Int] = [:]
    /// API key SID → account and place in its keys.
    var keyIndex: [String: (account: Int, position: Int)] = [:]
    /// E.164 → owning account.
    var numberOwners: [String: Int] = [:]

    var misbehaviour = Misbehaviour()
    var callbacks = CallbackLanes()
    var requests: History<ReceivedRequest>
    var webhooks: History<WebhookRecord>
    /// Webhook calls to make now.
    var outbox: [WebhookCall] = []

    init(_ configuration: SandboxConfiguration) throws(SandboxError) {
        clock = CarrierClock(configuration.clock)
        timings = configuration.timings
        generator = SeededGenerator(seed: configuration.seed)
        inventoryStart = Int(configuration.seed % 100)
        requests = History(limit: configuration.historyLimit)
        webhooks = History(limit: configuration.historyLimit)
        for account in configuration.accounts { try add(account) }
    }

    /// - Throws: when the SID is malformed or a SID, key or number is there already.
    mutating func add(_ account: SandboxAccount) throws(SandboxError) {
        guard Sid.isWellFormed(account.sid, prefix: "AC") else {
            throw SandboxError("account sid '\(account.sid)' must be AC and 32 hexadecimal digits")
        }
        guard accountIndex[account.sid] == nil else { throw SandboxError("account \(account.sid) exists already") }
        guard Money(account.balance) != nil else {
            throw SandboxError("balance '\(account.balance)' of account \(account.sid) is no decimal number")
        }
        for key in account.apiKeys where keyIndex[key.sid] != nil || !Sid.isWellFormed(key.sid, prefix: "SK") {
            throw SandboxError("API key \(key.sid) is malformed or exists already")
        }
        var seen: Set<String> = []
        for number in account.numbers {
            guard PhoneNumber.normalized(number.phoneNumber) == number.phoneNumber else {
                throw SandboxError("number '\(number.phoneNumber)' is not E.164")
            }
            guard numberOwners[number.phoneNumber] == nil, seen.insert(number.phoneNumber).inserted else {
                throw SandboxError("number \(number.phoneNumber) is owned already")
            }
        }
        let index = accounts.count
        var state = AccountState(account, now: clock.now)
        for number in account.numbers {
            state.numbers.append(NumberRecord(sid: Sid.make("PN", using: &generator), number, now: clock.now))
            numberOwners[number.phoneNumber] = index
        }
        accounts.append(state)
        accountIndex[account.sid] = index
        for (position, key) in account.apiKeys.enumerated() { keyIndex[key.sid] = (index, position) }
        seedPast(account.pastMessages, account: index)
    }

    /// Does everything that is due by now, in order.
    mutating func catchUp() {
        let now = clock.now
        while let (event, due) = timeline.popDue(now) {
            switch event {
            case .advance(let account, let sid): advance(sid, account: account, at: due)
            case .release(let call): enqueue(call)
            }
        }
    }
}

/// A configuration or control call that cannot be followed; the text says why.
package struct SandboxError: Error, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
