import Testing
import Twilio

@Suite struct FormBodyTests {
    @Test func `names repeat and keep their order`() throws {
        let form = try FormBody(decoding: "a=1&b=2&a=3&a=".utf8)
        #expect(form.fields == [.init("a", "1"), .init("b", "2"), .init("a", "3"), .init("a", "")])
        #expect(form["a"] == "1")
        #expect(form["c"] == nil)
        #expect(form.encoded == "a=1&b=2&a=3&a=")
    }

    @Test(arguments: [
        ("Body=Caf%C3%A9+%E2%98%95+%2B1", "Body", "Café ☕ +1"), ("a%3Db=c=d", "a=b", "c=d"), ("a", "a", ""),
        ("=b", "", "b"), ("&&a=b&", "a", "b"), ("a=%00", "a", "\0"),
    ])
    func `forms are read`(encoded: String, name: String, value: String) throws {
        #expect(try FormBody(decoding: encoded.utf8).fields == [.init(name, value)])
    }

    @Test(arguments: [
        (Array("a=%".utf8), FormBody.Malformed.percentEscape(at: 2)), (Array("a=%4".utf8), .percentEscape(at: 2)),
        (Array("a=%4&b=1".utf8), .percentEscape(at: 2)), (Array("a=%zz".utf8), .percentEscape(at: 2)),
        (Array("%+1=b".utf8), .percentEscape(at: 0)), (Array("x=1&a=%C3".utf8), .notUTF8(field: 1)),
        (Array("a=%ED%A0%80".utf8), .notUTF8(field: 0)), (Array("a=é".utf8), .unescapedByte(at: 2)),
        (Array("a=b c".utf8), .unescapedByte(at: 3)), (Array("a=b\n".utf8), .unescapedByte(at: 3)),
    ])
    func `what is malformed is refused, not guessed`(bytes: [UInt8], error: FormBody.Malformed) {
        #expect(throws: error) { _ = try FormBody(decoding: bytes) }
    }

    @Test func `a form of endless fields is refused`() {
        let bytes = Array(String(repeating: "a&", count: FormBody.mostFields + 1).utf8)
        #expect(throws: FormBody.Malformed.tooManyFields) { _ = try FormBody(decoding: bytes) }
    }

    @Test func `what is written is read back, whatever it is`() throws {
        var random = SplitMix(seed: 6)
        for _ in 0..<2000 {
            let form = FormBody(
                (0..<Int.random(in: 0...5, using: &random)).map { _ in .init(text(&random), text(&random)) })
            #expect(try FormBody(decoding: form.encoded.utf8) == form)
        }
    }

    @Test func `random bytes are read or refused, and what was read is written the same way again`() throws {
        var random = SplitMix(seed: 7)
        let alphabet = Array("ab%=&+0cC3A9é\u{0}".utf8)
        var read = 0
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                alphabet.randomElement(using: &random) ?? 0
            }
            guard let form = try? FormBody(decoding: bytes) else { continue }
            read += 1
            #expect(try FormBody(decoding: form.encoded.utf8) == form)
        }
        #expect(read > 1000)
    }

    private func text(_ random: inout SplitMix) -> String {
        let scalars = (0..<Int.random(in: 0...8, using: &random)).compactMap { _ in
            Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &random))
        }
        return String(String.UnicodeScalarView(scalars))
    }
}

/// A small generator that gives the same numbers for the same seed (Steele, Lea and Flood 2014).
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
