import GraphQL
import OrderedCollections
import QueryEngine
import Templates
import Testing

@Suite struct TemplateTextTests {
    @Test(
        arguments: [
            ("Hello", ["Hello"], []), ("Hi {name}!", ["Hi ", "{name}", "!"], ["name"]),
            ("{a}{b}{a}", ["{a}", "{b}", "{a}"], ["a", "b"]), ("{{a}} {{", ["{a} {"], []), ("}}", ["}"], []),
            ("", [], []),
            ("{{{a}}}", ["{", "{a}", "}"], ["a"]), ("👍{x_1}é", ["👍", "{x_1}", "é"], ["x_1"]),
        ] as [(String, [String], [String])])
    func `a text is read into pieces`(source: String, pieces: [String], variables: [String]) throws {
        let text = try TemplateText(source)
        let spelled = text.pieces.map { piece in
            switch piece {
            case .text(let text): text
            case .variable(let name): "{\(name)}"
            }
        }
        #expect(spelled == pieces)
        #expect(text.variables == variables)
    }

    @Test(arguments: [
        ("{", 0), ("a {", 2), ("a } b", 2), ("{}", 0), ("{1a}", 0), ("{a b}", 0), ("{ä}", 0), ("👍 {a-b}", 2),
        ("{" + String(repeating: "a", count: 41) + "}", 0),
    ])
    func `a text with a loose brace is refused with its place`(source: String, offset: Int) {
        #expect { try TemplateText(source) } throws: { ($0 as? TemplateText.Malformed)?.offset == offset }
    }

    @Test func `a value is put in as it is and never looked into`() throws {
        let text = try TemplateText("{a} and {b}")
        #expect(text.rendered(["a": "{b}", "b": "{{x}}"]) == "{b} and {{x}}")
    }

    static let variables = [
        TemplateVariable(name: "name"), TemplateVariable(name: "count", kind: .number),
        TemplateVariable(name: "day", kind: .date, defaultValue: "2026-11-20"),
        TemplateVariable(name: "time", kind: .time), TemplateVariable(name: "link", kind: .url),
    ]

    func render(_ source: String, _ values: OrderedDictionary<String, JSONValue>) throws -> [String] {
        switch TemplateRendering.render(try TemplateText(source), Self.variables, values: values) {
        case .success(let text): [text]
        case .failure(let refusal): refusal.errors.map { "\($0.code) \($0.field?.joined(separator: ".") ?? "")" }
        }
    }

    @Test(
        arguments: [
            ("Hi {name}", ["name": "Ada"], ["Hi Ada"]), ("{count} on {day}", ["count": 3], ["3 on 2026-11-20"]),
            ("{day}", ["day": "2024-02-29"], ["2024-02-29"]), ("{count}", ["count": .number("12.50")], ["12.50"]),
            (
                "{name} {time} {link}", [:],
                [
                    "MISSING_VARIABLE variables.name", "MISSING_VARIABLE variables.time",
                    "MISSING_VARIABLE variables.link",
                ]
            ), ("{name}", ["name": .null], ["MISSING_VARIABLE variables.name"]),
            ("{name}", ["name": "A", "nmae": "B"], ["UNKNOWN_VARIABLE variables.nmae"]),
            ("{day}", ["day": "2026-02-29"], ["INVALID_VARIABLE variables.day"]),
            ("{time}", ["time": "24:00"], ["INVALID_VARIABLE variables.time"]),
            ("{time}", ["time": "9:30"], ["INVALID_VARIABLE variables.time"]),
            ("{link}", ["link": "javascript:alert(1)"], ["INVALID_VARIABLE variables.link"]),
            ("{count}", ["count": "many"], ["INVALID_VARIABLE variables.count"]),
            ("{name}", ["name": ["a"]], ["INVALID_VARIABLE variables.name"]),
            ("{name}", ["name": " "], ["INVALID_BODY variables"]),
            ("{name}", ["name": .string(String(repeating: "x", count: 1_601))], ["BODY_TOO_LONG variables"]),
        ] as [(String, OrderedDictionary<String, JSONValue>, [String])])
    func `what is missing, unknown or does not fit is told by name`(
        source: String, values: OrderedDictionary<String, JSONValue>, expected: [String]
    ) throws {
        #expect(try render(source, values) == expected)
    }
}
