import Contacts
import Testing

@Suite struct E164Tests {
    @Test(arguments: ["+14155550123", "+4915112345678", "+12345678", "+123456789012345"])
    func `a plus and 8 to 15 digits is a number`(text: String) {
        #expect(E164(text)?.description == text)
    }

    @Test(arguments: [
        "", "+", "14155550123", "+04155550123", "+1234567", "+1234567890123456", "+1 415 555 0123", "+1415555012a",
        " +14155550123", "+14155550123\n", "+１４１５５５５０１２３", "whatsapp:+14155550123", "22395",
    ])
    func `anything else is none, and nothing is guessed`(text: String) {
        #expect(E164(text) == nil)
    }
}
