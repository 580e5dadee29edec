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

/// The digits of an ordered id, of which 62 bits are random: nobody can guess one, and those that are made together stand
/// together in the index of nonces. What is told of an attempt is believed for its signature, not for its nonce.
enum AttemptNonce {
    static func make() -> String { UUID.ordered().uuidString.replacing("-", with: "").lowercased() }
}
