import Foundation
import GraphQL
import OrderedCollections
import QueryEngine

/// `UpdateSettingsInput`: each field that was given, checked, or why not.
enum SettingsInput {
    struct Refusal: Error {
        let errors: [UserError]
    }

    static func check(
        _ input: OrderedDictionary<String, JSONValue>
    ) -> Result<OrderedDictionary<String, JSONValue>, Refusal> {
        let errors = input.compactMap { name, value in value.isNull ? nil : checks[name]?(name, value) }
        return errors.isEmpty ? .success(input) : .failure(Refusal(errors: errors))
    }

    /// What is wrong with the value of a field; `nil` for nothing.
    typealias Check = @Sendable (_ field: String, JSONValue) -> UserError?

    private static let checks: [String: Check] = [
        "defaultCountry": country, "optOutReply": text, "optInReply": text, "helpReply": text, "stopWords": words,
        "startWords": words, "helpWords": words, "frontDeskPhone": phone, "registrationUrl": address,
        "timeZone": timeZone, "officeHours": hours, "unknownSenderReply": text, "optedOutReply": text,
        "outsideHoursReply": text, "mediaReply": text, "quietHours": quietHours, "retentionDays": days,
    ]

    private static let phone: Check = { field, value in
        let digits = Array((value.stringValue ?? "").utf8)
        let isNumber =
            (9...16).contains(digits.count) && digits[0] == UInt8(ascii: "+") && digits[1] != UInt8(ascii: "0")
            && digits.dropFirst().allSatisfy { (0x30...0x39).contains($0) }
        return isNumber
            ? nil
            : UserError(
                code: "INVALID_PHONE",
                message: "Expected a number in E.164 form: \"+\", the country code and the number, 8 to 15 digits "
                    + "without spaces, such as +14155550123.", field: [field])
    }

    private static let address: Check = { field, value in
        let text = value.stringValue ?? ""
        let isAddress =
            text.hasPrefix("https://") && (9...300).contains(text.unicodeScalars.count)
            && text.unicodeScalars.allSatisfy { $0.isASCII && $0.value > 0x20 && $0.value < 0x7F }
        return isAddress
            ? nil
            : UserError(
                code: "INVALID_URL", message: "Expected an address that begins with https://, up to 300 characters.",
                field: [field])
    }

    private static let timeZone: Check = { field, value in
        let name = value.stringValue ?? ""
        let isZone =
            name == "UTC" || (name.contains("/") && !name.utf8.contains(0) && TimeZone(identifier: name) != nil)
        return isZone
            ? nil
            : UserError(
                code: "INVALID_TIME_ZONE", message: "Expected an IANA time zone such as America/New_York, or UTC.",
                field: [field])
    }

    private static let days: Check = { field, value in
        (1...3_650).contains(value.intValue ?? 0)
            ? nil
            : UserError(
                code: "INVALID_DAYS", message: "Expected 1 to 3,650 days, or null to keep messages for good.",
                field: [field])
    }

    private static let hours: Check = { field, value in
        let lines = value.arrayValue?.compactMap(\.stringValue) ?? []
        if lines.count <= 28, lines.allSatisfy(OfficeHours.isLine) { return nil }
        return UserError(
            code: "INVALID_HOURS",
            message:
                "Expected at most 28 lines such as \"MON 09:00-17:30\": a day of three capital letters, and from when "
                + "until when.", field: [field])
    }

    private static let quietHours: Check = { field, value in
        let from = value["from"]?.stringValue ?? ""
        let until = value["until"]?.stringValue ?? ""
        if from != until, isTimeOfDay(from), isTimeOfDay(until) { return nil }
        return UserError(
            code: "INVALID_QUIET_HOURS",
            message: "Expected two different times of the day, such as from 21:00 until 08:00.", field: [field])
    }

    /// `HH:MM`, as the CHECKs on `organization_settings` have it.
    private static func isTimeOfDay(_ text: String) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2,
            parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let hour = Int(parts[0]), let minute = Int(parts[1])
        else { return false }
        return hour < 24 && minute < 60
    }

    private static let country: Check = { field, value in
        let country = value.stringValue ?? ""
        let isCode = country.utf8.count == 2 && country.utf8.allSatisfy { (0x41...0x5A).contains($0) }
        return isCode
            ? nil
            : UserError(
                code: "INVALID_COUNTRY",
                message: "Expected a country's two capital letters by ISO 3166-1, such as US or GB.", field: [field])
    }

    private static let text: Check = { field, value in
        let text = value.stringValue ?? ""
        if (1...ReplyText.longestChosen).contains(text.utf16.count), !text.allSatisfy(\.isWhitespace),
            !text.utf8.contains(0)
        {
            return nil
        }
        return UserError(
            code: "INVALID_TEXT", message: "Expected 1 to 1,000 characters, or null for the usual text.",
            field: [field])
    }

    private static let words: Check = { field, value in
        let words = value.arrayValue?.compactMap(\.stringValue) ?? []
        let areFit = words.allSatisfy { word in
            (1...100).contains(word.unicodeScalars.count) && word.contains { $0.isLetter || $0.isNumber }
                && word.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        }
        if areFit, words.count <= 100 { return nil }
        return UserError(
            code: "INVALID_WORDS",
            message: "Expected at most 100 wordings of 1 to 100 characters each, on one line and with a letter in it.",
            field: [field])
    }
}
