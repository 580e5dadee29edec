import Curl
import Testing
import Twilio

/// Answers are read in one of two ways, by how they look. Each of these is read in both: as it is, and with a list that
/// nobody asked for at its end, which the quick way does not take.
@Suite struct FlatAnswerTests {
    private static let whole =
        #""sid": "SM\#(String(repeating: "a", count: 32))", "account_sid": "AC\#(String(repeating: "b", count: 32))", "#
        + #""status": "queued", "direction": "outbound-api""#

    private func read(_ members: String) -> String {
        let outcome: CreationOutcome<Message> = CreationOutcome(
            HTTPResponse(status: 201, headers: [:], body: Array("{\(members)}".utf8)))
        return "\(outcome)"
    }

    @Test(arguments: [
        whole, #"\#(whole), "num_segments": "2", "num_media": 3, "error_code": null, "body": """#,
        #"\#(whole), "body": "Hello", "price": "-0.00750", "price_unit": "USD", "from": null"#,
        #"\#(whole), "price": -0.0075"#, #"\#(whole), "price": 12"#, #"\#(whole), "body": "a\"b\\u00e9""#,
        #"\#(whole), "body": "é", "to": "+14155550123""#,
        #"\#(whole), "date_created": "Thu, 24 Aug 2023 05:01:45 +0000", "date_sent": null"#,
        #"\#(whole), "subresource_uris": {"media": "/2010-04-01/x.json"}, "uri": "/2010-04-01/y.json""#,
        #"\#(whole), "numSegments": "7""#, #"\#(whole), "num_segments": true"#, #"\#(whole), "num_segments": "x""#,
        #"\#(whole), "num_segments": 01"#, #"\#(whole), "num_segments": 1, "num_segments": 2"#,
        #"\#(whole), "date_created": "yesterday""#, #"\#(whole), "subresource_uris": {"media": [}"#,
        #"\#(whole), "body": "#, #""sid": "SM1", "account_sid": "AC1", "status": "queued""#, #""status": "queued""#,
        #"\#(whole), "error_code": 99999999999999999999"#, #"\#(whole), "error_code": -0"#,
    ])
    func `an answer reads the same in both ways`(members: String) {
        #expect(read(members) == read(members + #", "unusual": []"#))
    }

    @Test func `what follows the object makes it no answer`() {
        for end in ["}", ",", "x"] {
            #expect(read(Self.whole + "}" + end).contains("not JSON"))
        }
    }
}
