import Contacts
import Foundation
import GraphQL
import OrderedCollections
import QueryEngine

/// `SendBulkMessageInput`, checked as far as it can be without the database.
struct SendBulkMessageInput: Sendable {
    /// To whom, column by column as the insert takes it. '' is none.
    struct List: Sendable {
        var phones: [String] = []
        var contacts: [String] = []
        var variables: [String] = []
        var codes: [String] = []
        var reasons: [String] = []
    }

    struct Filter: Sendable {
        let nameStartsWith: String?
        let phoneStartsWith: String?
        let createdAfter: String?
        let createdBefore: String?
    }

    enum Recipients: Sendable {
        case list(List)
        case filter(Filter)
    }

    let body: String
    let recipients: Recipients
    let variables: OrderedDictionary<String, JSONValue>
    let from: E164?
    let credentialID: UUID?
    let when: WhenToSend?
    let ignoresQuietHours: Bool
    let validFor: Int
    let idempotencyKey: String?
    let fingerprint: String

    static let longestList = 10_000

    static func parse(_ input: OrderedDictionary<String, JSONValue>) -> Result<SendBulkMessageInput, Refusal> {
        var errors: [UserError] = []
        let body = input["body"]?.stringValue ?? ""
        if let problem = SendMessageInput.problem(withBody: body) { errors.append(problem) }
        let variables = input["variables"] ?? .null
        if !variables.isNull, variables.objectValue == nil {
            errors.append(Self.notAnObject(["variables"]))
        }
        let text = MessageText(body)
        let recipients = Self.recipients(input, text, shared: variables.objectValue ?? [:], into: &errors)
        var from: E164?
        if let given = input["from"]?.stringValue {
            from = E164(given)
            if from == nil {
                errors.append(UserError(code: "INVALID_PHONE", message: E164.expectation, field: ["from"]))
            }
        }
        var credentialID: UUID?
        if let given = input["credentialId"]?.stringValue {
            credentialID = OpaqueID.decode(given, prefix: "cred")
            if credentialID == nil { errors.append(Refusal.noSuchCredential) }
        }
        let when = WhenToSend.parse(input, into: &errors)
        let key = input["idempotencyKey"]?.stringValue
        if let problem = IdempotencyClaim.problem(with: key) { errors.append(problem) }
        let validFor = SendMessageInput.validity(input, into: &errors)
        guard let recipients, errors.isEmpty else { return .failure(Refusal(errors: errors)) }
        let whole = JSONValue.object(input.filter { $0.key != "idempotencyKey" })
        return .success(
            SendBulkMessageInput(
                body: body, recipients: recipients, variables: variables.objectValue ?? [:], from: from,
                credentialID: credentialID, when: when,
                ignoresQuietHours: input["ignoreQuietHours"]?.boolValue ?? false,
                validFor: validFor, idempotencyKey: key,
                fingerprint: String(decoding: whole.bytes, as: UTF8.self)))
    }

    private static func notAnObject(_ field: [String]) -> UserError {
        UserError(
            code: "INVALID_VARIABLES",
            message: "Expected an object of texts and numbers, such as {\"day\": \"Monday\"}.",
            field: field)
    }

    private static func recipients(
        _ input: OrderedDictionary<String, JSONValue>, _ text: MessageText,
        shared: OrderedDictionary<String, JSONValue>, into errors: inout [UserError]
    ) -> Recipients? {
        let list = input["recipients"]?.arrayValue
        let filter = input["filter"]?.objectValue
        switch (list, filter) {
        case (nil, nil), (.some, .some):
            errors.append(
                UserError(
                    code: "INVALID_RECIPIENTS", message: "Expected either `recipients` or `filter`.",
                    field: ["recipients"]))
            return nil
        case (let list?, nil):
            guard (1...longestList).contains(list.count) else {
                errors.append(
                    UserError(
                        code: "INVALID_RECIPIENTS",
                        message:
                            "Expected 1 to 10,000 recipients; these are \(list.count). Send more as several bulks, or "
                            + "by a filter.",
                        field: ["recipients"]))
                return nil
            }
            return .list(Self.list(list, text, shared: shared, into: &errors))
        case (nil, let filter?):
            return .filter(
                Filter(
                    nameStartsWith: filter["nameStartsWith"]?.stringValue,
                    phoneStartsWith: filter["phoneStartsWith"]?.stringValue,
                    createdAfter: filter["createdAfter"]?.stringValue,
                    createdBefore: filter["createdBefore"]?.stringValue))
        }
    }

    /// One that cannot be texted is refused for itself; a variable that nobody has is refused for all.
    private static func list(
        _ given: [JSONValue], _ text: MessageText, shared: OrderedDictionary<String, JSONValue>,
        into errors: inout [UserError]
    ) -> List {
        var list = List()
        var lacking = Set(text.variables.filter { shared[$0] == nil && !BulkText.fromContact.contains($0) })
        for recipient in given {
            let phone = recipient["to"]?.stringValue ?? ""
            let contact = recipient["contactId"]?.stringValue
            let id = contact.flatMap { OpaqueID.decode($0, prefix: "con") }
            let variables = recipient["variables"] ?? .null
            var refusal: (String, String)?
            if contact == nil, E164(phone) == nil {
                refusal = ("INVALID_PHONE", E164.expectation)
            } else if contact != nil, id == nil {
                refusal = ("NOT_FOUND", "There is no such contact; `contacts` lists those there are.")
            } else if !variables.isNull, variables.objectValue == nil {
                refusal = ("INVALID_VARIABLES", notAnObject([]).message)
            }
            lacking = lacking.filter { variables[$0] == nil }
            list.phones.append(String(phone.replacing("\u{0}", with: "").prefix(255)))
            list.contacts.append(id.map { $0.uuidString } ?? "")
            list.variables.append(
                variables.isNull || refusal != nil ? "" : String(decoding: variables.bytes, as: UTF8.self))
            list.codes.append(refusal?.0 ?? "")
            list.reasons.append(refusal?.1 ?? "")
        }
        for name in text.variables where lacking.contains(name) {
            errors.append(
                UserError(
                    code: "MISSING_VARIABLE",
                    message: "The text asks for {\(name)}, which no recipient has; give it in `variables`, or each "
                        + "recipient its own.",
                    field: ["body"]))
        }
        return list
    }
}

/// A bulk's text for one recipient.
enum BulkText {
    /// What a contact itself gives where no variable does.
    static let fromContact: Set = ["name", "phone"]

    static func value(
        _ name: String, own: JSONValue?, shared: JSONValue, contactName: String?, phone: String
    ) -> String? {
        for value in [own?[name], shared[name]] {
            switch value {
            case .string(let text): return text
            case .int(let number): return String(number)
            case .number(let digits): return digits
            case .bool(let flag): return flag ? "true" : "false"
            default: continue
            }
        }
        switch name {
        case "name": return contactName
        case "phone": return phone
        default: return nil
        }
    }
}
