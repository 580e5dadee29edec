import Crypto
import Foundation
import Testing
import Twilio

/// The vectors of Twilio's own helper libraries, and some computed with them.
@Suite struct WebhookSignatureTests {
    static let company = "https://mycompany.com/myapp.php?foo=1&bar=2"
    static let call = FormBody([
        .init("CallSid", "CA1234567890ABCDE"), .init("Caller", "+14158675309"), .init("Digits", "1234"),
        .init("From", "+14158675309"), .init("To", "+18005551212"),
    ])
    static let text = FormBody([
        .init("To", "+15550002222"), .init("Body", "Café ☕ +1"), .init("From", "+15550001111"), .init("FromCity", ""),
        .init("MessageSid", "SM" + String(repeating: "0", count: 31) + "1"), .init("NumMedia", "0"),
        .init("AccountSid", "AC" + String(repeating: "a", count: 32)),
    ])
    static let json = #"{"property": "value", "boolean": true}"#
    static let jsonURL =
        company + "&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"

    struct Vector: Sendable {
        let name: String
        var token = "0123456789abcdef0123456789abcdef"
        let url: String
        let content: WebhookSignature.Content
        let signature: String
    }

    static let vectors: [Vector] = [
        Vector(
            name: "A", token: "12345", url: company, content: .form(call), signature: "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        Vector(
            name: "A, signed with :443", token: "12345", url: company, content: .form(call),
            signature: "kvajT1Ptam85bY51eRf/AJRuM3w="),
        Vector(
            name: "A, given with :443", token: "12345", url: "https://mycompany.com:443/myapp.php?foo=1&bar=2",
            content: .form(call), signature: "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        Vector(
            name: "A, http with :80", token: "12345", url: "http://mycompany.com/myapp.php?foo=1&bar=2",
            content: .form(call), signature: "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        Vector(
            name: "B, duplicates", token: "12345", url: company,
            content: .form(
                FormBody([
                    .init("Sid", "CA123"), .init("SidAccount", "AC123"), .init("Digits", "5678"),
                    .init("Digits", "1234"), .init("Digits", "1234"),
                ])), signature: "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
        Vector(
            name: "C, JSON", token: "12345", url: jsonURL, content: .body(Array(json.utf8)),
            signature: "a9nBmqA0ju/hNViExpshrM61xv4="),
        Vector(
            name: "D", url: "https://gw.example.test:8443/hooks/sms/t1?x=a%20b", content: .form(text),
            signature: "7X5eUwKYmZIugyh33uyfh7H59TI="),
        Vector(
            name: "D, signed without port", url: "https://gw.example.test:8443/hooks/sms/t1?x=a%20b#rc=2",
            content: .form(text), signature: "ivIbiRO+SLUwxgD61jhqzOqhu+U="),
        Vector(
            name: "E, by code point", url: "http://127.0.0.1:9000/e",
            content: .form(FormBody([.init("b", "1"), .init("B", "2"), .init("a", "3")])),
            signature: "XKaMGz+b4wp+FyF/PDJ5uNYtUk8="),
        Vector(
            name: "F, GET", url: "https://gw.example.test/hooks/voice?CallSid=CA1&From=%2B15550001111", content: .none,
            signature: "4Kf8Mkpni8oHimaz93034AHrtU4="),
    ]

    private func verdict(
        _ vector: Vector, url: String? = nil, content: WebhookSignature.Content? = nil, signature: String? = nil,
        tokens: [String]? = nil
    ) throws -> WebhookSignature.Verdict {
        WebhookSignature.validate(
            url: url ?? vector.url, content: content ?? vector.content, signature: signature ?? vector.signature,
            settings: nil, keys: .init(authTokens: try (tokens ?? [vector.token]).map { try Fixture.secret($0) }))
    }

    @Test(arguments: vectors) func `each vector verifies`(vector: Vector) throws {
        #expect(try verdict(vector) == .signedByToken(0), "\(vector.name)")
    }

    @Test(arguments: vectors) func `and none does once anything is changed`(vector: Vector) throws {
        #expect(try verdict(vector, tokens: ["12346"]) == .refused(.mismatch))
        let otherPath = vector.url.replacing("?", with: "x?").replacing("/e", with: "/f")
        #expect(try verdict(vector, url: otherPath) == .refused(.mismatch))
        if case .form(var form) = vector.content {
            form.append("Extra", "")
            #expect(try verdict(vector, content: .form(form)) == .refused(.mismatch))
        }
        let flipped = (vector.signature.hasPrefix("A") ? "B" : "A") + vector.signature.dropFirst()
        #expect(try verdict(vector, signature: flipped) == .refused(.mismatch))
    }

    /// The same forgeries with a code of their own: so it is the code that refuses them above, and nothing else.
    @Test(arguments: vectors) func `negative control: what was changed is let in when it is signed anew`(
        vector: Vector
    ) throws {
        let otherPath = vector.url.replacing("?", with: "x?").replacing("/e", with: "/f")
        var text = String(otherPath.prefix { $0 != "#" })
        var content = vector.content
        if case .form(var form) = content {
            form.append("Extra", "")
            content = .form(form)
            let pairs = Set(form.fields.map { [$0.name, $0.value] })
            text += pairs.sorted {
                Array($0[0].utf8 + [0] + $0[1].utf8).lexicographicallyPrecedes(Array($1[0].utf8 + [0] + $1[1].utf8))
            }
            .map { $0[0] + $0[1] }.joined()
        }
        let code = HMAC<Insecure.SHA1>.authenticationCode(
            for: Data(text.utf8), using: SymmetricKey(data: Data(vector.token.utf8)))
        let signature = Data(code).base64EncodedString()
        #expect(try verdict(vector, url: otherPath, content: content, signature: signature) == .signedByToken(0))
    }

    @Test func `the previous token still verifies, and is told apart`() throws {
        let vector = Self.vectors[0]
        #expect(try verdict(vector, tokens: ["new", "12345"]) == .signedByToken(1))
        #expect(try verdict(vector, tokens: ["new"]) == .refused(.mismatch))
        #expect(try verdict(vector, tokens: []) == .refused(.mismatch))
    }

    @Test(arguments: [
        ("", WebhookSignature.Refusal.noSignature), ("###", .malformedSignature), ("AAAA", .malformedSignature),
    ])
    func `what is no signature is refused`(signature: String, refusal: WebhookSignature.Refusal) throws {
        #expect(try verdict(Self.vectors[0], signature: signature) == .refused(refusal))
    }

    @Test func `a body that the URL does not vouch for is refused, though the URL is signed`() throws {
        let vector = Self.vectors[5]
        #expect(try verdict(vector, content: .body(Array("{}".utf8))) == .refused(.bodyNotCovered))
        #expect(try verdict(Self.vectors[9], content: .body([1])) == .refused(.bodyNotCovered))
        #expect(
            try verdict(vector, url: vector.url + "&bodySHA256=00") == .refused(.bodyNotCovered),
            "two hashes could be read either way")
    }

