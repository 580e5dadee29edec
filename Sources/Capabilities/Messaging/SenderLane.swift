import Foundation
import Postgres

/// The line that messages of one sender, or of one account, stand in: at most so many segments (or messages) a second,
/// over all nodes together. The place of each is an instant; the line's end moves by one UPDATE.
///
/// Whoever comes late by more than `lateness` takes another place, so that after a pause a line does not go faster than
/// its rate to catch up: in any time there are at most as many as the rate allows, and those of `lateness` more.
enum SenderLane {
    /// How a message stands.
    enum Turn: Sendable {
        /// It may go out now.
        case now
        /// It has a place, and its turn comes after this.
        case later(Duration)
    }

    /// The account's own line.
    static let account = ""
    /// Messages a second that a slowed line begins from when no rate is set: Twilio's cap of about 100 calls at once.
    private static let accountRate = 100.0
    /// Messages with files a second that Twilio takes of an account (2019), whatever else it is given.
    private static let mediaRate = 25.0

    /// How fast a message may go, and where it stands.
    struct Pace: Sendable {
        /// Segments a second; 0 is no limit.
        fileprivate let sender: Double
        /// Messages a second; 0 is no limit.
        fileprivate let account: Double
        fileprivate let segments: Int
        fileprivate let slowdowns: Int
        /// Lines in which it has stood to the end: 1 is the sender's, 2 the account's as well.
        fileprivate let standing: Int
        /// Until its turn, where it has a place.
        fileprivate let turnIn: Duration
        /// The number is to be left in peace for a while.
        let isResting: Bool

        /// - Parameters:
        ///   - row: of `SenderLaneQueries.pace`.
        ///   - media: whether files go along.
        init(_ row: PostgresRow, media: Bool) throws(PostgresError) {
            slowdowns = try row.requireInt("slowdowns")
            isResting = try row.requireBool("is_resting")
            let given = row.string("messages_per_second").flatMap { Double($0) } ?? 0
            let own = row.string("segments_per_second").flatMap { Double($0) } ?? 1
            let sender = own > 0 ? own : row.bool("is_sender_slow") == true ? accountRate : 0
            let rate = given > 0 ? given : row.bool("is_account_slow") == true ? accountRate : 0
            let account = media ? min(rate > 0 ? rate : mediaRate, mediaRate) : rate
            let segments = max(1, try row.requireInt("segments"))
            (self.sender, self.account, self.segments) = (sender, account, segments)

            let isPlaceGood = row.isNull("turn_slowdowns") || row.int("turn_slowdowns") == slowdowns
            let lines = isPlaceGood ? try row.requireInt("turn_lines") : 0
            turnIn = lines > 0 ? row.int("turn_in").map { .microseconds($0) } ?? .zero : .zero
            // A quarter of a second, or the time of two messages.
            let slowest = min(sender > 0 ? sender : .infinity, account > 0 ? account : .infinity)
            let lateness = max(.milliseconds(250), Duration.seconds(2 * Double(segments) / slowest))
            standing = turnIn < .zero - lateness ? 0 : lines
        }

        /// It may go out now, and no line has to be asked.
        var isFree: Bool { (sender == 0 && account == 0) || (turnIn <= .zero && !needsSender && !needsAccount) }

        fileprivate var needsSender: Bool { sender > 0 && standing == 0 }
        fileprivate var needsAccount: Bool { account > 0 && standing < 2 }
    }

    /// Asks how fast the messages' senders and their accounts may go, and how the lines stand: a row for each.
    static func paces(of messages: [UUID], in transaction: Transaction) -> (Statement, [PostgresValue]) {
        (SenderLaneQueries.pace, [PostgresValue(transaction.organization), .uuids(messages)])
    }

    /// Takes a place for a queued message, or finds that its turn has come. Late in the transaction: the line is locked
    /// to its end.
    static func turn(
        of message: UUID, _ pace: Pace, line sender: String, credential: UUID, in transaction: Transaction
    ) async throws(PostgresError) -> Turn {
        if pace.isFree { return .now }
        if pace.turnIn > .zero { return .later(pace.turnIn) }
        let key: [PostgresValue] = [PostgresValue(transaction.organization), .uuid(credential)]
        var known = pace.slowdowns
        if pace.needsSender {
            let seconds = Double(pace.segments) / pace.sender
            let (turnIn, current) = try await place(key + [.text(sender)], seconds: seconds, in: transaction)
            known = current
            if turnIn > .zero { return try await keep(message, turnIn, lines: 1, known, in: transaction) }
        }
        if pace.needsAccount {
            let (turnIn, _) = try await place(
                key + [.text(account)], seconds: 1 / pace.account, in: transaction)
            if turnIn > .zero { return try await keep(message, turnIn, lines: 2, known, in: transaction) }
        }
        return .now
    }

    /// Twilio asked for less: half as fast from now on, and faster again over minutes.
    static func slowDown(
        _ sender: String, credential: UUID, pause: Duration, attempt: UUID, in transaction: Transaction
    ) async throws(PostgresError) {
        let key: [PostgresValue] = [PostgresValue(transaction.organization), .uuid(credential), .text(sender)]
        _ = try await transaction.execute([
            (SenderLaneQueries.makeLane, key),
            (SenderLaneQueries.slowDown, key + [.text("\(min(pause.seconds, 60))"), .uuid(attempt)]),
        ])
    }

    private static func place(
        _ key: [PostgresValue], seconds: Double, in transaction: Transaction
    ) async throws(PostgresError) -> (Duration, Int) {
        let values = key + [.text("\(seconds)")]
        var taken = try await transaction.execute(SenderLaneQueries.takePlace, values)
        if taken.rows.isEmpty {
            _ = try await transaction.execute(SenderLaneQueries.makeLane, key)
            taken = try await transaction.execute(SenderLaneQueries.takePlace, values)
        }
        guard let row = taken.rows.first else { return (.zero, 0) }
        // Within a millisecond it is now.
        let turnIn = try row.requireInt("turn_in")
        return (turnIn <= 1_000 ? .zero : .microseconds(turnIn), try row.requireInt("slowdowns"))
    }

    private static func keep(
        _ message: UUID, _ turnIn: Duration, lines: Int, _ slowdowns: Int, in transaction: Transaction
    ) async throws(PostgresError) -> Turn {
        _ = try await transaction.execute(
            SenderLaneQueries.keepPlace,
            [
                PostgresValue(transaction.organization), .uuid(message), .int(Int(turnIn.seconds * 1_000_000)),
                .int(lines), .int(slowdowns),
            ])
        return .later(turnIn)
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
