import Foundation
import Messaging
import Testing

@Suite struct QuietHoursTests {
    static func date(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }

    /// Quiet from, until, now, in which zone, and when it is over ("" when it is not quiet).
    @Test(arguments: [
        ("21:00", "08:00", "2026-11-24T22:30:00Z", "UTC", "2026-11-25T08:00:00Z"),
        ("21:00", "08:00", "2026-11-24T21:00:00Z", "UTC", "2026-11-25T08:00:00Z"),
        ("21:00", "08:00", "2026-11-24T07:59:59Z", "UTC", "2026-11-24T08:00:00Z"),
        ("21:00", "08:00", "2026-11-24T08:00:00Z", "UTC", ""), ("21:00", "08:00", "2026-11-24T20:59:59Z", "UTC", ""),
        ("12:00", "14:00", "2026-11-24T13:00:00Z", "UTC", "2026-11-24T14:00:00Z"),
        ("12:00", "14:00", "2026-11-24T14:00:00Z", "UTC", ""),
        ("21:00", "08:00", "2026-11-24T13:00:00Z", "Asia/Tokyo", "2026-11-24T23:00:00Z"),
        ("21:00", "08:00", "2026-11-24T13:00:00Z", "America/New_York", "2026-11-24T13:00:00Z+"),
        // The clock jumps from 2:00 to 3:00.
        ("21:00", "02:30", "2026-03-08T06:30:00Z", "America/New_York", "2026-03-08T07:00:00Z"),
    ])
    func `it is over by the recipient's wall clock`(
        from: String, until: String, now: String, zone: String, expected: String
    ) throws {
        let quiet = try #require(QuietHours(from: from, until: until))
        let instant = try Self.date(now)
        let end = quiet.end(at: instant, in: try #require(TimeZone(identifier: zone)))
        // 8:00 in New York is the end itself: not quiet.
        #expect(end == (expected.isEmpty || expected.hasSuffix("+") ? nil : try Self.date(expected)))
    }

    @Test(arguments: [
        ("21:00", "21:00"), ("24:00", "08:00"), ("9:00", "10:00"), ("21:60", "08:00"), ("", ""), ("ab:cd", "08:00"),
    ])
    func `what is no time of the day is no quiet hours`(from: String, until: String) {
        #expect(QuietHours(from: from, until: until) == nil)
    }

    @Test(arguments: [
        ("2026-11-24T09:00", "America/New_York", "2026-11-24T14:00:00Z"),
        ("2026-07-01T09:00", "Europe/Berlin", "2026-07-01T07:00:00Z"),
        // Twice that night: the first. Not at all that night: when the clock has jumped.
        ("2026-11-01T01:30", "America/New_York", "2026-11-01T05:30:00Z"),
        ("2026-03-08T02:30", "America/New_York", "2026-03-08T07:00:00Z"),
    ])
    func `a time on a wall is an instant`(text: String, zone: String, expected: String) throws {
        let local = try #require(LocalTime(text))
        #expect(local.instant(in: try #require(TimeZone(identifier: zone))) == (try Self.date(expected)))
    }

    @Test(arguments: [
        "2026-02-29T09:00", "2026-13-01T09:00", "2026-11-24 09:00", "2026-11-24T25:00", "2026-11-24T09:00Z", "",
    ])
    func `a day that there is not is none`(text: String) { #expect(LocalTime(text) == nil) }
}
