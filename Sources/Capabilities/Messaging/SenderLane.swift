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

    private struct Pace {
        let sender: Double
        let account: Double
        let segments: Int
        let lines: Int
        let isPlaceGood: Bool
        let turnIn: Duration?
    }

    /// Asks how fast the message's sender and its account may go, and how the lines stand.
    static func pace(of message: UUID, in transaction: Transaction) -> (Statement, [PostgresValue]) {
        (SenderLaneQueries.pace, [PostgresValue(transaction.organization), .uuid(message)])
    }

    /// Takes a place for a queued message, or finds that its turn has come. Late in the transaction: the line is locked
    /// to its end.
    /// - Parameter row: what ``pace(of:in:)`` answered.
    static func turn(
        of message: UUID, pace row: PostgresRow, line sender: String, credential: UUID, in transaction: Transaction
    ) async throws(PostgresError) -> Turn {
        let organization = PostgresValue(transaction.organization)
        let slowdowns = try row.requireInt("slowdowns")
        let isSlow = row.bool("is_account_slow") ?? false
        let given = row.string("messages_per_second").flatMap { Double($0) } ?? 0
        let own = row.string("segments_per_second").flatMap { Double($0) } ?? 1
        let pace = Pace(
            sender: own > 0 ? own : row.bool("is_sender_slow") == true ? accountRate : 0,
            account: given > 0 ? given : isSlow ? accountRate : 0, segments: max(1, try row.requireInt("segments")),
            lines: try row.requireInt("turn_lines"),
            isPlaceGood: row.isNull("turn_slowdowns") || row.int("turn_slowdowns") == slowdowns,
            turnIn: row.int("turn_in").map { .microseconds($0) })
        guard pace.sender > 0 || pace.account > 0 else { return .now }

        let key: [PostgresValue] = [organization, .uuid(credential)]
        var standing = pace.isPlaceGood ? pace.lines : 0
        if standing > 0, let turnIn = pace.turnIn {
            if turnIn > .zero { return .later(turnIn) }
            if turnIn < .zero - lateness(pace) { standing = 0 }
        }
        var known = slowdowns
        if standing == 0, pace.sender > 0 {
            let seconds = Double(pace.segments) / pace.sender
            let (turnIn, current) = try await place(key + [.text(sender)], seconds: seconds, in: transaction)
            known = current
            if turnIn > .zero { return try await keep(message, turnIn, lines: 1, known, in: transaction) }
        }
        if standing < 2, pace.account > 0 {
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

    /// A quarter of a second, or the time of two messages.
    private static func lateness(_ pace: Pace) -> Duration {
        let slowest = min(pace.sender > 0 ? pace.sender : .infinity, pace.account > 0 ? pace.account : .infinity)
        return max(.milliseconds(250), .seconds(2 * Double(pace.segments) / slowest))
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
