import FoundationEssentials

/// All that the carrier knows. Pure: it decides under one lock, and leaves webhook calls in `outbox` for others to make.
struct CarrierState: Sendable {
    var clock: CarrierClock
    var timeline = Timeline()
    let timings: SandboxTimings
    var generator: SeededGenerator
    /// Of its own, so that requests do not change the SIDs that a seed gives.
    private var requestIds: SeededGenerator
    private var dateHeader = (second: Int.min, text: "")
    /// Where searches start in each area code: the seed's choice.
    let inventoryStart: Int

    var accounts: [AccountState] = []
    var accountIndex: [String: Int] = [:]
    /// Test SID → account.
    var testIndex: [String: Int] = [:]
    /// API key SID → account.
    var keyIndex: [String: Int] = [:]
    /// How the other party of calls with a number behaves.
    var parties: [String: CallScript] = [:]
    /// Where recordings and media of this carrier are found from outside: scheme, host and port.
    var publicBase = "http://127.0.0.1"
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
        requestIds = SeededGenerator(seed: ~configuration.seed)
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
        if let test = account.testSid {
            guard Sid.isWellFormed(test, prefix: "AC"), testIndex[test] == nil, accountIndex[test] == nil,
                account.testAuthToken != nil
            else { throw SandboxError("test credentials '\(test)' are malformed, taken, or without testAuthToken") }
        }
        try SandboxError.check(account.applications, account.templates)
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
        for number in account.verifiedCallerIds {
            state.callerIds.append(
                CallerIdRecord(sid: Sid.make("PN", using: &generator), phoneNumber: number, now: clock.now))
        }
        accounts.append(state)
        accountIndex[account.sid] = index
        for key in account.apiKeys { keyIndex[key.sid] = index }
        if let test = account.testSid { testIndex[test] = index }
        seedPast(account.pastMessages, account: index)
    }

    /// The headers that every answer of the API has.
    mutating func identify(account: Int?) -> [(String, String)] {
        let second = Int(clock.now.timeIntervalSince1970.rounded(.down))
        if dateHeader.second != second {
            let date = TwilioDate.rfc2822(Date(timeIntervalSince1970: Double(second)))
            dateHeader = (second, String(date.dropLast(5)) + "GMT")
        }
        return [
            ("Date", dateHeader.text), ("Twilio-Request-Id", Sid.make("RQ", using: &requestIds)),
            ("Twilio-Concurrent-Requests", String(account.map { accounts[$0].requestsInFlight } ?? 1)),
            ("Twilio-Request-Duration", "0.001"),
        ]
    }

    /// Does everything that is due by now, in order.
    mutating func catchUp() {
        let now = clock.now
        while let (event, due) = timeline.popDue(now) {
            switch event {
            case .advance(let account, let sid): advance(sid, account: account, at: due)
            case .release(let call): enqueue(call)
            case .account(let account, let event): happen(event, account: account, at: due)
            }
        }
    }
}

/// A configuration or control call that cannot be followed; the text says why.
package struct SandboxError: Error, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
