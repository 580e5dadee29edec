import Contacts
import Testing

@Suite struct NationalNumberTests {
    @Test(
        arguments: [
            ("(415) 555-0123", "US", "+14155550123"), ("1-415-555-0123", "US", "+14155550123"),
            ("415.555.0123", "CA", "+14155550123"), ("020 7946 0123", "GB", "+442079460123"),
            ("+44 (0)20 7946 0123", nil, "+442079460123"), ("0044 20 7946 0123", nil, "+442079460123"),
            ("+1 415 555 0123", nil, "+14155550123"), ("030 123456", "DE", "+4930123456"),
            ("06 12 34 56 78", "FR", "+33612345678"), ("02 1234 5678", "AU", "+61212345678"),
        ] as [(String, String?, String)])
    func `a number as it is written at home is understood`(text: String, country: String?, number: String) {
        #expect(NationalNumber.likely(text, in: country)?.description == number)
    }

    @Test(
        arguments: [
            ("(415) 555-0123", nil), ("555-0123", "US"), ("115 555 0123", "US"), ("415 055 0123", "US"),
            ("call me", "US"), ("", "US"), ("+", "US"), ("415 555 0123", "XX"), ("0123", "GB"), ("415+5550123", "US"),
        ] as [(String, String?)])
    func `nothing is offered where it cannot be told`(text: String, country: String?) {
        #expect(NationalNumber.likely(text, in: country) == nil)
    }
}