    private static let settings = "key=shared-1,algorithm=HMAC_SHA256"
    private static let sha256 = "033hgUJA9M/hXIZsYjwkerEP/DBm35nEri5FhCYjA5s="

    private func shared(
        _ settings: String?, _ signature: String = sha256, secret: String = "12345"
    ) throws -> WebhookSignature.Verdict {
        WebhookSignature.validate(
            url: Self.company, content: .form(Self.call), signature: signature, settings: settings,
            keys: .init(
                authTokens: [try Fixture.secret("12345")], sharedKeys: ["shared-1": try Fixture.secret(secret)]))
    }

    @Test func `a shared key signs with SHA-256`() throws {
        #expect(try shared(Self.settings) == .signedBySharedKey("shared-1"))
        #expect(try shared("algorithm=HMAC_SHA256, key=shared-1") == .signedBySharedKey("shared-1"))
        #expect(try shared(Self.settings, secret: "12346") == .refused(.mismatch))
    }

    @Test(arguments: [
        ("key=other,algorithm=HMAC_SHA256", WebhookSignature.Refusal.unknownSharedKey),
        ("key=shared-1,algorithm=HMAC_SHA1", .malformedSettings), ("key=shared-1", .malformedSettings),
        ("", .malformedSettings), ("key=shared-1,algorithm=HMAC_SHA256,algorithm=none", .malformedSettings),
    ])
    func `settings that are not understood are refused`(settings: String, refusal: WebhookSignature.Refusal) throws {
        #expect(try shared(settings) == .refused(refusal))
    }

    @Test func `neither algorithm passes for the other`() throws {
        #expect(try shared(Self.settings, "RSOYDt4T1cUTdK1PDd93/VVr8B8=") == .refused(.malformedSignature))
        #expect(try shared(nil) == .refused(.malformedSignature))
        #expect(try shared(nil, "RSOYDt4T1cUTdK1PDd93/VVr8B8=") == .signedByToken(0))
    }
}
