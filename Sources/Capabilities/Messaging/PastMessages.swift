import Contacts
package import Foundation
import Numbers
package import Postgres
import QueryEngine
package import Twilio

/// Messages that Twilio had before they were known here.
package enum PastMessages {
    /// Records those that are not known yet, each in its contact's conversation. Answers how many were new.
    /// They are not metered: Switchboard did not carry them.
    package static func record(
        _ messages: [Twilio.Message], credential: UUID, in transaction: Transaction
    ) async throws -> Int {
        var added = 0
        for message in messages where try await record(message, credential: credential, in: transaction) {
            added += 1
        }
        return added
    }

    private static func record(
        _ message: Twilio.Message, credential: UUID, in transaction: Transaction
    ) async throws -> Bool {
        let isInbound = message.direction == .inbound
        guard let status = status(of: message, isInbound: isInbound),
            let other = (isInbound ? message.from : message.to).flatMap(E164.init),
            let own = isInbound ? message.to : message.from
        else { return false }
        let createdAt = message.dateCreated ?? Date()
        // U+0000 cannot be stored in PostgreSQL's text; nothing else is changed.
        let body = (message.body ?? "").replacing("\u{0}", with: "\u{FFFD}")
        let contact = try await ContactStore.findOrCreate(phone: other, in: transaction)
        // Twilio's list may be faster than its answer to us. Such a message is here already; taken for another one, it
        // would stand here twice, and its own attempt could never be settled.
        if !isInbound {
            let own = try await transaction.execute(
                MessagingQueries.isOwnAttempt,
                [
                    PostgresValue(transaction.organization), .uuid(contact.id), .text(own), .text(body),
                    .timestamp(createdAt),
                ])
            if try own.rows.first?.requireBool("is_own") ?? false { return false }
        }
        let conversation = try await ContactStore.joinConversation(
            contact: contact.id, at: createdAt, unread: 0, in: transaction)
        let number = try await NumberStore.find(number: own, in: transaction)
        let id = UUID()
        let inserted = try await transaction.execute(
            MessagingQueries.insertPast,
            [
                PostgresValue(transaction.organization), .uuid(id), .text(isInbound ? "INBOUND" : "OUTBOUND"),
                .text(status.rawValue), PostgresValue(message.from), .text(message.to ?? own),
                .text(body), .int(message.numSegments ?? 0), .text(message.sid.description),
                PostgresValue(message.errorCode), PostgresValue(micros(message.price)),
                message.price == nil ? .null : PostgresValue(message.priceUnit?.uppercased()), .uuid(contact.id),
                .uuid(conversation), PostgresValue(number), .uuid(credential), PostgresValue(message.dateSent),
                .timestamp(createdAt),
            ])
        guard inserted.count == 1 else { return false }
        try await MessageStore.note(status, of: id, source: .sync, in: transaction)
        return true
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
