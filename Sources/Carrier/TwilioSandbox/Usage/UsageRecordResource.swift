import FoundationEssentials

/// `/Accounts/{Sid}/Usage/Records` and its seven cuts of time.
enum UsageRecordResource {
    /// What one row of the answer covers.
    private enum Cut: String, CaseIterable {
        case all = ""
        case allTime = "/AllTime"
        case daily = "/Daily"
        case lastMonth = "/LastMonth"
        case monthly = "/Monthly"
        case thisMonth = "/ThisMonth"
        case today = "/Today"
        case yearly = "/Yearly"
        case yesterday = "/Yesterday"
    }

    static let routes: [Route] = Cut.allCases.map { cut in
        .get("\(Route.account)/Usage/Records\(cut.rawValue).json") { (state, call) throws(TwilioFault) in
            try list(state, call, cut)
        }
    }

    private struct Row {
        let category: UsageCategory
        let days: ClosedRange<Int>
    }

    private static func list(_ state: CarrierState, _ call: RouteCall, _ cut: Cut) throws(TwilioFault)
        -> SandboxAnswer
    {
        let today = UsageLedger.day(state.clock.now)
        let wanted = call.query["Category"]
        let categories = UsageCategory.all.filter { wanted == nil || wanted == $0.name }
        if let wanted, categories.isEmpty {
            throw TwilioFault(20001, "Invalid Category: '\(wanted)' is none that is known")
        }
        // Messages of the past may be older than the account.
        let oldest = state.accounts[call.account].usage.days.keys.min() ?? today
        let birth = min(oldest, UsageLedger.day(state.accounts[call.account].dateCreated))
        let start = try day(call.query["StartDate"], "StartDate", today: today) ?? min(birth, today)
        let end = try day(call.query["EndDate"], "EndDate", today: today) ?? today
        let ranges = start <= end ? ranges(cut, start...end, today: today) : []
        let rows = ranges.flatMap { range in categories.map { Row(category: $0, days: range) } }
        var members = [call.account]
        if call.query["IncludeSubaccounts"]?.lowercased() != "false" {
            members += state.accounts.indices.filter { state.accounts[$0].owner == call.account }
        }
        return try call.page().answer(
            "usage_records", of: rows, id: { "\($0.category.name).\($0.days.lowerBound)" },
            render: { json($0, members: members, state, call) })
    }

    /// `YYYY-MM-DD`, or `-30days`.
    private static func day(_ text: String?, _ name: String, today: Int) throws(TwilioFault) -> Int? {
        guard let text, !text.isEmpty else { return nil }
        if text.hasSuffix("days"), let offset = Int(text.dropLast(4)) { return today + offset }
        guard case .day(let start) = TwilioDate.filterValue(text) else {
            throw TwilioFault(20001, "Invalid \(name): expected YYYY-MM-DD or an offset such as -30days")
        }
        return UsageLedger.day(start)
    }

    private static func ranges(_ cut: Cut, _ span: ClosedRange<Int>, today: Int) -> [ClosedRange<Int>] {
        let month = TwilioDate.monthStart(today)
        switch cut {
        case .all, .allTime: return [span]
        case .daily: return span.reversed().map { $0...$0 }
        case .today: return [today...today]
        case .yesterday: return [(today - 1)...(today - 1)]
        case .thisMonth: return [month...today]
        case .lastMonth: return [TwilioDate.monthStart(month - 1)...(month - 1)]
        case .monthly: return pieces(span, TwilioDate.monthStart)
        case .yearly: return pieces(span, TwilioDate.yearStart)
        }
    }

    /// A span cut where months or years begin, newest first.
    private static func pieces(_ span: ClosedRange<Int>, _ start: (Int) -> Int) -> [ClosedRange<Int>] {
        var found: [ClosedRange<Int>] = []
        var end = span.upperBound
        while end >= span.lowerBound {
            let first = max(span.lowerBound, start(end))
            found.append(first...end)
            end = first - 1
        }
        return found
    }

    private static func json(_ row: Row, members: [Int], _ state: CarrierState, _ call: RouteCall) -> JSON {
        let account = state.accounts[call.account]
        var tally = UsageLedger.Tally()
        for member in members { tally += state.accounts[member].usage.tally(row.category, days: row.days) }
        let records = "\(account.uri)/Usage/Records"
        let name = row.category.name
        func date(_ day: Int) -> String { TwilioDate.day(Date(timeIntervalSince1970: Double(day * 86_400))) }
        let cuts = [
            ("all_time", "AllTime"), ("daily", "Daily"), ("last_month", "LastMonth"), ("monthly", "Monthly"),
            ("this_month", "ThisMonth"), ("today", "Today"), ("yearly", "Yearly"), ("yesterday", "Yesterday"),
        ]
        let price = Money(units: tally.price).price
        let isTotal = name == "totalprice"
        return [
            "account_sid": .string(account.sid), "api_version": "2010-04-01",
            "as_of": .string(TwilioDate.iso8601(state.clock.now).replacing("Z", with: "+00:00")),
            "category": .string(name), "count": .string(isTotal ? "" : String(tally.count)),
            "count_unit": .string(row.category.countUnit), "description": .string(row.category.description),
            "end_date": .string(date(row.days.upperBound)), "price": .string(price), "price_unit": "usd",
            "start_date": .string(date(row.days.lowerBound)),
            "subresource_uris": .object(cuts.map { ($0.0, .string("\(records)/\($0.1).json?Category=\(name)")) }),
            "uri": .string(
                "\(records).json?Category=\(name)&StartDate=\(date(row.days.lowerBound))"
                    + "&EndDate=\(date(row.days.upperBound))"),
            "usage": .string(isTotal ? price : String(tally.usage)), "usage_unit": .string(row.category.usageUnit),
        ]
    }
}
