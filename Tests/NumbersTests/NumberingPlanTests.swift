import Numbers
import Testing

@Suite struct NumberingPlanTests {
    @Test(arguments: [
        ("+14155550123", "US"), ("+14165550123", "CA"), ("+18765550123", "JM"), ("+18005550123", "US"),
        ("+442079460000", "GB"), ("+4930123456", "DE"), ("+3531234567", "IE"), ("+85221234567", "HK"),
        ("+79991234567", "RU"), ("+888123456789", "ZZ"),
    ])
    func `a number's first digits tell its country`(number: String, country: String) {
        #expect(NumberingPlan.country(of: number) == country)
    }

    @Test(arguments: [
        ("+14155550123", NumberFacts.Kind.local), ("+18885550123", .tollFree), ("+447700900123", .mobile),
        ("+442079460000", .local), ("+4915112345678", .mobile), ("+80012345678", .tollFree),
    ])
    func `and its kind`(number: String, kind: NumberFacts.Kind) {
        #expect(NumberingPlan.kind(of: number) == kind)
    }
}
