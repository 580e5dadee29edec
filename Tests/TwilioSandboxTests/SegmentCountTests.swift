import Testing
import TwilioSandbox

@Suite struct SegmentCountTests {
    /// Twilio's own calculator gave these.
    static let vectors: [(text: String, segments: Int)] = [
        (String(repeating: "a", count: 160), 1), (String(repeating: "a", count: 161), 2),
        (String(repeating: "a", count: 307), 3), (String(repeating: "€", count: 80), 1),
        (String(repeating: "€", count: 81), 2),
        (String(repeating: "a", count: 152) + "€" + String(repeating: "a", count: 152), 3),
        (String(repeating: "ç", count: 70), 1), (String(repeating: "ç", count: 71), 2),
        (String(repeating: "ç", count: 135), 3), (String(repeating: "😀", count: 36), 2),
        (String(repeating: "ç", count: 66) + "😀" + String(repeating: "ç", count: 66), 3),
        ("`" + String(repeating: "a", count: 70), 2), ("", 1), ("Ç" + String(repeating: "a", count: 159), 1),
    ]

    @Test(arguments: vectors.indices) func `texts need the segments that Twilio counts`(_ index: Int) {
        let vector = SegmentCountTests.vectors[index]
        #expect(SegmentCount.segments(of: vector.text) == vector.segments)
    }
}
