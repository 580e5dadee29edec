import Contacts
package import Foundation
import JobQueue
import Numbers
import OptOuts
package import Postgres
import QueryEngine
import Settings
package import Twilio
import Usage

/// Messages that Twilio had before they were known here.
package enum PastMessages {
    /// How they are found.
    private enum Finding {
        /// By a sync: what is in the past is not unread, and Switchboard did not carry it.
        case sync
        /// By looking for what a webhook should have brought, so as if it had.
        case missed
    }

    /// Records those that are not known yet, each in its contact's conversation. Answers how many were new.
    /// They are not metered: Switchboard did not carry them.
    package static func record(
        _ messages: [Twilio.Message], credential: UUID, in transaction: Transaction
    ) async throws -> Int {
        var added = 0
        for message in messages {
            if try await record(message, .sync, credential: credential, in: transaction) != nil { added += 1 }
        }
        return added
    }

    /// Records those that came in and that no webhook has told of. Answers how many there were.
    static func recordMissed(
        _ messages: [Twilio.Message], credential: UUID, in transaction: Transaction
    ) async throws -> Int {
        let inbound = messages.filter { $0.direction == .inbound }
        let told = try await transaction.execute(
            MessagingQueries.received,
            [
                PostgresValue(transaction.organization),
                .texts(inbound.map { InboundArrivals.signedKey($0.sid.description) }),
            ])
        let known = Set(told.rows.compactMap { $0.string("signed_key") })
        var (added, answered) = (0, 0)
        for message in inbound where !known.contains(InboundArrivals.signedKey(message.sid.description)) {
            guard let recorded = try await record(message, .missed, credential: credential, in: transaction) else {
                continue
            }
            added += 1
            if recorded.isAnswered { answered += 1 }
        }
        // Last, for the counters stay locked to the end.
        if added > 0 { try await UsageMeter.count(.messagesInbound, amount: added, in: transaction) }
        if answered > 0 { try await UsageMeter.count(.messagesOutbound, amount: answered, in: transaction) }
        return added
    }

    /// What became of a message that was not known.
    private struct Recorded {
        /// And a message goes out for it.
        var isAnswered = false
    }

    /// Claims what a webhook would have brought; not what is here already.
    private static func isMissed(_ sid: String, in transaction: Transaction) async throws(PostgresError) -> Bool {
        guard try await MessageWebhooks.isFirst(InboundArrivals.signedKey(sid), in: transaction) else { return false }
        return try await transaction.execute(
            InboundQueries.isKnown, [PostgresValue(transaction.organization), .text(sid)]
        ).count == 0
    }

    /// `nil` for one that is known, or that is nobody's.
    private static func record(
        _ message: Twilio.Message, _ finding: Finding, credential: UUID, in transaction: Transaction
    ) async throws -> Recorded? {
        let isInbound = message.direction == .inbound
        guard let status = status(of: message, isInbound: isInbound),
            let other = (isInbound ? message.from : message.to).flatMap(CarrierAddress.init),
            let own = isInbound ? message.to : message.from
        else { return nil }
        // What went out to somebody without a phone is nobody's whom we know.
        let phone = other.phone
        guard isInbound || phone != nil else { return nil }
        let createdAt = message.dateCreated ?? Date()
        // U+0000 cannot be stored in PostgreSQL's text; nothing else is changed.
        let body = (message.body ?? "").replacing("\u{0}", with: "\u{FFFD}")
        var contact: UUID?
        if let phone {
            let known = try await ContactStore.findOrCreate(phone: phone, in: transaction)
            if known.isNew, isInbound, finding == .missed {
                try await ContactStore.markUnasked(known.id, in: transaction)
            }
            contact = known.id
        }
        // The contact before the receipt, as a webhook does it.
        if finding == .missed, try await !isMissed(message.sid.description, in: transaction) { return nil }
        // Twilio's list may be faster than its answer to us. Such a message is here already; taken for another one, it
        // would stand here twice, and its own attempt could never be settled.
        if !isInbound, let contact {
            let own = try await transaction.execute(
                MessagingQueries.isOwnAttempt,
                [
                    PostgresValue(transaction.organization), .uuid(contact), .text(own), .text(body),
                    .timestamp(createdAt), .text(message.sid.description),
                ])
            if try own.rows.first?.requireBool("is_own") ?? false { return nil }
        }
        var conversation: UUID?
        if let contact {
            conversation = try await ContactStore.joinConversation(
                contact: contact, at: createdAt, unread: finding == .missed ? 1 : 0, in: transaction)
        }
        let number = try await NumberStore.find(
            number: CarrierAddress(own)?.withoutChannel ?? own, in: transaction)
        let id = UUID()
        let inserted = try await transaction.execute(
            MessagingQueries.insertPast,
            [
                PostgresValue(transaction.organization), .uuid(id), .text(isInbound ? "INBOUND" : "OUTBOUND"),
                .text(status.rawValue), PostgresValue(message.from), .text(message.to ?? own),
                .text(body), .int(message.numSegments ?? 0), .text(message.sid.description),
                PostgresValue(message.errorCode), PostgresValue(micros(message.price)),
                message.price == nil ? .null : PostgresValue(message.priceUnit?.uppercased()), PostgresValue(contact),
                PostgresValue(conversation), PostgresValue(number), .uuid(credential), PostgresValue(message.dateSent),
                .timestamp(createdAt),
            ])
        guard inserted.count == 1 else { return nil }
        try await MessageStore.note(
            status, of: id, source: finding == .sync ? .sync : .reconciliation, in: transaction)
        if isInbound, message.numMedia ?? 0 > 0 {
            try await WorkQueue.enqueue(MessageJobs.listMedia, subject: id, in: transaction)
        }
        var recorded = Recorded()
        if isInbound, let contact, let phone {
            let said = Said(message: id, body: body, to: CarrierAddress(own)?.withoutChannel ?? own, at: createdAt)
            if finding == .missed, createdAt.timeIntervalSinceNow > -answerable, let conversation,
                let to = CarrierAddress(own)
            {
                guard try await !isOutdated(said, of: contact, in: transaction) else { return recorded }
                recorded.isAnswered = try await InboundMessage(
                    id: id, from: phone, to: to, body: body, optOutType: nil, contact: contact,
                    conversation: conversation, credential: credential, hasUnreadableMedia: false
                ).react(
                    at: createdAt, by: try await OrganizationSettings.read(in: transaction), in: transaction)
            } else {
                try await obey(said, of: contact, phone, in: transaction)
            }
        }
        return recorded
    }

    /// Seconds for which what was missed is still answered as if its webhook had come. Later an answer would be odd.
    private static let answerable: TimeInterval = 3_600

    private struct Said {
        let message: UUID
        let body: String
        let to: String
        let at: Date
    }

    /// A wish whose webhook was lost counts from when it was written, unless the contact has written another since.
    private static func obey(
        _ said: Said, of contact: UUID, _ phone: E164, in transaction: Transaction
    ) async throws {
        let settings = try await OrganizationSettings.read(in: transaction)
        let words = OptOutWords(stop: settings.stopWords, start: settings.startWords, help: settings.helpWords)
        guard let heard = words.heard(in: said.body), heard.wish != .help,
            try await !isOutdated(said, of: contact, in: transaction)
        else { return }
        let group = try await OptOutRegister.group(of: said.to, settings, in: transaction)
        if heard.wish == .stop {
            _ = try await OptOutRegister.record(
                OptOutRegister.Request(
                    contact: contact, phone: phone.description, source: heard.source, wording: said.body,
                    message: said.message),
                group: group, at: said.at, in: transaction)
        } else {
            _ = try await OptOutRegister.end(
                contact: contact, group: group, source: heard.source, at: said.at, in: transaction)
        }
    }

    /// Whether it asks to stop or to start, and the contact has asked for either since.
    private static func isOutdated(
        _ said: Said, of contact: UUID, in transaction: Transaction
    ) async throws -> Bool {
        let settings = try await OrganizationSettings.read(in: transaction)
        let words = OptOutWords(stop: settings.stopWords, start: settings.startWords, help: settings.helpWords)
        func isWish(_ body: String) -> Bool {
            words.heard(in: body).map { $0.wish != .help } ?? false
        }
        guard isWish(said.body) else { return false }
        let later = try await transaction.execute(
            MessagingQueries.laterWords,
            [PostgresValue(transaction.organization), .uuid(contact), .timestamp(said.at)])
        return later.rows.contains { row in row.string("body").map(isWish) ?? false }
    }

    private static func status(of message: Twilio.Message, isInbound: Bool) -> MessageStatus? {
        if isInbound { return .received }
        switch message.status {
        case .scheduled: return .scheduled
        case .queued, .sending: return .accepted
        default: return MessageStatus(carrierReport: message.status.rawValue)
        }
    }

    /// Twilio's price is what it takes from the account, so negative; here a price is what was paid.
    private static func micros(_ price: Decimal?) -> Int64? {
        guard let price else { return nil }
        var scaled = abs(price) * 1_000_000
        var rounded = Decimal()
        NSDecimalRound(&rounded, &scaled, 0, .plain)
        return NSDecimalNumber(decimal: rounded).int64Value
    }
}
