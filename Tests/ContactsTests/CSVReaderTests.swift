import Contacts
import Testing

@Suite struct CSVReaderTests {
    func read(_ text: String, separator: UInt8 = 0x2C) throws -> [CSVReader.Record] {
        var reader = CSVReader(text, separator: separator)
        var records: [CSVReader.Record] = []
        while let record = try reader.next() { records.append(record) }
        return records
    }

    @Test(
        arguments: [
            ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]), ("a,b\nc,d", [["a", "b"], ["c", "d"]]),
            ("a,b\rc,d\r", [["a", "b"], ["c", "d"]]), ("\u{FEFF}a,b", [["a", "b"]]),
            (#""a ""x"", y",b"#, [[#"a "x", y"#, "b"]]), ("\"two\r\nlines\",b", [["two\r\nlines", "b"]]),
            ("a,,\n,b,", [["a", "", ""], ["", "b", ""]]), ("\n\na\n\n\nb\n", [["a"], ["b"]]), ("", []), ("\n", []),
            (#""""#, [[""]]), (#""","""#, [["", ""]]), ("é,😀", [["é", "😀"]]),
        ] as [(String, [[String]])])
    func `records come as RFC 4180 has them`(text: String, records: [[String]]) throws {
        #expect(try read(text).map(\.fields) == records)
    }

    @Test func `each record knows the line on which it begins`() throws {
        #expect(try read("a\n\"b\nb\nb\"\n\nc").map(\.line) == [1, 2, 6])
    }

    @Test(arguments: [("a\nb\"c", 2), ("a\n\"b", 2), ("\"a\"b", 1), ("a\n\"b\n\"x", 3)])
    func `what is no CSV is refused with its line`(text: String, line: Int) {
        #expect { try read(text) } throws: { ($0 as? CSVReader.Malformed)?.line == line }
    }
}
