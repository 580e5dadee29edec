import FoundationEssentials

/// `/Accounts/{Sid}/Usage/Triggers`: a callback when a category's usage reaches a value, once or in each period.
enum UsageTriggerResource {
    static let routes: [Route] = [
        .get("\(Route.account)/Usage/Triggers.json", list),
        .post("\(Route.account)/Usage/Triggers.json", create),
        .get("\(Route.account)/Usage/Triggers/{Sid}.json", fetch),
        .post("\(Route.account)/Usage/Triggers/{Sid}.json", update),
        .delete("\(Route.account)/Usage/Triggers/{Sid}.json", delete),
    ]

    private static let fields: [Field] = [
        Field("callback_url", "CallbackUrl", .url, isRequired: true),
        Field("callback_method", "CallbackMethod", .method, initial: "POST"),
        Field("friendly_name", "FriendlyName", .text(0...64)),
        Field(
            "recurring", "Recurring", .choice(["daily", "monthly", "yearly", "alltime"]), isMutable: false),
        Field("trigger_by", "TriggerBy", .choice(["count", "usage", "price"]), initial: "usage", isMutable: false),
        Field("trigger_value", "TriggerValue", isRequired: true, isMutable: false),
        Field("usage_category", "UsageCategory", isRequired: true, isMutable: false),
    ]

    private static func list(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        func same(_ parameter: String, _ text: String) -> Bool { call.query[parameter].map { $0 == text } ?? true }
        return try call.page().answer(
            "usage_triggers", of: state.accounts[call.account].triggers,
            where: { trigger in
                same("Recurring", trigger.text("recurring")) && same("TriggerBy", trigger.text("trigger_by"))
                    && same("UsageCategory", trigger.text("usage_category"))
            }, render: { json($0, state, call) })
    }

    /// A value that begins with `+` counts from what is used now.
    private static func create(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        var record = try Document(
            sid: Sid.make("UT", using: &state.generator), fields: fields, call.form, now: state.clock.now)
        guard UsageCategory.named(record.text("usage_category")) != nil else {
            throw TwilioFault(20001, "Invalid UsageCategory: '\(record.text("usage_category"))' is none that is known")
        }
        let value = record.text("trigger_value")
        guard let number = Double(value.hasPrefix("+") ? String(value.dropFirst()) : value), number.isFinite else {
            throw TwilioFault(20001, "Invalid TriggerValue: expected a number, perhaps after +, not '\(value)'")
        }
        if value.hasPrefix("+") {
            let current = state.currentValue(of: record, account: call.account, at: state.clock.now)
            record["trigger_value"] = .string(UsageTriggerResource.text(current + number))
        }
        state.accounts[call.account].triggers.append(record)
        return .json(201, json(record, state, call))
    }

    private static func fetch(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard let record = state.accounts[call.account].triggers[call.sid] else { throw call.notFound }
        return .json(200, json(record, state, call))
    }

    private static func update(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let now = state.clock.now
        let found = try state.accounts[call.account].triggers.update(call.sid) { record throws(TwilioFault) in
            try record.update(fields, call.form, now: now)
        }
        guard found else { throw call.notFound }
        return try fetch(&state, call)
    }

    private static func delete(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard state.accounts[call.account].triggers.remove(call.sid) != nil else { throw call.notFound }
        return .noContent
    }

    /// Without a fraction where there is none.
    static func text(_ value: Double) -> String {
        guard value != value.rounded(), abs(value) < 1e12 else { return String(Int(value)) }
        return Money(units: Int((value * 100_000).rounded())).text
    }

    private static func json(_ record: Document, _ state: CarrierState, _ call: RouteCall) -> JSON {
        let account = state.accounts[call.account]
        let current = state.currentValue(of: record, account: call.account, at: state.clock.now)
        return .object(
            [
                ("account_sid", .string(account.sid)), ("api_version", "2010-04-01"),
                ("current_value", .string(text(current))),
                ("date_created", .string(TwilioDate.rfc2822(record.dateCreated))),
                ("date_updated", .string(TwilioDate.rfc2822(record.dateUpdated))),
                ("date_fired", record["date_fired"]), ("sid", .string(record.sid)),
                ("uri", .string("\(account.uri)/Usage/Triggers/\(record.sid).json")),
                (
                    "usage_record_uri",
                    .string("\(account.uri)/Usage/Records.json?Category=\(record.text("usage_category"))")
                ),
            ]
                + record.values.filter { !["date_fired", "fired_in"].contains($0.name) }.map { ($0.name, $0.value) })
    }
}

extension CarrierState {
    /// The first day of the period that a trigger counts in.
    private func periodStart(_ recurring: String, at instant: Date) -> Int {
        let today = UsageLedger.day(instant)
        return switch recurring {
        case "daily": today
        case "monthly": TwilioDate.monthStart(today)
        case "yearly": TwilioDate.yearStart(today)
        default: 0
        }
    }

    func currentValue(of trigger: Document, account: Int, at instant: Date) -> Double {
        guard let category = UsageCategory.named(trigger.text("usage_category")) else { return 0 }
        let start = periodStart(trigger.text("recurring"), at: instant)
        let tally = accounts[account].usage.tally(category, days: start...max(start, UsageLedger.day(instant)))
        return switch trigger.text("trigger_by") {
        case "count": Double(tally.count)
        case "price": Double(tally.price) / 100_000
        default: Double(tally.usage)
        }
    }

    /// Calls back for each trigger that has reached its value and has not fired in this period.
    mutating func fireTriggers(account: Int, at instant: Date) {
        for trigger in accounts[account].triggers.live {
            let period = periodStart(trigger.text("recurring"), at: instant)
            guard trigger["fired_in"].number != period, let value = Double(trigger.text("trigger_value")) else {
                continue
            }
            let current = currentValue(of: trigger, account: account, at: instant)
            guard current >= value else { continue }
            accounts[account].triggers.update(trigger.sid) { record in
                record["fired_in"] = .int(period)
                record["date_fired"] = .string(TwilioDate.rfc2822(instant))
            }
            let uri = "\(accounts[account].uri)/Usage/Records.json?Category=\(trigger.text("usage_category"))"
            notify(
                account: account, about: trigger.sid, event: "usage-trigger", url: trigger.text("callback_url"),
                method: trigger.text("callback_method"),
                Parameters([
                    ("AccountSid", accounts[account].sid), ("UsageTriggerSid", trigger.sid),
                    ("UsageCategory", trigger.text("usage_category")), ("Recurring", trigger.text("recurring")),
                    ("TriggerBy", trigger.text("trigger_by")), ("TriggerValue", trigger.text("trigger_value")),
                    ("CurrentValue", UsageTriggerResource.text(current)),
                    ("DateFired", TwilioDate.rfc2822(instant)), ("UsageRecordUri", uri),
                    ("IdempotencyToken", makeIdempotencyToken()),
                ]))
        }
    }
}
