import Messaging
import Testing

@Suite struct MessageTextTests {
    @Test(arguments: [
        ("Hello {name}!", ["name"], "Hello Ann!"), ("{a}{b}{a}", ["a", "b"], "121"),
        ("No variables", [], "No variables"),
        ("{ name } {1st} {} {a-b} {", [], "{ name } {1st} {} {a-b} {"), ("{{name}}", ["name"], "{Ann}"),
        ("}{name}{", ["name"], "}Ann{"), ("", [], ""), ("{name", [], "{name"),
    ])
    func `variables are names in braces, and all else is text`(body: String, names: [String], filled: String) throws {
        let text = MessageText(body)
        #expect(text.variables == names)
        #expect(try text.filled { ["name": "Ann", "a": "1", "b": "2"][$0] } == filled)
    }

    @Test func `a missing variable is named, and a value is never read as text with variables`() throws {
        #expect(throws: MessageText.Missing(variables: ["day", "hour"])) {
            try MessageText("{day} {hour} {day} {name}").filled { $0 == "name" ? "x" : nil }
        }
        #expect(try MessageText("{a}").filled { _ in "{b}" } == "{b}")
    }
}
