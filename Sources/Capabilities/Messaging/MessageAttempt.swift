import Foundation
import Twilio

/// One try to hand a message to Twilio, as it was committed before the first byte.
struct MessageAttempt: Sendable {
    let id: UUID
    let message: UUID
    /// 1 for the first.
    let number: Int
    /// Travels in the status callback's URL, so that a callback proves which attempt it is about.
    let nonce: String
    /// Before it was committed, so never later than its deadline counts from.
    let madeAt: ContinuousClock.Instant
    let credential: UUID
    /// A number, or the messaging service that picks one.
    let sender: Twilio.Message.Creation.Sender
    /// The name of the sender's line.
    let line: String
    /// The own number, if it is one.
    let phoneNumber: UUID?
    let to: String
    let body: String
    /// The addresses of the files that go with it.
    let mediaURLs: [String]
    /// Seconds until it may not go out any more, 1 to Twilio's longest, 36,000.
    let validFor: Int
}

/// 128 random bits, in hexadecimal.
enum AttemptNonce {
    static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        return [generator.next(), generator.next()].map { (half: UInt64) in
            let digits = String(half, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
