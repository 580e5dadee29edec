/// One rule of `POST /_control/misbehave`: what it looks for, how often, and what it does.
struct MisbehaviourRule: Codable, Sendable {
    enum Action: String, Codable, Sendable, CaseIterable {
        case latency, status, truncate, outcome
        case dropBefore = "drop_before"
        case dropAfter = "drop_after"
        case killReused = "kill_reused"
        case contentType = "content_type"
        case duplicateCallbacks = "duplicate_callbacks"
        case reorderCallbacks = "reorder_callbacks"
        case delayCallbacks = "delay_callbacks"
        case noCallbacks = "no_callbacks"
    }

    /// All that are given must hold.
    struct Match: Codable, Sendable {
        var account: String?
        var method: String?
        /// Found anywhere in the path.
        var path: String?
        var to: String?
        var from: String?
        /// The status that a callback reports.
        var status: String?
    }

    /// Given by the sandbox.
    var id: Int?
    var match: Match?
    /// How many times it still applies; nil: always.
    var times: Int?
    /// The share of matching requests, 0 to 1; nil: all.
    var rate: Double?
    var action: Action
    var status: Int?
    var code: Int?
    var message: String?
    /// Seconds, for `status`.
    var retryAfter: Int?
    /// For `status`: whether the request is carried out before it is answered so.
    var accept: Bool?
    var milliseconds: Int?
    var copies: Int?
    var contentType: String?
    /// `delivered`, `undelivered` or `failed`, for `outcome`.
    var outcome: String?
    var errorCode: Int?

    enum CodingKeys: String, CodingKey {
        case id, match, times, rate, status, code, message, retryAfter, accept, milliseconds, copies, contentType
        case outcome, errorCode
        case action = "do"
    }

    /// - Throws: naming the field that the action lacks or that is out of range.
    func validate() throws(SandboxError) {
        if let rate, !(0...1).contains(rate) { throw SandboxError("rate must be 0 to 1") }
        if let times, times < 1 { throw SandboxError("times must be 1 or more") }
        switch action {
        case .latency, .delayCallbacks:
            guard let milliseconds, (0...600_000).contains(milliseconds) else {
                throw SandboxError("'\(action.rawValue)' needs milliseconds, 0 to 600000")
            }
        case .status:
            guard let status, (400...599).contains(status) else {
                throw SandboxError("'status' needs status, 400 to 599")
            }
        case .duplicateCallbacks:
            if let copies, !(2...10).contains(copies) { throw SandboxError("copies must be 2 to 10") }
        case .outcome:
            guard ["delivered", "undelivered", "failed"].contains(outcome) else {
                throw SandboxError("'outcome' needs outcome: delivered, undelivered or failed")
            }
        case .truncate, .dropBefore, .dropAfter, .killReused, .contentType, .reorderCallbacks, .noCallbacks: break
        }
    }
}

/// What the rules make of one request.
struct RequestVerdict: Sendable {
    enum Delivery: Sendable, Equatable {
        case normal
        /// Nothing is carried out, the connection closes.
        case dropBefore
        /// Carried out, then the connection closes without an answer.
        case dropAfter
        /// Half of the body, then the connection closes.
        case truncate
    }

    var latency: Duration = .zero
    var delivery = Delivery.normal
    var refusal: TwilioFault?
    var retryAfter: Int?
    var acceptsDespiteRefusal = false
    var contentType: String?
    /// For the request log.
    var rule: Int?
}

/// What the rules make of one callback.
struct CallbackFate: Sendable {
    var isSuppressed = false
    var isReordered = false
    var copies = 1
    var delay: Duration?
}

/// The rules in force, in the order of their making.
struct Misbehaviour: Sendable {
    private(set) var rules: [MisbehaviourRule] = []
    private var lastId = 0

    mutating func add(_ rule: MisbehaviourRule) -> MisbehaviourRule {
        var rule = rule
        lastId += 1
        rule.id = lastId
        rules.append(rule)
        return rule
    }

    mutating func removeAll() { rules.removeAll() }

    /// - Returns: whether there was such a rule.
    mutating func remove(id: Int) -> Bool {
        let before = rules.count
        rules.removeAll { $0.id == id }
        return rules.count < before
    }

