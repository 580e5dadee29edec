import Testing
import Twilio

@Suite struct TwilioErrorTests {
    /// Every code of Twilio's that this product can meet.
    static let codes: [Int] =
        [20001, 20002, 20003, 20004, 20005, 20006, 20403, 20008, 20009, 20404, 20409, 20422, 20429, 20500, 20503]
        + [21201, 21205, 21210, 21211, 21212, 21213, 21214, 21215, 21216, 21217, 21219, 21220, 22005]
        + [
            21401, 21402, 21404, 21421, 21422, 21450, 21451, 21452, 21615, 21631, 21649, 21650, 21651, 22300, 21480,
            21481,
        ]
        + [21408, 21601, 21602, 21603, 21604, 21606, 21608, 21609, 21610, 21611, 21612, 21614, 21617, 21619, 21620]
        + [21623, 21624, 21654, 21655, 21656, 21701, 21703, 21704, 21705, 21710, 21712, 35111, 35114, 35118, 30409]
        + [63038, 14107] + Array(30001...30010) + [30022, 30023, 30032, 30034, 30035, 30410]
        + [11200, 11205, 11210, 11215, 11750, 12100, 12300] + [60200, 60202, 60203, 60205, 60212]

    @Test(arguments: codes) func `every code has a sentence of its own for a person`(code: Int) {
        let error = TwilioError(code: code, status: 400, message: "")
        #expect(error.remedy.hasSuffix("."))
        #expect(!error.remedy.contains("\(code)"), "that is the sentence for unknown codes")
    }

    @Test func `negative control: an unknown code gets the general sentence`() {
        #expect(TwilioError(code: 29999, status: 400, message: "").remedy.contains("29999"))
    }

    @Test(arguments: [
        (20003, 401, TwilioError.Disposition.fixCredential), (20429, 429, .retryLater), (20500, 500, .inDoubt),
        (21610, 400, .permanent), (21606, 400, .fixNumber), (21608, 400, .fixAccount), (21611, 429, .retryLater),
        (29999, 400, .permanent), (29999, 401, .fixCredential), (29999, 429, .retryLater), (29999, 500, .inDoubt),
        (29999, 408, .inDoubt),
    ])
    func `the code decides, and where it is unknown the status`(
        code: Int, status: Int, disposition: TwilioError.Disposition
    ) {
        #expect(TwilioError(code: code, status: status, message: "").disposition == disposition)
    }

    @Test func `its description for logs leaves out Twilio's wording`() {
        let error = TwilioError(code: 21211, status: 400, message: "The 'To' number +14155550123 is not valid")
        #expect(error.description == "Twilio error 21211, HTTP status 400")
    }
}
