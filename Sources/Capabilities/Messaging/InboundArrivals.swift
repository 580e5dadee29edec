import Contacts
import Foundation
import Numbers
import OptOuts
import Postgres
import Settings
import Usage

/// What Twilio's webhooks say of messages that came in. Many at once when there are many: those that ask for nothing and
/// get no answer are written down in one transaction. Strangers are made contacts in one of their own before that, which
/// holds nothing else: a set does not wait for somebody's contact while it has others locked.
///
/// Whoever writes such a message down locks in one order: the contact, then the receipt, then the conversation, then the
/// counter of usage. A set takes the conversations together with the contacts, but waits for none of them.
struct InboundArrivals: Sendable {
    /// One message, by one credential.
    struct Arrival: Sendable {
        let sid: String
        let from: CarrierAddress
        let to: CarrierAddress
        let body: String
        /// At least 0.
        let segments: Int
        let media: MessageMediaRecord
        /// The webhook's `OptOutType`.
        let optOutType: String?
        let credential: UUID

        fileprivate var signedKey: String { InboundArrivals.signedKey(sid) }

        /// Whose messages keep their order.
        fileprivate var line: String { from.description }

        fileprivate func asksForNothing(_ words: OptOutWords) -> Bool {
            media.isEmpty && optOutType == nil && words.heard(in: body) == nil
        }
    }

    /// What a webhook of a message brought.
    enum Received: Sendable {
        case before
        case new
        /// And a message goes out for it.
        case answered
    }

    private typealias Share = Intake<Arrival, Received>.Share

    /// What a set made of each, and the places of those among the left whose contact would have to be made.
    private struct Lot: Error {
        var shares: [Share]
        let strangers: [Int]
    }

    /// The line of a contact is that of the contact's own phone.
    private let intake: Intake<Arrival, Received>

    init(database: Database) {
        intake = Intake(line: \.line) { organization, arrivals, busy in
            try await Self.takeMany(arrivals, busy: busy, of: organization, in: database)
        } one: { organization, arrival in
            try await database.withTenant(organization) { try await Self.take(arrival, in: $0) }
        }
    }

    func take(_ arrival: Arrival, of organization: OrganizationID) async throws -> Received {
        try await intake.take(arrival, of: organization)
    }

    /// What is signed in the webhook of a message.
    static func signedKey(_ sid: String) -> String { "inbound/\(sid)" }

    // MARK: Many

    /// For how many milliseconds strangers may wait for whoever makes the same contacts, such as an import; after that they go
    /// one by one.
    private static let welcome = 200

    private static func takeMany(
        _ arrivals: [Arrival], busy: Set<String>, of organization: OrganizationID, in database: Database
    ) async throws -> [Share] {
        var lot = try await takeExpected(arrivals, busy: busy, of: organization, in: database)
        guard !lot.strangers.isEmpty else { return lot.shares }
        let strangers = lot.strangers.map { arrivals[$0] }
        // What was left over goes before what they wrote after it.
        var busy = busy
        for (place, share) in lot.shares.enumerated() where !lot.strangers.contains(place) {
            if case .left(let line) = share { busy.insert(line) }
        }
        do {
            let phones = Set(strangers.compactMap(\.from.phone?.description))
            try await database.withTenant(organization) { transaction in
                try await transaction.pipeline(
                    [(MessagingQueries.waitForLocks, [.text("\(welcome)")])]
                        + ContactStore.makingMissing(phones: phones, cameUnasked: true, in: transaction))
            }
            let made = try await takeExpected(strangers, busy: busy, of: organization, in: database)
            for (place, share) in zip(lot.strangers, made.shares) { lot.shares[place] = share }
        } catch is PostgresError {
            // The others are taken; these go one by one, and are told of their own errors.
        }
        return lot.shares
    }

    private static func takeExpected(
        _ arrivals: [Arrival], busy: Set<String>, of organization: OrganizationID, in database: Database
    ) async throws -> Lot {
        do {
            return try await database.withTenant(organization) { transaction in
                try await takeExpected(arrivals, busy: busy, in: transaction)
            }
        } catch let none as Lot {
            return none
        }
    }

