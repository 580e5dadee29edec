/// What is known of a number without asking anybody: its country, how it is written there, what may be wrong with it.
struct NumberKnowledge: Sendable {
    enum Flaw: String, Sendable {
        case tooShort = "TOO_SHORT"
        case tooLong = "TOO_LONG"
        case possible = "INVALID_BUT_POSSIBLE"
        case countryCode = "INVALID_COUNTRY_CODE"
        case notANumber = "NOT_A_NUMBER"
    }

    /// As asked for, or E.164.
    let phoneNumber: String
    var callingCode: String?
    var country: String?
    var nationalFormat: String?
    var flaws: [Flaw] = []

    /// Calling code, country, and the fewest and most digits of a national number.
    private static let plans: [(code: String, country: String, lengths: ClosedRange<Int>)] = [
        ("1", "US", 10...10), ("44", "GB", 9...10), ("49", "DE", 6...11), ("33", "FR", 9...9), ("61", "AU", 9...9),
        ("39", "IT", 6...11), ("34", "ES", 9...9), ("52", "MX", 10...10), ("55", "BR", 10...11), ("91", "IN", 10...10),
        ("81", "JP", 9...10), ("31", "NL", 9...9), ("46", "SE", 7...9), ("41", "CH", 9...9), ("353", "IE", 7...9),
    ]

    /// - Parameter country: whose national numbers are meant when there is no `+`; nil: the United States.
    init(_ text: String, country wanted: String?) {
        let digits = text.filter { $0.isASCII && $0.isNumber }
        let isOther = text.contains { !($0.isASCII && $0.isNumber) && !"+ -.()".contains($0) }
        guard !isOther, !digits.isEmpty else {
            phoneNumber = text
            flaws = [.notANumber]
            return
        }
        let isInternational = text.hasPrefix("+")
        let wantedPlan = Self.plans.first {
            $0.country == (wanted ?? "US").uppercased() || $0.country == "US" && wanted == "CA"
        }
        let full: String
        if isInternational || wantedPlan == nil {
            full = digits
        } else if let code = wantedPlan?.code, digits.hasPrefix(code),
            !(wantedPlan?.lengths.contains(digits.count) ?? false)
        {
            full = digits
        } else {
            full = (wantedPlan?.code ?? "") + digits.drop { $0 == "0" }
        }
        phoneNumber = "+" + full
        guard let plan = Self.plans.first(where: { full.hasPrefix($0.code) }) else {
            flaws = [.countryCode]
            return
        }
        let national = full.dropFirst(plan.code.count)
        if national.count < plan.lengths.lowerBound {
            flaws = [.tooShort]
        } else if national.count > plan.lengths.upperBound {
            flaws = [.tooLong]
        } else if plan.code == "1", PhoneNumber.normalized(phoneNumber) == nil {
            flaws = [.possible]
        } else {
            callingCode = plan.code
            country = NumberInventory.area(ofNumber: phoneNumber)?.country ?? plan.country
            nationalFormat = plan.code == "1" ? NumberRecord.nationalFormat(phoneNumber) : "0" + national
        }
    }

    /// `mobile`, `landline` or `tollFree`: in the sandbox numbers that end in 9 are landlines.
    var lineType: String {
        if NumberInventory.area(ofNumber: phoneNumber)?.isTollFree ?? false { return "tollFree" }
        return phoneNumber.hasSuffix("9") ? "landline" : "mobile"
    }
}
