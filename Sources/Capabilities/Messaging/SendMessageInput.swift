import Contacts
import Foundation
import GraphQL
import OrderedCollections
import QueryEngine
import Templates
import Twilio

/// `SendMessageInput`, checked as far as it can be without the database.
struct SendMessageInput: Sendable {
    let to: E164
    /// Empty until the template is rendered, where there is one.
    var body: String
    let template: TemplateChoice?
    /// The files that go with it, at most ``OutboundMedia/most``.
    let media: [MediaAddress]
    let from: E164?
    let credentialID: UUID?
    let idempotencyKey: String?
    /// Seconds within which it may go out, 1 to 36,000.
    let validFor: Int
    /// How many SMS segments it takes.
    var segments: Int
    let isOneTimeCode: Bool

    /// Twilio's limit for a body, in UTF-16 units (error 21617).
    static let longestBody = 1_600

    static func parse(
        _ input: OrderedDictionary<String, JSONValue>, _ inspector: MediaInspector
    ) -> Result<SendMessageInput, Refusal> {
        var errors: [UserError] = []
        let to = input["to"]?.stringValue.flatMap(E164.init)
        if to == nil {
            errors.append(UserError(code: "INVALID_PHONE", message: E164.expectation, field: ["to"]))
        }
        var from: E164?
        if let given = input["from"]?.stringValue {
            from = E164(given)
            if from == nil {
                errors.append(UserError(code: "INVALID_PHONE", message: E164.expectation, field: ["from"]))
            }
        }
        let body = input["body"]?.stringValue ?? ""
        let (template, templateErrors) = Self.template(input)
        errors += templateErrors
        // The text of a template is checked when it is made.
        if input["templateId"]?.stringValue == nil,
            let problem = Self.problem(withBody: body, mayBeEmpty: Self.hasMedia(input))
        {
            errors.append(problem)
        }
        let media = OutboundMedia.parse(input, inspector, into: &errors)
        var credentialID: UUID?
        if let given = input["credentialId"]?.stringValue {
            credentialID = OpaqueID.decode(given, prefix: "cred")
            if credentialID == nil { errors.append(Refusal.noSuchCredential) }
        }
        let key = input["idempotencyKey"]?.stringValue
        if let problem = IdempotencyClaim.problem(with: key) { errors.append(problem) }
        let validFor = Self.validity(input, into: &errors)
        guard let to, errors.isEmpty else { return .failure(Refusal(errors: errors)) }
        return .success(
            SendMessageInput(
                to: to, body: template == nil ? body : "", template: template, media: media, from: from,
                credentialID: credentialID,
                idempotencyKey: key, validFor: validFor, segments: OutboundMedia.segments(body, media),
                isOneTimeCode: input["oneTimeCode"]?.boolValue ?? false))
    }

    private static func template(
        _ input: OrderedDictionary<String, JSONValue>
    ) -> (TemplateChoice?, [UserError]) {
        let values = input["variables"].flatMap { $0.isNull ? nil : $0 }
        guard let given = input["templateId"]?.stringValue else {
            guard values != nil else { return (nil, []) }
            return (
                nil,
                [
                    UserError(
                        code: "INVALID_VARIABLE", message: "Expected variables only beside a template.",
                        field: ["variables"])
                ]
            )
        }
        if input["body"]?.stringValue != nil {
            return (nil, [Refusal.bodyAndTemplate])
        }
        guard let values = (values ?? [:]).objectValue else {
            return (
                nil,
                [
                    UserError(
                        code: "INVALID_VARIABLE", message: "Expected an object of values by the variables' names.",
                        field: ["variables"])
                ]
            )
        }
        guard let id = OpaqueID.decode(given, prefix: "tpl") else { return (nil, [TemplateStore.noSuchTemplate]) }
        return (TemplateChoice(template: id, values: values), [])
    }

    /// With the text that its template made.
    func rendered(_ body: String) -> SendMessageInput {
        var input = self
        input.body = body
        input.segments = OutboundMedia.segments(body, media)
        return input
    }

    /// What makes two inputs the same: every field that decides what is sent, each with its length before it.
    var fingerprint: String {
        // A default leaves no trace, so that keys of before it was there still answer.
        var parts = [to.description, body, from?.description ?? "", credentialID?.uuidString ?? ""]
        if validFor != MessageSender.longestValidity { parts.append("\(validFor)") }
        if let template {
            let values = JSONValue.object(template.values)
            parts += [template.template.uuidString, String(decoding: values.bytes, as: UTF8.self)]
        }
        if isOneTimeCode { parts.append("one-time code") }
        parts += media.map { "media \($0.url)" }
        return IdempotencyClaim.fingerprint(parts)
    }

    /// Whether files are given, be they right or wrong.
    static func hasMedia(_ input: OrderedDictionary<String, JSONValue>) -> Bool {
        !(input["mediaUrls"]?.arrayValue ?? []).isEmpty
    }

    /// What is wrong with a text; `nil` when nothing is.
    /// - Parameter mayBeEmpty: where something else is sent beside it.
    static func problem(withBody body: String, mayBeEmpty: Bool = false) -> UserError? {
        if !mayBeEmpty, body.allSatisfy(\.isWhitespace) {
            return UserError(
                code: "INVALID_BODY", message: "Expected a text to send, or files; this is empty.", field: ["body"])
        }
        if body.utf16.count > longestBody {
            return UserError(
                code: "BODY_TOO_LONG",
                message: "Expected at most 1,600 characters; this has \(body.utf16.count). Shorten it, or send it "
                    + "as several messages.",
                field: ["body"])
        }
        if body.utf8.contains(0) {
            return UserError(
                code: "INVALID_BODY", message: "Expected text without the character U+0000.", field: ["body"])
        }
        return nil
    }

    /// Seconds, Twilio's longest where none are given.
    static func validity(
        _ input: OrderedDictionary<String, JSONValue>, into errors: inout [UserError]
    ) -> Int {
        let validFor = input["validFor"]?.intValue.map { Int($0) } ?? MessageSender.longestValidity
        if !(1...MessageSender.longestValidity).contains(validFor) {
            errors.append(
                UserError(
                    code: "INVALID_VALIDITY", message: "Expected 1 to 36,000 seconds; leave it out for ten hours.",
                    field: ["validFor"]))
        }
        return validFor
    }
}
