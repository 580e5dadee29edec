import Contacts
import Foundation
import GraphQL
import OrderedCollections
import QueryEngine
import Templates
import Twilio

/// `SendBulkMessageInput`, checked as far as it can be without the database.
struct SendBulkMessageInput: Sendable {
    /// To whom, column by column as the insert takes it. '' is none.
    struct List: Sendable {
        var phones: [String] = []
        var contacts: [String] = []
        var variables: [String] = []
        var codes: [String] = []
        var reasons: [String] = []
        /// The names of values that not every recipient lacks.
        var names: Set<String> = []
    }

    struct Filter: Sendable {
        let nameStartsWith: String?
        let phoneStartsWith: String?
        let tag: String?
        let createdAfter: String?
        let createdBefore: String?
    }

    enum Recipients: Sendable {
        case list(List)
        case filter(Filter)
    }

    /// Empty where a template is to be read.
    let body: String
    let template: UUID?
    /// The files that go with each message.
    let media: [MediaAddress]
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

    static func parse(
        _ input: OrderedDictionary<String, JSONValue>, _ inspector: MediaInspector
    ) -> Result<SendBulkMessageInput, Refusal> {
        var errors: [UserError] = []
        let body = input["body"]?.stringValue ?? ""
        var template: UUID?
        if let given = input["templateId"]?.stringValue {
            template = OpaqueID.decode(given, prefix: "tpl")
            if template == nil { errors.append(TemplateStore.noSuchTemplate) }
            if input["body"]?.stringValue != nil { errors.append(Refusal.bodyAndTemplate) }
        } else if let problem = BulkText.problem(with: body, mayBeEmpty: SendMessageInput.hasMedia(input)) {
            errors.append(problem)
        }
        let media = OutboundMedia.parse(input, inspector, into: &errors)
        let variables = input["variables"] ?? .null
        if !variables.isNull, variables.objectValue == nil {
            errors.append(Self.notAnObject(["variables"]))
        }
        let recipients = Self.recipients(input, into: &errors)
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
        if let text = try? TemplateText(body), let recipients {
            errors += Self.lacking(text, [], shared: variables.objectValue ?? [:], recipients)
        }
        guard let recipients, errors.isEmpty else { return .failure(Refusal(errors: errors)) }
        let whole = JSONValue.object(input.filter { $0.key != "idempotencyKey" })
        return .success(
            SendBulkMessageInput(
                body: body, template: template, media: media, recipients: recipients,
                variables: variables.objectValue ?? [:],
                from: from,
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
        _ input: OrderedDictionary<String, JSONValue>, into errors: inout [UserError]
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
            return .list(Self.list(list))
        case (nil, let filter?):
            return .filter(
                Filter(
                    nameStartsWith: filter["nameStartsWith"]?.stringValue,
                    phoneStartsWith: filter["phoneStartsWith"]?.stringValue, tag: filter["tag"]?.stringValue,
                    createdAfter: filter["createdAfter"]?.stringValue,
                    createdBefore: filter["createdBefore"]?.stringValue))
        }
    }

    /// One that cannot be texted is refused for itself.
    private static func list(_ given: [JSONValue]) -> List {
        var list = List()
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
            for (name, value) in variables.objectValue ?? [:] where !value.isNull { list.names.insert(name) }
            list.phones.append(String(phone.replacing("\u{0}", with: "").prefix(255)))
            list.contacts.append(id.map { $0.uuidString } ?? "")
            list.variables.append(
                variables.isNull || refusal != nil ? "" : String(decoding: variables.bytes, as: UTF8.self))
            list.codes.append(refusal?.0 ?? "")
            list.reasons.append(refusal?.1 ?? "")
        }
        return list
    }

    /// A variable that nobody has is refused for all; one that some lack is refused for each of them.
    static func lacking(
        _ text: TemplateText, _ variables: [TemplateVariable], shared: OrderedDictionary<String, JSONValue>,
        _ recipients: Recipients
    ) -> [UserError] {
        let defaults = Set(variables.filter { $0.defaultValue != nil }.map(\.name))
        var own: Set<String> = []
        if case .list(let list) = recipients { own = list.names }
        return text.variables.filter { name in
            (shared[name]?.isNull ?? true) && !BulkText.fromContact.contains(name) && !defaults.contains(name)
                && !own.contains(name)
        }.map { name in
            UserError(
                code: "MISSING_VARIABLE",
                message:
                    "The text asks for {\(name)}, which no recipient has; give it in `variables`, or each recipient "
                    + "its own.",
                field: ["variables", name])
        }
    }
}

/// A bulk's text for one recipient.
enum BulkText {
    /// What a contact itself gives where no variable does.
    static let fromContact: Set = ["name", "phone"]

    /// What is wrong with a text, before its variables are known; `nil` when nothing is.
    static func problem(with body: String, mayBeEmpty: Bool = false) -> UserError? {
        if let problem = SendMessageInput.problem(withBody: body, mayBeEmpty: mayBeEmpty) { return problem }
        do throws(TemplateText.Malformed) {
            _ = try TemplateText(body)
            return nil
        } catch {
            return UserError(
                code: "INVALID_BODY", message: "At character \(error.offset + 1), \(error.reason).", field: ["body"])
        }
    }

    /// The values of the text's variables: the recipient's own, else those of all, else the contact's.
    static func values(
        for text: TemplateText, own: JSONValue?, shared: JSONValue, contactName: String?, phone: String?
    ) -> OrderedDictionary<String, JSONValue> {
        var values: OrderedDictionary<String, JSONValue> = [:]
        for name in text.variables {
            if let value = own?[name], !value.isNull {
                values[name] = value
            } else if let value = shared[name], !value.isNull {
                values[name] = value
            } else if name == "name", let contactName {
                values[name] = .string(contactName)
            } else if name == "phone", let phone {
                values[name] = .string(phone)
            }
        }
        return values
    }
}
