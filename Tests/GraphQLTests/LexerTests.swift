import GraphQL
import Testing

@Suite struct LexerTests {
    /// The value of the one argument of `{ f(a: …) }`.
    private func value(_ literal: String) throws -> Value? {
        guard case .operation(let operation) = try parseText("{ f(a: \(literal)) }").definitions[0],
            case .field(let field) = operation.selectionSet.selections[0]
        else { return nil }
        return field.arguments[0].value
    }

    private func error(_ bytes: [UInt8]) -> GraphQLError? {
        do throws(GraphQLError) {
            _ = try parse(bytes)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "Escapes of quoted strings",
        arguments: [
            (#""""#, ""), (#""a""#, "a"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
            (#""\u0041\u00e9""#, "Aé"), (#""\u{1F600}""#, "😀"), (#""\u{0000041}""#, "A"),
            (#""\uD83D\uDE00""#, "😀"), (#""😀é""#, "😀é"), ("\"# , not a comment\"", "# , not a comment"),
            (#""\u0000""#, "\0"),
        ])
    func escapes(_ literal: String, _ meaning: String) throws {
        #expect(try value(literal)?.stringValue == meaning)
    }

    @Test(
        "Block strings lose their common indentation",
        arguments: [
            (#""""a""""#, "a"), (#""""""""#, ""), ("\"\"\"\n    a\n      b\n    c\n  \"\"\"", "a\n  b\nc"),
            ("\"\"\"  a\n    b\"\"\"", "  a\nb"), ("\"\"\"\n\n \n a\n\n\n\"\"\"", "a"),
            ("\"\"\"a\r\nb\rc\nd\"\"\"", "a\nb\nc\nd"), ("\"\"\"a\\\"\"\"b\\n\"\"\"", "a\"\"\"b\\n"),
            ("\"\"\"\n\ta\n\t\tb\n\"\"\"", "a\n\tb"), ("\"\"\" \"quoted\" \"\"\"", " \"quoted\" "),
            ("\"\"\"\na\n\n  b\n\"\"\"", "a\n\n  b"),
        ])
    func blockStrings(_ literal: String, _ meaning: String) throws {
        #expect(try value(literal)?.stringValue == meaning)
    }

    @Test(
        "Numbers",
        arguments: [
            ("0", Value.Kind.int("0")), ("-0", .int("-0")), ("123", .int("123")), ("-9", .int("-9")),
            ("1.5", .float("1.5")), ("1e3", .float("1e3")), ("1E+3", .float("1E+3")), ("-1.5e-9", .float("-1.5e-9")),
        ])
    func numbers(_ literal: String, _ kind: Value.Kind) throws {
        #expect(try value(literal)?.kind == kind)
    }

    @Test(
        "What is no token is told where it stands",
        arguments: [
            ("{ f(a: 01) }", 1, 9), ("{ f(a: 1.) }", 1, 10), ("{ f(a: 1.e1) }", 1, 10), ("{ f(a: -) }", 1, 9),
            ("{ f(a: 1a) }", 1, 9), ("{ f(a: 1.2.3) }", 1, 11), ("{ f(a: +1) }", 1, 8), ("{ f(a: .1) }", 1, 8),
            ("{ f(a: \"abc", 1, 12), ("{ f(a: \"a\nb\") }", 1, 10), ("{ f(a: \"\\q\") }", 1, 9),
            ("{ f(a: \"\\u00g0\") }", 1, 9), ("{ f(a: \"\\uD83D\") }", 1, 9), ("{ f(a: \"\\uDE00\\uD83D\") }", 1, 9),
            ("{ f(a: \"\\u{110000}\") }", 1, 9), ("{ f(a: \"\\u{}\") }", 1, 9), ("{ f(a: \"\\u{D800}\") }", 1, 9),
            ("{\n  f(a: \"\"\"x\n", 3, 1), ("{ a ?", 1, 5), ("{ a\r\n\r\n ' }", 3, 2), ("{ é }", 1, 3),
            ("\0{ a }", 1, 1),
            ("# é\u{1F600}\n{ a } $é", 2, 7), ("{ f(a: \"é\u{1F600}\") ? }", 1, 14), ("\u{FEFF}{ ? }", 1, 4),
        ])
    func places(_ text: String, _ line: Int, _ column: Int) {
        #expect(error(Array(text.utf8))?.locations == [SourceLocation(line: line, column: column)])
        #expect(error(Array(text.utf8))?.code == .parseFailed)
    }

    @Test(
        "Bytes that are not UTF-8 are errors",
        arguments: [
            [0xFF], Array("{ a } # ".utf8) + [0xC3],
            Array("{ f(a: \"".utf8) + [0xED, 0xA0, 0x80] + Array("\") }".utf8),
            Array("{ f(a: \"\"\"".utf8) + [0xC0, 0xAF] + Array("\"\"\") }".utf8), Array("{ a }".utf8) + [0xEF, 0xBB],
        ] as [[UInt8]])
    func encoding(_ bytes: [UInt8]) {
        #expect(error(bytes)?.code == .parseFailed)
    }

    @Test(
        "Ignored tokens may stand anywhere",
        arguments: [
            "\u{FEFF}{ a }", "{,,a,,}", "{ a # comment é\u{1F600}\n}", "\t{\r\n a\r}", "{\u{FEFF}a }",
            "# only\n{a}#end",
        ])
    func ignored(_ text: String) throws {
        #expect(try parseText(text, withLocations: false) == parseText("{ a }", withLocations: false))
    }

    @Test func `columns count code points and lines end three ways`() throws {
        let document = try parseText("{ x(a: \"é😀\") a\r\n b\r c\n d }")
        guard case .operation(let operation) = document.definitions[0] else { return }
        let places = operation.selectionSet.selections.map { selection in
            if case .field(let field) = selection { field.location } else { SourceLocation.none }
        }
        let expected = [(1, 3), (1, 14), (2, 2), (3, 2), (4, 2)].map { SourceLocation(line: $0.0, column: $0.1) }
        #expect(places == expected)
    }
}
