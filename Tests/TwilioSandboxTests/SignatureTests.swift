import Testing
import TwilioSandbox

/// The vectors of facts section 6.
@Suite struct SignatureTests {
    private let call = [
        ("CallSid", "CA1234567890ABCDE"), ("Caller", "+14158675309"), ("From", "+14158675309"), ("Digits", "1234"),
        ("To", "+18005551212"),
    ]

    @Test(arguments: [
        ("https://mycompany.com/myapp.php?foo=1&bar=2", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("https://mycompany.com:443/myapp.php?foo=1&bar=2", "kvajT1Ptam85bY51eRf/AJRuM3w="),
        ("http://mycompany.com:80/myapp.php?foo=1&bar=2", "0ZXoZLH/DfblKGATFgpif+LLRf4="),
    ])
    func `a form is signed over the URL and its sorted parameters`(_ url: String, _ expected: String) {
        #expect(RequestSigner.signature(token: "12345", url: url, form: Parameters(call)) == expected)
        #expect(RequestSigner.signature(token: "12346", url: url, form: Parameters(call)) != expected)
    }

    @Test func `distinct values of one name are sorted`() {
        let form = Parameters([
            ("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234"), ("Digits", "1234"),
        ])
        let url = "https://mycompany.com/myapp.php?foo=1&bar=2"
        #expect(RequestSigner.signature(token: "12345", url: url, form: form) == "IK+Dwps556ElfBT0I3Rgjkr1wJU=")
    }

    private let token = "0123456789abcdef0123456789abcdef"

    @Test func `blank and UTF-8 values, escapes and ports are signed as they are`() {
        let form = Parameters([
            ("AccountSid", "AC" + String(repeating: "a", count: 32)), ("Body", "Café ☕ +1"), ("From", "+15550001111"),
            ("FromCity", ""), ("MessageSid", "SM" + String(repeating: "0", count: 31) + "1"), ("NumMedia", "0"),
            ("To", "+15550002222"),
        ])
        let ported = "https://gw.example.test:8443/hooks/sms/t1?x=a%20b"
        #expect(RequestSigner.signature(token: token, url: ported, form: form) == "7X5eUwKYmZIugyh33uyfh7H59TI=")
        let unported = "https://gw.example.test/hooks/sms/t1?x=a%20b"
        #expect(RequestSigner.signature(token: token, url: unported, form: form) == "ivIbiRO+SLUwxgD61jhqzOqhu+U=")
    }

    @Test func `names are sorted by code point, capitals first, and a GET signs its URL`() {
        let form = Parameters([("b", "1"), ("B", "2"), ("a", "3")])
        let url = "http://127.0.0.1:9000/e"
        #expect(RequestSigner.signature(token: token, url: url, form: form) == "XKaMGz+b4wp+FyF/PDJ5uNYtUk8=")
        let get = "https://gw.example.test/hooks/voice?CallSid=CA1&From=%2B15550001111"
        #expect(
            RequestSigner.signature(token: token, url: get, form: Parameters([])) == "4Kf8Mkpni8oHimaz93034AHrtU4=")
    }
}
