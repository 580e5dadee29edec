/// US dollars in steps of 0.00001, the finest that Twilio's prices use.
struct Money: Sendable, Equatable {
    var units: Int

    init(units: Int) { self.units = units }

    init?(_ text: String) {
        let negative = text.hasPrefix("-")
        let parts = text.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let whole = Int(parts[0]), whole >= 0 else { return nil }
        var fraction = 0
        if parts.count == 2 {
            guard (1...5).contains(parts[1].count), let digits = Int(parts[1]), digits >= 0 else { return nil }
            fraction = (0..<(5 - parts[1].count)).reduce(digits) { value, _ in value * 10 }
        }
        units = (negative ? -1 : 1) * (whole * 100_000 + fraction)
    }

    /// Five decimals, as prices have them: `-0.00790`.
    var price: String {
        let fraction = String(abs(units) % 100_000)
        let zeros = String(repeating: "0", count: 5 - fraction.utf8.count)
        return (units < 0 ? "-" : "") + "\(abs(units) / 100_000).\(zeros)\(fraction)"
    }

    /// Two to five decimals, as a balance has them: `99.9921`, `100.00`.
    var text: String {
        var text = price
        while text.hasSuffix("0"), text.split(separator: ".").last?.count ?? 0 > 2 { text.removeLast() }
        return text
    }
}
