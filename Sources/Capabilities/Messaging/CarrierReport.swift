import Foundation

/// What the carrier said about one message, by whatever way.
package struct CarrierReport: Sendable {
    package let sid: String
    package let status: MessageStatus
    package let errorCode: Int?
    /// The sender, which a messaging service chooses late.
    package let from: String?
    package let source: MessageStore.Source
    /// A sentence for the attempt.
    package let evidence: String

    /// Twilio's code for its own queue having been full: nothing has gone out.
    static let queueOverflow = 30_001

    /// Twilio's code for a message that a carrier filtered.
    static let filtered = 30_007

    /// Whether Twilio gave the message up before anything went out, so that it may be sent again.
    var isGivenUp: Bool { status == .failed && errorCode == Self.queueOverflow }
}