    /// It waits for no contact and no conversation that somebody else has locked.
    ///
    /// - Throws: the lot when nothing in it was as expected, which takes the locks back: a rollback waits for no disk.
    private static func takeExpected(
        _ arrivals: [Arrival], busy: Set<String>, in transaction: Transaction
    ) async throws -> Lot {
        let organization = PostgresValue(transaction.organization)
        let (expected, lines, strangers) = try await expected(among: arrivals, busy: busy, in: transaction)
        var lot = Lot(shares: lines.map { .left(line: $0) }, strangers: strangers)
        guard !expected.isEmpty else { throw lot }
        let claimed = try await transaction.execute(
            MessagingQueries.receiveMany, [organization, .texts(expected.map(\.entry.arrival.signedKey))])
        let keys = Set(claimed.rows.compactMap { $0.string("signed_key") })
        let new = expected.filter { keys.contains($0.entry.arrival.signedKey) }
        guard !new.isEmpty else { throw lot }
        let written = try await transaction.execute(writing(new.map(\.entry), in: transaction))
        // A sync may have been faster.
        let inserted = Set(written[1].rows.compactMap { $0.uuid("id") })
        let messages = new.map(\.entry.message).filter(inserted.contains)
        _ = try await transaction.commit(with: messages.isEmpty ? [] : telling(of: messages, in: transaction))
        for (place, entry) in new { lot.shares[place] = .taken(inserted.contains(entry.message) ? .new : .before) }
        return lot
    }

    /// Those of contacts that are known and now locked, to whom nothing is to be answered, each with its place in the set; the
    /// lines of all; and the places of those who are like them but for the contact, which is not there.
    private static func expected(
        among arrivals: [Arrival], busy: Set<String>, in transaction: Transaction
    ) async throws(PostgresError) -> (expected: [(place: Int, entry: Entry)], lines: [String], strangers: [Int]) {
        let phones = arrivals.map { $0.from.phone?.description ?? "" }
        let found = try await transaction.execute([
            ContactStore.lockingKnown(phones: Set(phones), in: transaction),
            // Once they are locked: nobody opts out between this answer and the end.
            (
                MessagingQueries.standings,
                [
                    PostgresValue(transaction.organization), .texts(phones),
                    .texts(arrivals.map(\.to.withoutChannel)),
                ]
            ), OrganizationSettings.reading(in: transaction),
        ])
        let locked = try ContactStore.locked(found[0])
        let settings = try OrganizationSettings(found[2])
        let words = OptOutWords(stop: settings.stopWords, start: settings.startWords, help: settings.helpWords)
        let hours = Guidance.hours(settings)
        let now = Date()
        var expected: [(place: Int, entry: Entry)] = []
        var lines = arrivals.map(\.line)
        var sids: Set<String> = []
        var strangers = Set(arrivals.indices.filter { !phones[$0].isEmpty })
        // What they wrote after something that is looked at alone comes after it.
        var alone: Set<UUID> = []
        for row in found[1].rows.sorted(by: { ($0.int("place") ?? 0) < ($1.int("place") ?? 0) }) {
            let place = try row.requireInt("place") - 1
            strangers.remove(place)
            let arrival = arrivals[place]
            let contact = try row.requireUUID("id")
            // A phone may have become a contact's since its line was made.
            if !busy.contains(lines[place]) { lines[place] = try row.requireString("phone") }
            guard !busy.contains(lines[place]), locked.contains(contact), !alone.contains(contact),
                sids.insert(arrival.sid).inserted
            else { continue }
            let standing = Guidance.Standing(
                isUnknown: try row.requireBool("is_unknown"), isOptedOut: try row.requireBool("is_opted_out"))
            guard arrival.asksForNothing(words),
                !settings.guidance || Guidance.situation(standing, hours: hours, at: now) == nil
            else {
                alone.insert(contact)
                continue
            }
            expected.append((place, Entry(arrival: arrival, contact: contact, number: row.uuid("number"))))
        }
        // With guidance each of them is answered.
        let quiet = strangers.filter {
            !settings.guidance && !busy.contains(lines[$0]) && arrivals[$0].asksForNothing(words)
        }
        return (expected, lines, quiet.sorted())
    }

