import OptOuts
import Testing

@Suite struct OptOutWordsTests {
    static let words = OptOutWords(stop: ["Ba basta!"], start: ["weiter so"], help: ["Hilfe", "ba basta"])

    @Test(arguments: [
        ("STOP", OptOutWish.stop, OptOutSource.keyword, true), (" unstop ", .start, .keyword, true),
        ("Help", .help, .keyword, true), ("ba  BASTA", .stop, .wording, false), ("Weiter so.", .start, .wording, false),
        ("hilfe?", .help, .wording, false), ("Please stop texting me!", .stop, .wording, false),
        ("Don't text me anymore, thanks", .stop, .wording, false), ("opt-out", .stop, .wording, false),
        ("Take me off your list please.", .stop, .wording, false),
    ])
    func `keywords, the organization's words and what anybody understands are heard`(
        body: String, wish: OptOutWish, source: OptOutSource, isAnswered: Bool
    ) {
        let heard = Self.words.heard(in: body)
        #expect(heard?.wish == wish)
        #expect(heard?.source == source)
        #expect(heard?.isAnsweredByCarrier == isAnswered)
    }

    @Test(arguments: [
        "", "!", "Stop by at noon", "Please stop", "I cannot help you", "When do you start?", "the bus stop",
        "basta", "Should I stop taking the pills?", "Who can remove me a tooth", "yes, that works", "👍",
    ])
    func `a message that only holds such a word asks for nothing`(body: String) {
        #expect(Self.words.heard(in: body) == nil)
    }

    @Test func `what Twilio's own handling took a message for is believed, and it has answered`() {
        let heard = Self.words.heard(in: "ARRET", carrierType: "STOP")
        #expect(heard?.wish == .stop)
        #expect(heard?.source == .carrier)
        #expect(heard?.isAnsweredByCarrier == true)
        #expect(Self.words.heard(in: "ARRET") == nil)
        #expect(Self.words.heard(in: "ARRET", carrierType: "OTHER") == nil)
    }

    /// Each ASCII character alone, each pair of them between words, and long runs of the ones that matter.
    @Test func `reading a message byte by byte hears what reading it by characters does`() {
        let all = (0..<128).map { String(UnicodeScalar(UInt8($0))) }
        for one in all {
            for other in all {
                let text = "Stop\(one)\(other)Texting"
                #expect(OptOutWords.foldedASCII(text) == OptOutWords.foldedCharacters(text), "\(text.debugDescription)")
            }
            #expect(OptOutWords.foldedASCII(one) == OptOutWords.foldedCharacters(one), "\(one.debugDescription)")
        }
        for text in ["", " \r\n ", "-- -", "a - b", "\r\n\r\nOpt-Out!\t", "'Don't'  text--me."] {
            #expect(OptOutWords.foldedASCII(text) == OptOutWords.foldedCharacters(text), "\(text.debugDescription)")
        }
        #expect(OptOutWords.foldedASCII("Don’t text me") == nil)
        #expect(OptOutWords.foldedCharacters("Don’t  TEXT\u{A0}me") == "dont text me")
        #expect(OptOutWords().heard(in: "Don’t  TEXT\u{A0}me")?.wish == .stop)
    }
}
