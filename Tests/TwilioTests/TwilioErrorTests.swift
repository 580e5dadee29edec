import TestServer
import Testing
import Twilio

@Suite struct TwilioErrorTests {
    /// Every code of the fact sheet's list of errors, in its order, with the HTTP status that it comes with (0: by a
    /// callback or in Twilio's log only) and what follows.
    static let codes: [(code: Int, status: Int, disposition: TwilioError.Disposition)] =
        general + calls + numbers + messages + delivery + webhooks + verify

    private static let general: [(code: Int, status: Int, disposition: TwilioError.Disposition)] = [
        (20001, 400, .permanent), (20002, 400, .permanent), (20003, 401, .fixCredential), (20004, 405, .permanent),
        (20005, 400, .fixAccount), (20006, 403, .fixAccount), (20403, 403, .fixAccount),
        (20008, 403, .fixCredential), (20009, 400, .retryLater), (20404, 404, .permanent),
        (20409, 409, .retryLater), (20422, 400, .permanent), (20429, 429, .retryLater), (20500, 500, .inDoubt),
        (20503, 503, .inDoubt),
    ]
    private static let calls: [(code: Int, status: Int, disposition: TwilioError.Disposition)] = [
        (21201, 400, .permanent), (21205, 400, .permanent), (21210, 400, .fixNumber), (21211, 400, .permanent),
        (21212, 400, .fixNumber), (21213, 400, .fixNumber), (21214, 400, .permanent), (21215, 400, .fixAccount),
        (21216, 400, .permanent), (21217, 400, .permanent), (21219, 400, .fixAccount), (21220, 400, .permanent),
        (22005, 400, .retryLater),
    ]
    private static let numbers: [(code: Int, status: Int, disposition: TwilioError.Disposition)] = [
        (21401, 400, .permanent), (21402, 400, .permanent), (21404, 400, .fixAccount), (21421, 400, .permanent),
        (21422, 400, .permanent), (21450, 400, .permanent), (21451, 400, .permanent), (21452, 400, .permanent),
        (21615, 400, .fixAccount), (21631, 400, .fixAccount), (21649, 400, .fixAccount), (21650, 400, .fixAccount),
        (21651, 400, .fixAccount), (22300, 400, .fixAccount), (21480, 400, .fixAccount), (21481, 400, .retryLater),
    ]
    private static let messages: [(code: Int, status: Int, disposition: TwilioError.Disposition)] = [
        (21408, 400, .fixAccount), (21601, 400, .fixNumber), (21602, 400, .permanent), (21603, 400, .fixNumber),
        (21604, 400, .permanent), (21606, 400, .fixNumber), (21608, 400, .fixAccount), (21609, 400, .permanent),
        (21610, 400, .permanent), (21611, 429, .retryLater), (21612, 400, .fixNumber), (21614, 400, .permanent),
        (21617, 400, .permanent), (21619, 400, .permanent), (21620, 400, .permanent), (21623, 400, .permanent),
        (21624, 400, .permanent), (21654, 400, .permanent), (21655, 400, .permanent), (21656, 400, .permanent),
        (21701, 404, .fixNumber), (21703, 400, .fixNumber), (21704, 400, .fixNumber), (21705, 400, .fixNumber),
        (21710, 400, .permanent), (21712, 400, .fixNumber), (35111, 400, .permanent), (35114, 400, .permanent),
        (35118, 400, .fixNumber), (30409, 400, .permanent), (63038, 429, .retryLater), (14107, 400, .retryLater),
    ]
    private static let delivery: [(code: Int, status: Int, disposition: TwilioError.Disposition)] = [
        (30001, 0, .retryLater), (30002, 0, .fixAccount), (30003, 0, .retryLater), (30004, 0, .permanent),
        (30005, 0, .permanent), (30006, 0, .permanent), (30007, 0, .fixNumber), (30008, 0, .retryLater),
        (30009, 0, .retryLater), (30010, 0, .fixAccount), (30011, 0, .permanent),
        (30019, 0, .permanent), (30022, 0, .retryLater), (30023, 0, .retryLater),
        (30032, 0, .fixNumber), (30034, 0, .fixNumber), (30035, 0, .retryLater), (30410, 0, .retryLater),
    ]
    private static let webhooks: [(code: Int, status: Int, disposition: TwilioError.Disposition)] = [
        (11200, 0, .retryLater), (11205, 0, .retryLater), (11210, 0, .fixNumber), (11215, 0, .fixNumber),
        (11750, 0, .permanent), (11751, 0, .permanent), (12100, 0, .permanent), (12300, 0, .permanent),
    ]
    private static let verify: [(code: Int, status: Int, disposition: TwilioError.Disposition)] = [
        (60200, 400, .permanent), (60202, 429, .retryLater), (60203, 429, .retryLater), (60205, 403, .permanent),
        (60212, 429, .retryLater),
    ]

    @Test(arguments: codes) func `every code of the fact sheet has a disposition and a sentence of its own`(
        code: Int, status: Int, disposition: TwilioError.Disposition
    ) {
        let error = TwilioError(code: code, status: status, message: "")
        #expect(error.disposition == disposition)
        #expect(error.remedy.hasSuffix("."))
        #expect(!error.remedy.contains("\(code)"), "that is the sentence for unknown codes")
    }

    @Test(arguments: codes.filter { $0.status > 0 }) func `a refusal is read with its code and status`(
        code: Int, status: Int, disposition: TwilioError.Disposition
    ) async throws {
        let limits = TwilioTraffic.Limits()
        try await withTwilio(
            traffic: TwilioTraffic(limits, clock: JumpingClock()),
            { connection in
                while connection.readRequest() != nil { connection.answer(status, Fixture.error(code, status)) }
            }
        ) { client, _ in
            do throws(TwilioCallError) {
                _ = try await client.balance()
                Issue.record("not refused")
            } catch {
                #expect(error == .refused(TwilioError(code: code, status: status, message: "Words")))
                #expect(error.disposition == disposition)
            }
        }
    }

    @Test(arguments: [
        (#"{"type": "x", "title": "Gone", "status": 404, "code": 20404, "detail": "No such thing"}"#, "No such thing"),
        (#"{"code": 20404, "message": "Words", "detail": "More", "status": 404}"#, "Words"),
    ]) func `both styles of error bodies are read`(body: String, words: String) async throws {
        try await withTwilio({ connection in
            while connection.readRequest() != nil { connection.answer(404, body) }
        }) { client, _ in
            await #expect(throws: TwilioCallError.refused(TwilioError(code: 20404, status: 404, message: words))) {
                _ = try await client.balance()
            }
        }
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
