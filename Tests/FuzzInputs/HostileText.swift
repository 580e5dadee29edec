/// Texts that are made to hurt: each has brought some parser or validator down.
package struct HostileText: Sendable, CustomStringConvertible {
    package let name: String
    package let kind: FuzzInput.Kind
    /// The text with a given number of its parts.
    package let make: @Sendable (Int) -> [UInt8]

    package var description: String { name }

    private init(_ name: String, _ kind: FuzzInput.Kind = .document, bytes make: @escaping @Sendable (Int) -> [UInt8]) {
        (self.name, self.kind, self.make) = (name, kind, make)
    }

    private init(_ name: String, _ kind: FuzzInput.Kind = .document, _ make: @escaping @Sendable (Int) -> String) {
        self.init(name, kind, bytes: { Array(make($0).utf8) })
    }

    private static func times(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

    private static func each(_ count: Int, _ text: (Int) -> String) -> String {
        (0..<count).map(text).joined(separator: " ")
    }

    package static let all: [HostileText] = nesting + repetition + fragments + strings + numbers + schemas + json

    private static let nesting: [HostileText] = [
        HostileText("nested lists") { "{ node(id: \(times("[", $0))\(times("]", $0))) { id } }" },
        HostileText("nested lists that do not end") { "{ node(id: \(times("[", $0))" },
        HostileText("lists nested 100 deep, many times") { count in
            "{ node(id: [" + times(times("[", 100) + times("]", 100), count / 200) + "]) { id } }"
        },
        HostileText("nested objects") { "{ node(id: \(times("{a: ", $0))1\(times("}", $0))) { id } }" },
        HostileText("nested selections") { "\(times("{ a ", $0))\(times("}", $0))" },
        HostileText("nested inline fragments") { "{ \(times("... { ", $0))__typename\(times(" }", $0)) }" },
        HostileText("nested list types") {
            "query ($a: \(times("[", $0))Int\(times("]", $0))) { node(id: $a) { id } }"
        },
        HostileText("closing braces alone") { times("}", $0) },
    ]

    private static let repetition: [HostileText] = [
        HostileText("aliases") { "{ " + each($0) { "a\($0): __typename" } + " }" },
        HostileText("equal fields") { "{ viewer { " + times("kind ", $0) + "} }" },
        HostileText("equal fields with fields") { "{ " + times("viewer { kind } ", $0) + "}" },
        HostileText("equal aliases of different fields") { "{ viewer { " + each($0) { "a: f\($0)" } + " } }" },
        HostileText("unknown fields") { "{ " + each($0) { "massages\($0)" } + " }" },
        HostileText("unknown arguments") { "{ messages(" + each($0) { "frist\($0): 1" } + ") { totalCount } }" },
        HostileText("one argument, many times") { "{ messages(" + times("first: 1 ", $0) + ") { totalCount } }" },
        HostileText("equal fields with long arguments") { count in
            let list = "[" + times("SENT ", 30) + "]"
            return "{ " + times("messages(filter: {status: \(list)}) { totalCount } ", count / 40) + "}"
        },
        HostileText("directives at one place") { "{ viewer " + times("@skip(if: false) ", $0) + "{ kind } }" },
        HostileText("unknown directives") { "{ " + each($0) { "__typename @d\($0)" } + " }" },
        HostileText("variables that nobody uses") { "query (" + each($0) { "$v\($0): Int" } + ") { __typename }" },
        HostileText("one variable, defined many times") { "query (" + times("$v: Int ", $0) + ") { __typename }" },
        HostileText("uses of one variable") { count in
            "query ($v: Int) { " + each(count) { "a\($0): messages(first: $v) { totalCount }" } + " }"
        },
        HostileText("values of an enum") { "{ messages(filter: {status: [\(times("SENT ", $0))]}) { totalCount } }" },
        HostileText("values that are none of the enum") {
            "{ messages(filter: {status: [\(times("SEND ", $0))]}) { totalCount } }"
        },
        HostileText("one field of an input object, many times") {
            "{ messages(filter: {\(times("direction: OUTBOUND ", $0))}) { totalCount } }"
        },
        HostileText("operations") { each($0) { "query q\($0) { viewer { kind } }" } },
        HostileText("operations of one name") { times("query q { viewer { kind } } ", $0) },
        HostileText("introspection of introspection") {
            "{ __schema { types { " + times("fields { type { ", $0) + "name" + times(" } }", $0) + " } } }"
        },
        HostileText("commas") { "{ a" + times(",", $0) + "}" },
        HostileText("comments") { "{ a" + times("#\n", $0) + "}" },
        HostileText("one long comment") { "{ a } #" + times("é", $0) },
        HostileText("line ends of all kinds") { "{ a" + times("\r\n\r\n\n", $0) + "}" },
        HostileText("byte order marks") { times("\u{FEFF}", $0) + "{ __typename }" },
        HostileText("NULs") { "{ __typename " + times("\u{0}", $0) + "}" },
        HostileText("NULs in a comment") { "{ __typename } #" + times("\u{0}", $0) },
        HostileText("a long name") { "{ " + times("a", $0) + " }" },
        HostileText("long names that are nearly known") { "{ " + times("messages" + times("s", 50) + " ", $0) + "}" },
    ]

    private static let fragments: [HostileText] = [
        HostileText("fragments in a chain") { count in
            "{ ...f0 } " + each(count) { "fragment f\($0) on Query { ...f\($0 + 1) }" }
                + " fragment f\(count) on Query { __typename }"
        },
        HostileText("fragments in a cycle") { count in
            "{ ...f0 } " + each(count) { "fragment f\($0) on Query { __typename ...f\(($0 + 1) % count) }" }
        },
        HostileText("fragments that all spread one another") { count in
            let side = Int(Double(count).squareRoot())
            return "{ ...f0 } "
                + each(side) { "fragment f\($0) on Query { " + each(side) { "...f\($0)" } + " }" }
        },
        HostileText("fragments that double on each level") { count in
            "{ ...f0 } "
                + each(count) { "fragment f\($0) on Query { ...f\($0 + 1) ... { ...f\($0 + 1) } }" }
                + " fragment f\(count) on Query { __typename }"
        },
        HostileText("spreads of one fragment") {
            "{ " + times("...f ", $0) + "} fragment f on Query { viewer { kind } }"
        },
        HostileText("spreads of unknown fragments") { "{ " + each($0) { "...f\($0)" } + " }" },
        HostileText("fragments that nobody spreads") { count in
            "{ __typename } " + each(count) { "fragment f\($0) on Query { viewer { kind role } }" }
        },
        HostileText("operations over a chain of fragments") { count in
            each(count) { "query q\($0) { ...f0 }" } + " "
                + each(count) { "fragment f\($0) on Query { viewer { kind } ...f\($0 + 1) }" }
                + " fragment f\(count) on Query { viewer { kind } }"
        },
        HostileText("subscriptions over a chain of fragments") { count in
            each(count) { "subscription s\($0) { ...f0 }" } + " "
                + each(count) { "fragment f\($0) on Subscription { syncProgress { id } ...f\($0 + 1) }" }
                + " fragment f\(count) on Subscription { syncProgress { id } }"
        },
    ]

    private static let strings: [HostileText] = [
        HostileText("a string that does not end") { "{ node(id: \"" + times("a", $0) },
        HostileText("a block string that does not end") { "{ node(id: \"\"\"" + times("\n  a", $0) },
        HostileText("quotation marks") { times("\"", $0) },
        HostileText("strings without anything in them") { "{ node(id: [" + times("\"\" ", $0) + "]) { id } }" },
        HostileText("a block string of many lines") { "{ node(id: \"\"\"" + times("\n    a", $0) + "\"\"\") { id } }" },
        HostileText("a block string of blank lines") { "{ node(id: \"\"\"" + times(" \n", $0) + "\"\"\") { id } }" },
        HostileText("a block string whose lines grow") { count in
            let lines = Int(Double(count).squareRoot())
            return "{ node(id: \"\"\"" + (0..<lines).map { "\n" + times(" ", $0) + "x" }.joined() + "\"\"\") { id } }"
        },
        HostileText("escaped quotation marks in a block string") {
            "{ node(id: \"\"\"" + times("\\\"\"\"", $0) + "\"\"\") { id } }"
        },
        HostileText("descriptions") { times("\"d\" query q { __typename } ", $0) },
        HostileText("escapes") { "{ node(id: \"" + times("\\n\\u0041\\u{1F600}", $0) + "\") { id } }" },
        HostileText("zeros in one escape") { "{ node(id: \"\\u{" + times("0", $0) + "41}\") { id } }" },
        HostileText("surrogate pairs") { "{ node(id: \"" + times("\\uD83D\\uDE00", $0) + "\") { id } }" },
        HostileText("lone surrogates, escaped") { "{ node(id: \"" + times("\\uD83D", $0) + "\") { id } }" },
        HostileText("lone surrogates, as bytes") { count in
            Array("{ node(id: \"".utf8) + Array(repeating: [0xED, 0xA0, 0x80], count: count).joined()
                + Array("\") { id } }".utf8)
        },
        HostileText("bytes that are no UTF-8, in a comment") { count in
            Array("{ __typename } #".utf8) + Array(repeating: 0xFF, count: count)
        },
        HostileText("emoji") { "{ node(id: \"" + times("😀", $0) + "\") { id } }" },
    ]

    private static let numbers: [HostileText] = [
        HostileText("a number of many digits") { "{ messages(first: 1" + times("0", $0) + ") { totalCount } }" },
        HostileText("a fraction of many digits") { "{ messages(first: 0." + times("9", $0) + ") { totalCount } }" },
        HostileText("an exponent of many digits") { "{ messages(first: 1e" + times("9", $0) + ") { totalCount } }" },
        HostileText("minus signs") { "{ messages(first: " + times("-", $0) + "1) { totalCount } }" },
    ]

    private static let schemas: [HostileText] = [
        HostileText("types", .schema) { "type Query { a: Int } " + each($0) { "type T\($0) { a: Int }" } },
        HostileText("fields", .schema) { "type Query { " + each($0) { "f\($0): Int" } + " }" },
        HostileText("fields of one name", .schema) { "type Query { " + times("f: Int ", $0) + "}" },
        HostileText("extensions", .schema) {
            "type Query { a: Int } " + each($0) { "extend type Query { f\($0): Int }" }
        },
        HostileText("types that are not defined", .schema) { "type Query { " + each($0) { "f\($0): T\($0)" } + " }" },
        HostileText("values of an enum in a schema", .schema) {
            "type Query { a: E } enum E { " + each($0) { "V\($0)" } + " }"
        },
        HostileText("members of a union", .schema) {
            "type Query { a: U } union U = " + times("Query | ", $0) + "Query"
        },
        HostileText("descriptions in a schema", .schema) {
            "type Query { a: Int " + each($0) { "\"d\" f\($0): Int" } + " }"
        },
    ]

    private static let json: [HostileText] = [
        HostileText("nested arrays in JSON", .json) { times("[", $0) + times("]", $0) },
        HostileText("nested objects in JSON", .json) { times("{\"a\":", $0) + "1" + times("}", $0) },
        HostileText("keys in JSON", .json) { count in
            "{" + (0..<count).map { "\"k\($0)\":\($0)" }.joined(separator: ",") + "}"
        },
        HostileText("one key of JSON, many times", .json) { count in
            "{" + Array(repeating: "\"k\":1", count: count).joined(separator: ",") + "}"
        },
        HostileText("a string of escapes in JSON", .json) { "\"" + times("\\u0041\\n\\ud83d\\ude00", $0) + "\"" },
        HostileText("a lone surrogate in JSON", .json) { "\"" + times("\\ud83d", $0) + "\"" },
        HostileText("a string in JSON that does not end", .json) { "\"" + times("é", $0) },
        HostileText("a number of many digits in JSON", .json) { "1" + times("0", $0) },
        HostileText("white space around JSON", .json) { times(" \n", $0) + "1" + times("\t", $0) },
        HostileText("a batch of requests", .request) {
            "[" + times("{\"query\":\"{a}\"},", $0) + "{\"query\":\"{a}\"}]"
        },
        HostileText("a request of unknown members", .request) { count in
            "{\"query\":\"{a}\"" + (0..<count).map { ",\"m\($0)\":null" }.joined() + "}"
        },
    ]
}

extension HostileText {
    /// The largest text of at most so many bytes, about.
    package func sized(_ bytes: Int) -> [UInt8] {
        var count = 16
        while make(count * 2).count <= bytes, count < bytes { count *= 2 }
        var step = count / 2
        while step > 0 {
            if make(count + step).count <= bytes { count += step }
            step /= 2
        }
        return make(count)
    }
}
