import Foundation
import JobQueue
import Numbers
import Postgres

/// What the messages of a bulk go out from, and how many more of them the queue has room for.
struct BulkSender: Sendable {
    /// A line that its messages stand in.
    private struct Line: Sendable {
        /// A number, or a messaging service.
        let sender: String
        /// Segments a second; 0 is no limit.
        let rate: Double
    }

    /// What may wait in the queue: so many seconds' worth, and never more than so many.
    private static let horizon = 10
    static let longestQueue = 2_000
    /// With so many of an organization's messages that go out next, or are tried again, whose they are is not counted: there
    /// is no room.
    private static let longestLook = 20_000
    /// Messages a second of a line that has no rate of its own and was slowed down; see ``SenderLane``.
    private static let unlimitedRate = 100.0

    /// The one that the caller named.
    let number: (id: UUID, number: String)?
    let service: String?
    let rotation: SenderRotation
    private let credential: UUID
    private let lines: [Line]

    /// - Parameter row: of `BulkQueries.lock`.
    init(
        _ row: PostgresRow, carriesMedia: Bool, credential: UUID, in transaction: Transaction
    ) async throws(PostgresError) {
        let organization = PostgresValue(transaction.organization)
        self.credential = credential
        let account = try await transaction.execute(
            MessagingQueries.messagingService, [organization, .uuid(credential)])
        if let id = row.uuid("phone_number_id") {
            let own = try await transaction.execute(BulkRoomQueries.ownNumber, [organization, .uuid(id)]).rows.first
            let number = own?.string("number") ?? ""
            self.number = (id, number)
            service = nil
            rotation = SenderRotation([])
            lines = [Line(sender: number, rate: own?.string("rate").flatMap { Double($0) } ?? 1)]
        } else if let service = account.rows.first?.string("messaging_service_sid") {
            number = nil
            self.service = service
            rotation = SenderRotation([])
            lines = [Line(sender: service, rate: 0)]
        } else {
            number = nil
            service = nil
            rotation = try await NumberStore.rotation(credential: credential, media: carriesMedia, in: transaction)
            let awake = rotation.candidates.filter { $0.restsUntil == nil }
            let senders = awake.isEmpty ? rotation.candidates : awake
            let found = try await transaction.execute(
                BulkRoomQueries.rates, [organization, .uuids(senders.map(\.id))])
            var rates: [UUID: Double] = [:]
            for row in found.rows {
                rates[try row.requireUUID("id")] = row.string("rate").flatMap { Double($0) }
            }
            lines = senders.map { Line(sender: $0.number, rate: rates[$0.id] ?? 1) }
        }
    }

    var kind: SenderChoice.Kind { number != nil ? .caller : service != nil ? .service : .rotation }

    /// How many more messages may be put into the queue now.
    struct Room: Sendable {
        let count: Int
        /// So many together are worth a commit: fewer wait until others have gone out.
        let enough: Int
    }

    /// As many as its senders hand over within some seconds, less what stands in their lines already. What other senders have to
    /// do is no matter; but as long as there is room beside all that waits, nobody asks whose it is.
    /// - Parameter chunk: messages of one commit.
    func room(chunk: Int, in transaction: Transaction) async throws(PostgresError) -> Room {
        // Nobody is left to send: each is told so, and waits for nothing.
        guard !lines.isEmpty else { return Room(count: Self.longestQueue, enough: 1) }
        let capacity = lines.reduce(0) { $0 + ($1.rate > 0 ? $1.rate * Double(Self.horizon) : .infinity) }
        let few = Int(min(capacity, Double(Self.longestQueue))) - chunk
        if let room = try await room(chunk: chunk, tellingApartMoreThan: few, in: transaction) { return room }
        return try await room(chunk: chunk, tellingApartMoreThan: -1, in: transaction) ?? Room(count: 0, enough: 1)
    }

    /// `nil` where it has to be known whose messages wait, and was not asked.
    private func room(
        chunk: Int, tellingApartMoreThan few: Int, in transaction: Transaction
    ) async throws(PostgresError) -> Room? {
        let found = try await transaction.execute(
            BulkRoomQueries.standing,
            [
                PostgresValue(transaction.organization), .text(MessageJobs.send.rawValue), .uuid(credential),
                .texts(lines.map(\.sender) + [SenderLane.account]), .int(Self.horizon), .int(Self.longestLook),
                .int(few),
            ])
        let horizon = Double(Self.horizon)
        let rates = Dictionary(lines.map { ($0.sender, $0.rate) }) { first, _ in first }
        var room = 0.0
        var standing = 0.0
        var unknown = 0
        var most = Double(Self.longestQueue)
        for row in found.rows {
            guard try row.requireInt("due") < Self.longestLook else { return Room(count: 0, enough: 1) }
            if try !row.requireBool("is_told_apart") { unknown = try row.requireInt("due") }
            let length = row.string("seconds").flatMap { Double($0) } ?? 0
            guard let rate = rates[try row.requireString("sender")] else {
                // The account's own line, in which other senders' messages stand as well.
                guard length <= 2 * horizon else { return Room(count: 0, enough: 1) }
                let rate = row.string("messages_per_second").flatMap { Double($0) } ?? 0
                if rate > 0 { most = min(most, rate * horizon) }
                continue
            }
            // The places behind the horizon are not among those that are due.
            let slowness = row.string("slowness").flatMap { Double($0) } ?? 1
            let speed = (rate > 0 ? rate : Self.unlimitedRate) / slowness
            standing += Double(try row.requireInt("queued")) + (max(0, length - horizon) * speed).rounded(.up)
            room += rate > 0 ? rate * horizon : most
        }
        let capacity = Int(max(1, min(room, most)))
        let count = max(0, capacity - Int(standing) - unknown)
        guard unknown == 0 || count >= chunk else { return nil }
        return Room(count: count, enough: max(1, min(chunk, capacity / 4)))
    }
}
