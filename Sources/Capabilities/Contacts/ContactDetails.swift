import Foundation
import GraphQL
import OrderedCollections
import QueryEngine

/// What may be said of a contact beside its number, checked.
struct ContactDetails {
    static let noSuchContact = UserError(
        code: "NOT_FOUND", message: "There is no such contact; `contacts` lists those there are.", field: ["id"])

    /// The most tags of one request.
    static let mostTags = 20
    /// The most tags of one contact; the CHECK on `contacts.tags` agrees.
    static let mostTagsOfOne = 100

    let name: String?
    let timeZone: String?
    let tags: [String]

    /// Of an input with `name`, `timeZone` and `tags`; what is left out is nil or empty.
    /// - Throws: everything that is wrong with it.
    init(_ input: OrderedDictionary<String, JSONValue>) throws(Refusal) {
        name = input["name"]?.stringValue
        timeZone = input["timeZone"]?.stringValue
        var errors = [name.flatMap(Self.nameError), timeZone.flatMap(Self.timeZoneError)].compactMap(\.self)
        switch Self.tags(input["tags"]?.arrayValue?.compactMap(\.stringValue) ?? []) {
        case .success(let kept): tags = kept
        case .failure(let refusal):
            tags = []
            errors.append(refusal.error)
        }
        guard errors.isEmpty else { throw Refusal(errors: errors) }
    }

    struct Refusal: Error {
        let errors: [UserError]
    }

    static func nameError(_ name: String) -> UserError? {
        if (1...200).contains(name.unicodeScalars.count), !name.utf8.contains(0) { return nil }
        return UserError(
            code: "INVALID_NAME", message: "Expected 1 to 200 characters, or no name at all.", field: ["name"])
    }

    static func timeZoneError(_ name: String) -> UserError? {
        if isTimeZone(name) { return nil }
        return UserError(
            code: "INVALID_TIME_ZONE", message: "Expected an IANA time zone such as America/New_York, or UTC.",
            field: ["timeZone"])
    }

    /// `Area/Place` or `UTC`: abbreviations and offsets mean different things to different people.
    private static func isTimeZone(_ name: String) -> Bool {
        name == "UTC" || (name.contains("/") && !name.utf8.contains(0) && TimeZone(identifier: name) != nil)
    }

    /// As tags are kept: without space around, in lower case, each once, in order; or why not.
    static func tags(_ given: [String], field: [String] = ["tags"]) -> Result<[String], TagRefusal> {
        var tags: Set<String> = []
        for tag in given {
            let kept = tag.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
            guard (1...50).contains(kept.unicodeScalars.count),
                kept.unicodeScalars.allSatisfy({
                    $0.properties.generalCategory != .control && !"|;,".contains(Character($0))
                })
            else {
                return .failure(
                    TagRefusal(
                        error: UserError(
                            code: "INVALID_TAG",
                            message: "Expected tags of 1 to 50 characters, without commas, semicolons and bars.",
                            field: field)))
            }
            tags.insert(kept)
        }
        guard tags.count <= mostTags else {
            return .failure(
                TagRefusal(
                    error: UserError(
                        code: "TOO_MANY_TAGS", message: "Expected at most \(mostTags) tags; these are \(tags.count).",
                        field: field)))
        }
        return .success(tags.sorted())
    }

    struct TagRefusal: Error {
        let error: UserError
    }

    static let tooManyOfOne = UserError(
        code: "TOO_MANY_TAGS",
        message: "A contact has at most \(mostTagsOfOne) tags; take some away with removeContactTags.",
        field: ["tags"])
}
