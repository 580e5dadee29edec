import Foundation
import Messaging
import Testing

/// Ids that are made by the thousand.
struct RandomIDTests {
    @Test func `each is of version 4 and the variant of the RFC, and no two are alike`() {
        var seen: Set<UUID> = []
        for _ in 0..<2_000 {
            let id = UUID.random()
            let text = Array(id.uuidString)
            #expect(text[14] == "4")
            #expect("89AB".contains(text[19]))
            seen.insert(id)
        }
        #expect(seen.count == 2_000)
        // Every bit but those is random: of 2,000 each is set in some and not in others.
        let bytes = seen.map { id in withUnsafeBytes(of: id.uuid) { Array($0) } }
        for index in 0..<16 {
            let fixed: UInt8 = index == 6 ? 0xF0 : index == 8 ? 0xC0 : 0
            #expect(bytes.reduce(0) { $0 | $1[index] } | fixed == 0xFF)
            #expect(bytes.reduce(0xFF) { $0 & $1[index] } & ~fixed == 0)
        }
    }
}
