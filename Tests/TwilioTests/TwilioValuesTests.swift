import FoundationEssentials
import Testing
import Twilio

@Suite struct TwilioValuesTests {
    @Test(arguments: [
        ("Thu, 24 Aug 2023 05:01:45 +0000", 1_692_853_305.0), ("Tue, 29 Feb 2000 23:59:59 -0330", 951_881_399),
        ("1 Jan 1970 00:00:00 GMT", 0), ("Mon, 1 Mar 2100 00:00:00 +0000", 4_107_542_400),
        ("Wed, 31 Dec 1969 23:59:59 +0000", -1), ("2015-07-30T20:12:31Z", 1_438_287_151),
        ("2015-07-30T20:12:31+00:00", 1_438_287_151), ("2015-07-30T22:12:31.250+02:00", 1_438_287_151.25),
    ])
    func `dates of both styles are read`(text: String, seconds: Double) {
        #expect(TwilioDate.parse(text)?.timeIntervalSince1970 == seconds)
    }

    @Test(arguments: [
        "", "Thu, 24 Aug 2023", "Thu, 31 Feb 2023 05:01:45 +0000", "Thu, 24 Avg 2023 05:01:45 +0000",
        "Thu, 24 Aug 2023 24:01:45 +0000", "Thu, 24 Aug 2023 05:01:45 0000", "2023-02-29T00:00:00Z", "2023-01-01",
        "2023-01-01T00:00:00", "2023-13-01T00:00:00Z", "2023-01-01T00:00:00.Z", "٢٠٢٣-01-01T00:00:00Z",
    ])
    func `what is no date is none`(text: String) {
        #expect(TwilioDate.parse(text) == nil)
    }

    @Test func `every day of four centuries is counted right`() {
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        var last: Date?
        for year in 1900...2300 {
            for name in names {
                for day in 1...31 {
                    guard let date = TwilioDate.parse("\(day) \(name) \(year) 00:00:00 +0000") else { continue }
                    if let last { #expect(date.timeIntervalSince(last) == 86_400, "\(day) \(name) \(year)") }
                    last = date
                }
            }
        }
        #expect(last?.timeIntervalSince1970 == 10445241600)
    }

    @Test(arguments: [
        "", "AC", "ac" + String(repeating: "0", count: 32), "AC" + String(repeating: "0", count: 31),
        "AC" + String(repeating: "0", count: 33), "SM" + String(repeating: "0", count: 32),
        "AC" + String(repeating: "g", count: 32), "AC" + String(repeating: "0", count: 31) + "/",
        "AC" + String(repeating: "0", count: 31) + "\n",
    ])
    func `what is no account SID is refused`(text: String) {
        #expect(AccountSid(text) == nil)
    }

    @Test func `messages have either prefix`() {
        let digits = String(repeating: "0aF1", count: 8)
        #expect(MessageSid("SM" + digits)?.text == "SM" + digits)
        #expect(MessageSid("MM" + digits) != nil)
        #expect(MessageSid("MG" + digits) == nil)
    }

    @Test func `hosts follow product, edge and region`() throws {
        #expect(TwilioEndpoints.twilio.base(of: .api) == "https://api.twilio.com")
        let dublin = try TwilioEndpoints(edge: "dublin", region: "ie1")
        #expect(dublin.base(of: .verify) == "https://verify.dublin.ie1.twilio.com")
        #expect(try TwilioEndpoints(edge: "tokyo", region: nil).base(of: .api) == "https://api.tokyo.us1.twilio.com")
        #expect(try TwilioEndpoints(base: "http://127.0.0.1:8100/").base(of: .numbers) == "http://127.0.0.1:8100")
    }

    @Test(arguments: ["", "ftp://x", "http://", "http://user@host", "http://host/path", "http://host?x", "127.0.0.1:1"])
    func `what is no base URL is refused`(base: String) {
        #expect(throws: TwilioEndpoints.Invalid.base(base)) { _ = try TwilioEndpoints(base: base) }
    }

    @Test(arguments: ["evil.test/", "a.b", "", "a b"])
    func `what is no edge is refused`(edge: String) {
        #expect(throws: TwilioEndpoints.Invalid.label(edge)) { _ = try TwilioEndpoints(edge: edge, region: nil) }
    }
}
