import Foundation

/// Numbers as people write them at home: what E.164 number one most likely is.
package enum NationalNumber {
    /// The number that was most likely meant; `nil` when it cannot be told.
    ///
    /// Spaces, dots, hyphens, slashes and brackets are nothing. `+` or `00` begins an international number; anything
    /// else is read by the plan of `country` (ISO 3166-1 alpha-2), and only when its length fits that plan.
    package static func likely(_ text: String, in country: String?) -> E164? {
        var isInternational = false
        var digits = ""
        for character in text.unicodeScalars {
            switch character {
            case "0"..."9": digits.unicodeScalars.append(character)
            case "+" where digits.isEmpty && !isInternational: isInternational = true
            case " ", "\u{A0}", ".", "-", "/", "(", ")", "\u{2010}", "\u{2011}", "\u{2013}": continue
            default: return nil
            }
        }
        if !isInternational, digits.hasPrefix("00") {
            isInternational = true
            digits.removeFirst(2)
        }
        if isInternational {
            // "+44 (0)20 …": the zero is dialled at home only.
            if let zero = text.range(of: "(0)"), let plan = plans.values.first(where: { digits.hasPrefix($0.code) }),
                plan.trunk == "0", text[..<zero.lowerBound].filter(\.isNumber).hasSuffix(plan.code),
                digits.hasPrefix(plan.code + "0")
            {
                digits = plan.code + digits.dropFirst(plan.code.count + 1)
            }
            return E164("+" + digits)
        }
        guard let plan = country.flatMap({ plans[$0] }) else { return nil }
        var national = Substring(digits)
        if !plan.trunk.isEmpty, national.hasPrefix(plan.trunk) { national = national.dropFirst(plan.trunk.count) }
        guard plan.lengths.contains(national.count), plan.admits(national) else { return nil }
        return E164("+" + plan.code + national)
    }

    /// A country's numbering plan, as far as it tells whether a text can be one of its numbers.
    private struct Plan {
        let code: String
        /// Dialled before a number at home, and no part of it.
        let trunk: String
        /// Digits of a number without code and trunk prefix.
        let lengths: ClosedRange<Int>

        init(_ code: String, trunk: String = "0", _ lengths: ClosedRange<Int>) {
            self.code = code
            self.trunk = trunk
            self.lengths = lengths
        }

        /// North American areas and exchanges begin with 2 to 9.
        func admits(_ national: Substring) -> Bool {
            guard code == "1" else { return trunk.isEmpty || !national.hasPrefix("0") }
            let digits = Array(national.utf8)
            return digits[0] >= UInt8(ascii: "2") && digits[3] >= UInt8(ascii: "2")
        }
    }

    /// By ITU-T's national numbering plans; countries that are not here are not guessed.
    private static let plans: [String: Plan] = {
        var plans: [String: Plan] = [
            "GB": Plan("44", 9...10), "IE": Plan("353", 7...9), "DE": Plan("49", 7...11), "AT": Plan("43", 7...12),
            "CH": Plan("41", 9...9), "FR": Plan("33", 9...9), "BE": Plan("32", 8...9), "NL": Plan("31", 9...9),
            "LU": Plan("352", trunk: "", 6...9), "SE": Plan("46", 7...9), "FI": Plan("358", 6...10),
            "NO": Plan("47", trunk: "", 8...8), "DK": Plan("45", trunk: "", 8...8), "IS": Plan("354", trunk: "", 7...7),
            "ES": Plan("34", trunk: "", 9...9), "PT": Plan("351", trunk: "", 9...9),
            "IT": Plan("39", trunk: "", 8...11),
            "GR": Plan("30", trunk: "", 10...10), "PL": Plan("48", trunk: "", 9...9),
            "CZ": Plan("420", trunk: "", 9...9), "SK": Plan("421", 9...9), "RO": Plan("40", 9...9),
            "BG": Plan("359", 8...9), "HR": Plan("385", 8...9), "SI": Plan("386", 8...8),
            "EE": Plan("372", trunk: "", 7...8), "LV": Plan("371", trunk: "", 8...8), "TR": Plan("90", 10...10),
            "IL": Plan("972", 8...9), "AE": Plan("971", 8...9), "ZA": Plan("27", 9...9), "NG": Plan("234", 8...10),
            "KE": Plan("254", 9...9), "IN": Plan("91", 10...10), "SG": Plan("65", trunk: "", 8...8),
            "HK": Plan("852", trunk: "", 8...8), "JP": Plan("81", 9...10), "KR": Plan("82", 8...10),
            "PH": Plan("63", 9...10), "AU": Plan("61", 9...9), "NZ": Plan("64", 8...10),
            "MX": Plan("52", trunk: "", 10...10), "BR": Plan("55", 10...11), "CO": Plan("57", trunk: "", 10...10),
            "CL": Plan("56", trunk: "", 9...9),
        ]
        for country in ["US", "CA", "PR", "DO", "JM", "BS", "BB", "TT", "BM", "KY"] {
            plans[country] = Plan("1", trunk: "1", 10...10)
        }
        return plans
    }()
}
