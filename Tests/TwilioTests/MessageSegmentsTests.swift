import Testing
import Twilio

@Suite struct MessageSegmentsTests {
    private static func times(_ count: Int, _ text: String) -> String { String(repeating: text, count: count) }

    private static let vectors: [(text: String, count: Int)] = [
        (times(160, "a"), 1), (times(161, "a"), 2), (times(306, "a"), 2), (times(307, "a"), 3), (times(80, "€"), 1),
        (times(81, "€"), 2), (aroundEuro, 3), (times(70, "ç"), 1), (times(71, "ç"), 2), (times(134, "ç"), 2),
        (times(135, "ç"), 3), (times(35, "😀"), 1), (times(36, "😀"), 2), (aroundFace, 3), ("", 1), (lines, 1),
    ]
    private static let aroundEuro: String = times(152, "a") + "€" + times(152, "a")
    private static let aroundFace: String = times(66, "ç") + "😀" + times(66, "ç")
    private static let lines: String = times(53, "\r\n") + times(54, "a")

    @Test(arguments: vectors)
    func `texts are cut as Twilio's calculator cuts them`(text: String, count: Int) {
        #expect(MessageSegments(text).count == count)
    }

    @Test(arguments: [
        ("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./09:;<=>?¡AZÄÖÑÜ§¿azäöñüà", MessageSegments.Encoding.gsm7),
        ("\u{0C}^{}\\[~]|€", .gsm7), ("`", .ucs2), ("ç", .ucs2), ("“quoted”", .ucs2), ("e\u{301}", .ucs2),
    ])
    func `the alphabet is the smaller one that holds the text`(text: String, encoding: MessageSegments.Encoding) {
        #expect(MessageSegments(text).encoding == encoding)
    }

    @Test func `a grapheme larger than a segment is cut after all`() {
        let segments = MessageSegments("e" + Self.times(200, "\u{301}"))
        #expect(segments.units == 201)
        #expect(segments.count == 3)
    }
}
