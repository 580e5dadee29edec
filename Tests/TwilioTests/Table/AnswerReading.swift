import Foundation
import Testing
import Twilio

/// Holds what the client made of an answer against the answer's own JSON: each field that is there was read, or is on
/// the short list of what the client passes over.
enum AnswerReading {
    private static let passedOver: Set<String> = [
        "uri", "url", "subresource_uris", "links", "api_version", "auth_token", "secret", "meta",
    ]

    static func check(_ resources: [any Sendable], against answer: RecordedAnswer) {
        guard case .object(let fields) = answer.body else { return }
        let list = fields.values.compactMap { value -> [OpenJSON]? in
            if case .array(let elements) = value { elements } else { nil }
        }
        // A page: the one list in it. An answer with lists of its own has a SID or the like beside it.
        let isPage = fields["meta"] != nil || fields["uri"] != nil && fields["sid"] == nil && list.count == 1
        let expected = isPage && list.count == 1 ? list[0] : resources.isEmpty ? [] : [answer.body]
        #expect(resources.count == expected.count, "\(answer.name)")
        for (resource, json) in zip(resources, expected) { check(resource, json, answer.name) }
    }

    private static func check(_ value: Any, _ json: OpenJSON, _ place: String) {
        switch json {
        case .object(let fields):
            if value is OpenJSON || value is [String: String] || value is NumberCapabilities { return }
            let children = Dictionary(
                Mirror(reflecting: value).children.compactMap { child in child.label.map { ($0, child.value) } },
                uniquingKeysWith: { one, _ in one })
            for (name, field) in fields where field != .null && field != .string("") {
                if passedOver.contains(name) { continue }
                guard let child = children[camelCase(name)] ?? renamed(name, children) else {
                    Issue.record("\(place).\(name) is not read at all")
                    continue
                }
                guard let inner = unwrapped(child) else {
                    Issue.record("\(place).\(name) was lost")
                    continue
                }
                check(inner, field, "\(place).\(name)")
            }
        case .array(let elements):
            guard let values = value as? [Any] ?? (value as? CommaSeparated)?.texts else { return }
            #expect(values.count == elements.count, "\(place)")
            for (value, element) in zip(values, elements) { check(value, element, place) }
        case .string(let text):
            if let value = value as? String { #expect(value == text, "\(place)") }
            if let value = value as? any OpenEnumeration { #expect("\(value.rawValue)" == text, "\(place)") }
            if let value = value as? Decimal { #expect(value == Decimal(string: text), "\(place)") }
            if let value = value as? Int { #expect("\(value)" == text, "\(place)") }
        case .number(let number):
            if let value = value as? Int { #expect(Decimal(value) == number, "\(place)") }
            if let value = value as? Decimal { #expect(value == number, "\(place)") }
        case .bool(let flag):
            if let value = value as? Bool { #expect(value == flag, "\(place)") }
        case .null:
            break
        }
    }

    /// `sms_url` → `smsUrl`.
    private static func camelCase(_ name: String) -> String {
        let words = name.split(separator: "_")
        return words.prefix(1).joined() + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    private static func renamed(_ name: String, _ children: [String: Any]) -> Any? {
        ["secondary_auth_token": "token"][name].flatMap { children[$0] }
    }

    private static func unwrapped(_ value: Any) -> Any? {
        let mirror = Mirror(reflecting: value)
        guard mirror.displayStyle == .optional else { return value }
        return mirror.children.first?.value
    }
}