    // MARK: One

    private static func take(_ arrival: Arrival, in transaction: Transaction) async throws -> Received {
        let organization = PostgresValue(transaction.organization)
        let before = try await transaction.execute([
            (MessagingQueries.received, [organization, .texts([arrival.signedKey])]),
            NumberStore.finding(number: arrival.to.withoutChannel, in: transaction),
            OrganizationSettings.reading(in: transaction),
        ])
        // What comes twice makes nothing and waits for nobody.
        guard before[0].count == 0 else { return .before }
        let number = try NumberStore.found(before[1])
        let settings = try OrganizationSettings(before[2])
        var contact: UUID?
        if let phone = arrival.from.phone {
            let known = try await ContactStore.findOrCreate(phone: phone, in: transaction)
            if known.isNew { try await ContactStore.markUnasked(known.id, in: transaction) }
            contact = known.id
        }
        guard try await MessageWebhooks.isFirst(arrival.signedKey, in: transaction) else { return .before }

        let entry = Entry(arrival: arrival, contact: contact, number: number)
        // A sync may have been faster. What the message asks for is heard, and its files are fetched, all the same.
        let found = (EvidenceQueries.messageOfSID, [organization, .text(arrival.sid), .uuid(arrival.credential)])
        let written = try await transaction.execute(writing([entry], in: transaction) + [found])
        let recorded = written[2].rows.first?.uuid("id")
        if let recorded { try await arrival.media.keep(of: recorded, in: transaction) }
        var answered = false
        if let phone = arrival.from.phone, let contact {
            answered = try await InboundMessage(
                id: recorded, from: phone, to: arrival.to, body: arrival.body, optOutType: arrival.optOutType,
                contact: contact, conversation: try ContactStore.joined(written[0]), credential: arrival.credential,
                hasUnreadableMedia: arrival.media.hasUnreadable
            ).react(by: settings, in: transaction)
        }
        // Last, for the counters stay locked to the end.
        let counting = answered ? [UsageMeter.counting(.messagesOutbound, in: transaction)] : []
        guard written[1].count == 1 else {
            try await transaction.pipeline(counting)
            return answered ? .answered : .before
        }
        _ = try await transaction.commit(with: telling(of: [entry.message], in: transaction) + counting)
        return answered ? .answered : .new
    }

    // MARK: Either

    /// A message as it is written down.
    private struct Entry {
        let arrival: Arrival
        let contact: UUID?
        /// Ours that was written to.
        let number: UUID?
        let message = UUID()
    }

    /// The contacts' conversations, and the messages in them: two statements.
    private static func writing(
        _ entries: [Entry], in transaction: Transaction
    ) -> [(Statement, [PostgresValue])] {
        var joinings: [UUID: ContactStore.Joining] = [:]
        for entry in entries {
            guard let contact = entry.contact else { continue }
            var joining = joinings[contact] ?? ContactStore.Joining(contact: contact, unread: 0)
            joining.unread += 1
            joining.number = entry.number ?? joining.number
            joinings[contact] = joining
        }
        return [
            ContactStore.joining(Array(joinings.values), at: Date(), in: transaction),
            (
                MessagingQueries.insertInbound,
                [
                    PostgresValue(transaction.organization), .uuids(entries.map(\.message)),
                    .texts(entries.map(\.arrival.from.description)), .texts(entries.map(\.arrival.to.description)),
                    .texts(entries.map(\.arrival.body)), .ints(entries.map { Int64($0.arrival.segments) }),
                    .texts(entries.map(\.arrival.sid)), .texts(entries.map { $0.contact?.lowercasedString ?? "" }),
                    .texts(entries.map { $0.number?.lowercasedString ?? "" }),
                    .uuids(entries.map(\.arrival.credential)),
                ]
            ),
        ]
    }

    private static func telling(
        of messages: [UUID], in transaction: Transaction
    ) -> [(Statement, [PostgresValue])] {
        MessageStore.notes(.received, of: messages, source: .webhook, in: transaction)
            + [UsageMeter.counting(.messagesInbound, amount: messages.count, in: transaction)]
    }
}
