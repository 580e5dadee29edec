import Credentials
import Foundation
import Postgres

/// What Twilio is asked for before a message is taken, outside of any transaction, and only where the answer is not known.
struct Inquiry: Sendable {
    struct Questions: OptionSet {
        let rawValue: Int

        /// What kind of line a number is.
        static let line = Questions(rawValue: 1)
        /// Whether a trial account may text a number.
        static let recipient = Questions(rawValue: 2)
    }

    private let lines: LineTypes
    private let recipients: VerifiedRecipients

    init(database: Database, credentials: CredentialManager) {
        lines = LineTypes(database: database, credentials: credentials)
        recipients = VerifiedRecipients(database: database, credentials: credentials)
    }

    /// Makes an attempt; where it has to know something first, Twilio is asked for that, once, and it is made again.
    func informed<R>(
        _ organization: OrganizationID, _ attempt: (_ asks: Questions) async throws -> R
    ) async throws -> R {
        var asks: Questions = [.line, .recipient]
        while true {
            do {
                return try await attempt(asks)
            } catch let unknown as VerifiedRecipients.Unknown {
                try await recipients.learn(unknown, of: organization)
                asks.remove(.recipient)
            } catch let unknown as LineTypes.Unknown {
                try await lines.learn(unknown, of: organization)
                asks.remove(.line)
            }
        }
    }
}
