import GraphQL
import OrderedCollections
import Testing

@Suite struct JSONTests {
    @Test(
        "JSON goes in and comes out the same",
        arguments: [
            "null", "true", "false", "0", "-1", "9223372036854775807", "9223372036854775808", "1.5", "-0", "1e400",
            "1E+2",
            #""""#, #""a\"\\\n\r\t\b\f\u0001é😀""#, "[]", "[1,[2,[]],{}]", #"{"b":1,"a":{"c":[null]}}"#,
        ])
    func roundTrip(_ text: String) throws {
        #expect(String(decoding: try JSONValue(parsing: Array(text.utf8)).bytes, as: UTF8.self) == text)
    }

    @Test func `escapes and white space are read`() throws {
        let value = try JSONValue(parsing: Array(" \t\r\n{ \"a\\u00e9\\ud83d\\ude00\\/\" : [ 1 , 2.50 ] } ".utf8))
        #expect(value == ["aé😀/": [1, .number("2.50")]])
    }

    @Test(
        "What is no JSON is refused with its place",
        arguments: [
            ("", 0), ("tru", 0), ("01", 1), ("1.", 2), (".5", 0), ("+1", 0), ("1e", 2), ("-", 1), ("\"a", 2),
            ("\"\n\"", 1),
            (#""\x""#, 2), (#""\ud800""#, 3), (#""\udc00\ud800""#, 3), (#""\u12g4""#, 5), ("[1,]", 3), ("[1 2]", 3),
            ("{\"a\":1,}", 7), ("{a:1}", 1), ("{\"a\" 1}", 5), ("{\"a\":1,\"a\":2}", 7), ("1 2", 2), ("[", 1),
            ("nul", 0),
            ("\u{FEFF}1", 0), ("'a'", 0), ("NaN", 0), ("[1]]", 3),
        ])
    func refusals(_ text: String, _ offset: Int) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: Array(text.utf8)) }
        if let error = #expect(throws: JSONError.self, performing: { try JSONValue(parsing: Array(text.utf8)) }) {
            #expect(error.offset == offset, "\(error)")
        }
    }

    @Test func `bytes that are not UTF-8 are refused`() {
        for bytes: [UInt8] in [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0xAF], [0xF4, 0x90, 0x80, 0x80]] {
            #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22] + bytes + [0x22]) }
            #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0x5C, 0x6E] + bytes + [0x22]) }
        }
    }

    @Test func `depth is limited, and the limit itself is allowed`() throws {
        let nested = { (depth: Int) in
            Array(repeating: UInt8(ascii: "["), count: depth) + Array(repeating: UInt8(ascii: "]"), count: depth)
        }
        #expect(throws: Never.self) { try JSONValue(parsing: nested(64)) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: nested(65)) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: Array(repeating: UInt8(ascii: "["), count: 364_000)) }
    }

    @Test func `line separators are escaped for scripts`() {
        #expect(
            String(decoding: JSONValue.string("a\u{2028}\u{2029}\u{2027}â").bytes, as: UTF8.self)
                == "\"a\\u2028\\u2029\u{2027}â\"")
    }
}
