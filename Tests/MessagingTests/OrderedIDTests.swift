import Foundation
import Messaging
import Testing

/// Ids that are made by the thousand.
struct OrderedIDTests {
    @Test func `each is of version 7 and the variant of the RFC, and no two are alike`() {
        var seen: Set<UUID> = []
        for _ in 0..<2_000 {
            let id = UUID.ordered()
            let text = Array(id.uuidString)
            #expect(text[14] == "7")
            #expect("89AB".contains(text[19]))
            seen.insert(id)
        }
        #expect(seen.count == 2_000)
        // Every bit behind the time but the variant's is random: of 2,000 each is set in some and not in others.
        let bytes = seen.map { id in withUnsafeBytes(of: id.uuid) { Array($0) } }
        for index in 8..<16 {
            let fixed: UInt8 = index == 8 ? 0xC0 : 0
            #expect(bytes.reduce(0) { $0 | $1[index] } | fixed == 0xFF)
            #expect(bytes.reduce(0xFF) { $0 & $1[index] } & ~fixed == 0)
        }
    }

    /// As PostgreSQL compares them: byte by byte.
    @Test func `one that is made later comes later`() {
        let random: [UInt64] = [.max, 0, .max, 0, .max]
        // What a unit of the time behind the milliseconds is, and what carries into them.
        let times: [UInt64] = [0, 245, 999_999, 1_000_000, 1_763_780_000_123_456_789]
        let ids = zip(times, random).map { UUID.ordered(nanoseconds: $0, random: $1).uuidString }
        #expect(ids == ids.sorted())
        #expect(Set(ids).count == ids.count)
    }

    /// RFC 9562, appendix A.6, has 2022-02-22 19:22:22 UTC.
    @Test func `its time is where the RFC has it`() {
        let id = UUID.ordered(nanoseconds: 1_645_557_742_000_000_000, random: 0x18C4_DC0C_0C07_398F)
        #expect(id.uuidString == "017F22E2-79B0-7000-98C4-DC0C0C07398F")
    }
}