    mutating func judge(
        _ request: SandboxRequest, isReused: Bool, using generator: inout SeededGenerator
    ) -> RequestVerdict {
        var verdict = RequestVerdict()
        guard !rules.isEmpty else { return verdict }
        let account = request.segments.count > 2 ? request.segments[2] : nil
        for index in rules.indices {
            let rule = rules[index]
            let match = rule.match
            guard match?.account.map({ $0 == account?.prefix(34) ?? "" }) ?? true,
                match?.method.map({ $0.uppercased() == request.method }) ?? true,
                match?.path.map({ request.path.contains($0) }) ?? true,
                match?.to.map({ $0 == request.parameter("To") }) ?? true,
                match?.from.map({ $0 == request.parameter("From") }) ?? true,
                rule.action != .killReused || isReused, rule.action.concernsRequests, use(index, using: &generator)
            else { continue }
            verdict.rule = rule.id
            switch rule.action {
            case .latency:
                verdict.latency += .milliseconds(rule.milliseconds ?? 0)
                continue
            case .status:
                verdict.refusal = .forStatus(rule.status ?? 500, code: rule.code, message: rule.message)
                verdict.retryAfter = rule.retryAfter
                verdict.acceptsDespiteRefusal = rule.accept ?? false
            case .dropBefore, .killReused: verdict.delivery = .dropBefore
            case .dropAfter: verdict.delivery = .dropAfter
            case .truncate: verdict.delivery = .truncate
            case .contentType: verdict.contentType = rule.contentType ?? "text/html"
            case .outcome, .duplicateCallbacks, .reorderCallbacks, .delayCallbacks, .noCallbacks: break
            }
            break
        }
        rules.removeAll { $0.times == 0 }
        return verdict
    }

    mutating func callbackFate(for subject: CallbackSubject, using generator: inout SeededGenerator) -> CallbackFate {
        var fate = CallbackFate()
        guard !rules.isEmpty else { return fate }
        for index in rules.indices where rules[index].matches(subject) {
            let rule = rules[index]
            switch rule.action {
            case .noCallbacks: if use(index, using: &generator) { fate.isSuppressed = true }
            case .reorderCallbacks: if use(index, using: &generator) { fate.isReordered = true }
            case .duplicateCallbacks: if use(index, using: &generator) { fate.copies = rule.copies ?? 2 }
            case .delayCallbacks:
                if use(index, using: &generator) { fate.delay = .milliseconds(rule.milliseconds ?? 0) }
            default: break
            }
        }
        rules.removeAll { $0.times == 0 }
        return fate
    }

    mutating func outcome(
        for subject: CallbackSubject, using generator: inout SeededGenerator
    ) -> MessageRecord.Outcome? {
        guard !rules.isEmpty else { return nil }
        defer { rules.removeAll { $0.times == 0 } }
        for index in rules.indices where rules[index].action == .outcome && rules[index].matches(subject) {
            guard use(index, using: &generator), let status = rules[index].outcome.flatMap(MessageRecord.Status.init)
            else { continue }
            let code = rules[index].errorCode
            return MessageRecord.Outcome(status: status, errorCode: status == .delivered ? nil : code ?? 30008)
        }
        return nil
    }

    /// Draws the rule's chance and counts its use.
    private mutating func use(_ index: Int, using generator: inout SeededGenerator) -> Bool {
        if rules[index].times == 0 { return false }
        if let rate = rules[index].rate, generator.chance() >= rate { return false }
        if let times = rules[index].times { rules[index].times = times - 1 }
        return true
    }
}

extension MisbehaviourRule.Action {
    var concernsRequests: Bool {
        switch self {
        case .latency, .status, .truncate, .dropBefore, .dropAfter, .killReused, .contentType: true
        case .outcome, .duplicateCallbacks, .reorderCallbacks, .delayCallbacks, .noCallbacks: false
        }
    }
}

extension MisbehaviourRule {
    func matches(_ subject: CallbackSubject) -> Bool {
        (match?.account.map { $0 == subject.accountSid } ?? true) && (match?.to.map { $0 == subject.to } ?? true)
            && (match?.from.map { $0 == subject.from } ?? true)
            && (match?.status.map { $0 == subject.status } ?? true)
    }
}
