import Messaging
import Testing

@Suite struct MessageStatusTests {
    /// What the callbacks of one message can say.
    static let reports: [MessageStatus] = [.accepted, .sent, .delivered]

    /// All sequences over the reports up to a length, duplicates included.
    static func sequences(_ reports: [MessageStatus], length: Int) -> [[MessageStatus]] {
        guard length > 0 else { return [[]] }
        let shorter = sequences(reports, length: length - 1)
        return shorter + shorter.filter { $0.count == length - 1 }.flatMap { prefix in reports.map { prefix + [$0] } }
    }

    func end(of sequence: [MessageStatus], from start: MessageStatus) -> MessageStatus {
        sequence.reduce(start) { $0.advances(to: $1) ? $1 : $0 }
    }

    @Test(arguments: [MessageStatus.sending, .inDoubt, .unknown, .accepted])
    func `Any order and repetition of the same callbacks ends in the same state`(start: MessageStatus) {
        for sequence in Self.sequences(Self.reports, length: 5) where sequence.contains(.delivered) {
            #expect(end(of: sequence, from: start) == .delivered, "\(sequence)")
        }
        for sequence in Self.sequences([.accepted, .sent, .undelivered], length: 5)
        where sequence.contains(.undelivered) {
            #expect(end(of: sequence, from: start) == .undelivered, "\(sequence)")
        }
    }

    @Test(arguments: MessageStatus.allCases)
    func `A state never goes back`(status: MessageStatus) {
        for next in MessageStatus.allCases where status.advances(to: next) {
            #expect(!next.advances(to: status) || status == .inDoubt, "\(status) and \(next) lead to each other")
        }
        #expect(!status.advances(to: status))
    }

    @Test(arguments: [MessageStatus.delivered, .undelivered, .failed, .canceled, .received])
    func `Nothing leads out of a final state`(status: MessageStatus) {
        #expect(MessageStatus.allCases.allSatisfy { !status.advances(to: $0) })
    }

    @Test func `A queued message is moved by no callback, since nothing was sent`() {
        #expect(MessageStatus.allCases.allSatisfy { !MessageStatus.queued.advances(to: $0) })
    }

    @Test(arguments: [
        ("sent", MessageStatus.sent), ("delivered", .delivered), ("read", .delivered), ("undelivered", .undelivered),
        ("failed", .failed), ("canceled", .canceled), ("Delivered", .delivered),
    ])
    func `Twilio's words are understood`(word: String, status: MessageStatus) {
        #expect(MessageStatus(carrierReport: word) == status)
    }

    @Test(arguments: ["queued", "sending", "receiving", "", "brand_new"])
    func `Words that say nothing new are passed over`(word: String) {
        #expect(MessageStatus(carrierReport: word) == nil)
    }
}
