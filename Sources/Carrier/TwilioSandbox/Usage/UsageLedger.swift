import FoundationEssentials

/// Something that was used and is to be paid.
struct UsageEntry: Sendable {
    /// A leaf of the tree of categories.
    let category: String
    let count: Int
    let usage: Int
    /// In units of ``Money``, positive.
    let price: Int
}

/// What an account used, by day and category.
struct UsageLedger: Sendable {
    struct Tally: Sendable {
        var count = 0
        var usage = 0
        var price = 0

        static func += (left: inout Tally, right: Tally) {
            left.count += right.count
            left.usage += right.usage
            left.price += right.price
        }
    }

    /// Days since 1970, by leaf.
    private(set) var days: [Int: [String: Tally]] = [:]

    mutating func note(_ entry: UsageEntry, at instant: Date) {
        days[UsageLedger.day(instant), default: [:]][entry.category, default: Tally()] +=
            Tally(count: entry.count, usage: entry.usage, price: entry.price)
    }

    static func day(_ instant: Date) -> Int { Int((instant.timeIntervalSince1970 / 86_400).rounded(.down)) }

    /// The sum of a category, which is that of its leaves, over days.
    func tally(_ category: UsageCategory, days range: ClosedRange<Int>) -> Tally {
        var sum = Tally()
        for (day, leaves) in days where range.contains(day) {
            for (leaf, tally) in leaves where category.contains(leaf) { sum += tally }
        }
        return sum
    }
}

/// A category of usage records. A parent's record is the sum of its leaves.
struct UsageCategory: Sendable {
    let name: String
    let description: String
    let countUnit: String
    let usageUnit: String
    /// How the names of its leaves begin.
    private let leaves: [String]

    func contains(_ leaf: String) -> Bool { leaves.contains { leaf.hasPrefix($0) } }

    private init(_ name: String, _ description: String, _ unit: String, usage: String? = nil, leaves: [String]? = nil) {
        self.name = name
        self.description = description
        countUnit = unit
        usageUnit = usage ?? unit
        self.leaves = leaves ?? [name]
    }

    static let all: [UsageCategory] = [
        UsageCategory("calls", "Voice Minutes", "calls", usage: "minutes"),
        UsageCategory("calls-inbound", "Inbound Voice Minutes", "calls", usage: "minutes"),
        UsageCategory("calls-inbound-local", "Inbound Local Calls", "calls", usage: "minutes"),
        UsageCategory("calls-inbound-tollfree", "Inbound Toll Free Calls", "calls", usage: "minutes"),
        UsageCategory("calls-outbound", "Outbound Voice Minutes", "calls", usage: "minutes"),
        UsageCategory("lookups", "Lookups", "lookups"),
        UsageCategory("mms", "MMS", "messages"),
        UsageCategory("mms-inbound", "Inbound MMS", "messages"),
        UsageCategory("mms-inbound-longcode", "Inbound Long Code MMS", "messages"),
        UsageCategory("mms-inbound-shortcode", "Inbound Short Code MMS", "messages"),
        UsageCategory("mms-outbound", "Outbound MMS", "messages"),
        UsageCategory("mms-outbound-longcode", "Outbound Long Code MMS", "messages"),
        UsageCategory("mms-outbound-shortcode", "Outbound Short Code MMS", "messages"),
        UsageCategory("phonenumbers", "Phone Numbers", "numbers"),
        UsageCategory("phonenumbers-local", "Local PhoneNumbers", "numbers"),
        UsageCategory("phonenumbers-tollfree", "Toll Free Phone Numbers", "numbers"),
        UsageCategory("recordings", "Recordings", "recordings", usage: "minutes"),
        UsageCategory("sms", "SMS", "messages", usage: "segments"),
        UsageCategory("sms-inbound", "Inbound SMS", "messages", usage: "segments"),
        UsageCategory("sms-inbound-longcode", "Inbound Long Code SMS", "messages", usage: "segments"),
        UsageCategory("sms-inbound-shortcode", "Inbound Short Code SMS", "messages", usage: "segments"),
        UsageCategory("sms-outbound", "Outbound SMS", "messages", usage: "segments"),
        UsageCategory("sms-outbound-longcode", "Outbound Long Code SMS", "messages", usage: "segments"),
        UsageCategory("sms-outbound-shortcode", "Outbound Short Code SMS", "messages", usage: "segments"),
        UsageCategory("totalprice", "Total Price", "", usage: "usd", leaves: [""]),
        UsageCategory("transcriptions", "Transcriptions", "transcriptions", usage: "minutes"),
        UsageCategory("verify-push", "Verify Push", "verifications"),
        UsageCategory("authy-sms-outbound", "Verification SMS", "messages"),
        UsageCategory("authy-calls-outbound", "Verification Calls", "calls", usage: "minutes"),
    ]

    static func named(_ name: String) -> UsageCategory? { all.first { $0.name == name } }
}

extension CarrierState {
    /// Notes what was used, takes its price from the balance (a subaccount's from its owner's), and fires triggers.
    mutating func charge(_ entry: UsageEntry, account: Int, at instant: Date) {
        accounts[accounts[account].owner ?? account].balance.units -= entry.price
        accounts[account].usage.note(entry, at: instant)
        if !accounts[account].triggers.records.isEmpty { fireTriggers(account: account, at: instant) }
    }
}
