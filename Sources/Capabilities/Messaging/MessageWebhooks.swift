import Contacts
package import Credentials
import Foundation
import Numbers
package import Postgres
import Settings
import Twilio
import Usage

/// What Twilio tells about messages. Each webhook is recorded by what is signed in it, in the transaction of what it
/// does, so that one that comes twice does nothing the second time.
package struct MessageWebhooks: Sendable {
    private let database: Database
    private let announcements: MessageAnnouncements
    private let statuses: StatusCallbacks

    package init(database: Database, announcements: MessageAnnouncements) {
        self.database = database
        statuses = StatusCallbacks(database: database)
        self.announcements = announcements
    }

    /// A required parameter is missing or not of its form.
    package struct Malformed: Error {}

    /// `…/status?attempt=NONCE`: how a message that went out goes on.
    package func status(_ webhook: VerifiedWebhook) async throws {
        guard let sid = webhook.parameters["MessageSid"], MessageSid(sid) != nil,
            let word = webhook.parameters["MessageStatus"]
        else { throw Malformed() }
        guard let status = MessageStatus(carrierReport: word) else { return }
        let report = CarrierReport(
            sid: sid, status: status, errorCode: webhook.parameters["ErrorCode"].flatMap { Int($0) },
            from: webhook.parameters["From"], source: .callback, evidence: "Twilio's callback said \(word).")
        let moved = try await statuses.take(
            StatusCallbacks.Callback(report: report, nonce: webhook.query["attempt"], credential: webhook.credential),
            of: webhook.organization)
        if moved { announcements.messageChanged(for: webhook.organization) }
    }

    /// `…/inbound`: a message came in. Answers what Twilio is to do: nothing.
    package func inbound(_ webhook: VerifiedWebhook) async throws {
        let parameters = webhook.parameters
        guard let sid = parameters["MessageSid"], MessageSid(sid) != nil,
            let from = parameters["From"].flatMap(CarrierAddress.init),
            let to = parameters["To"].flatMap(CarrierAddress.init)
        else { throw Malformed() }
        // U+0000 cannot be stored in PostgreSQL's text; nothing else is changed.
        let body = (parameters["Body"] ?? "").replacing("\u{0}", with: "\u{FFFD}")
        let segments = parameters["NumSegments"].flatMap { Int($0) } ?? MessageSegments(body).count
        let media = MessageMediaRecord(parameters)
        let outcome = try await database.withTenant(webhook.organization) { transaction in
            guard try await Self.isFirst("inbound/\(sid)", in: transaction) else { return Received.before }
            var contact: UUID?
            var conversation: UUID?
            var before = [
                NumberStore.finding(number: to.withoutChannel, in: transaction),
                OrganizationSettings.reading(in: transaction),
            ]
            if let phone = from.phone {
                let known = try await ContactStore.findOrCreate(phone: phone, in: transaction)
                if known.isNew { try await ContactStore.markUnasked(known.id, in: transaction) }
                contact = known.id
                before.append(ContactStore.joining(contact: known.id, at: Date(), unread: 1, in: transaction))
            }
            let found = try await transaction.execute(before)
            if contact != nil { conversation = try ContactStore.joined(found.last) }
            let number = try NumberStore.found(found[0])
            let settings = try OrganizationSettings(found[1])
            let message = UUID()
            var writing: [(Statement, [PostgresValue])] = [
                (
                    MessagingQueries.insertInbound,
                    [
                        .organization(webhook.organization), .uuid(message), .text(from.description),
                        .text(to.description), .text(body), .int(max(segments, 0)), .text(sid),
                        PostgresValue(contact), PostgresValue(conversation), PostgresValue(number),
                        .uuid(webhook.credential),
                    ]
                ),
                // A sync may have been faster. What the message asks for is heard, and its files are fetched, all the same.
                (
                    MessagingQueries.messageOfSID,
                    [.organization(webhook.organization), .text(sid), .uuid(webhook.credential)]
                ),
            ]
            if let number, let conversation {
                // Whom they wrote to is whom they know.
                writing.append(
                    (
                        MessagingQueries.keepNumber,
                        [.organization(webhook.organization), .uuid(conversation), .uuid(number)]
                    ))
            }
            let written = try await transaction.execute(writing)
            let inserted = written[0]
            let recorded = written[1].rows.first?.uuid("id")
            if let recorded { try await media.keep(of: recorded, in: transaction) }
            var answered = false
            if let phone = from.phone, let contact, let conversation {
                answered = try await InboundMessage(
                    id: recorded, from: phone, to: to, body: body,
                    optOutType: parameters["OptOutType"], contact: contact, conversation: conversation,
                    credential: webhook.credential, hasUnreadableMedia: media.hasUnreadable
                ).react(by: settings, in: transaction)
            }
            guard inserted.count == 1 else { return answered ? .answered : .before }
            _ = try await transaction.commit(
                with: MessageStore.notes(.received, of: [message], source: .webhook, in: transaction)
                    + [UsageMeter.counting(.messagesInbound, in: transaction)])
            return answered ? .answered : .new
        }
        switch outcome {
        case .before: break
        case .new: announcements.messageChanged(for: webhook.organization)
        case .answered: announcements.messageQueued(for: webhook.organization)
        }
        if outcome != .before, !media.isEmpty { announcements.mediaArrived(for: webhook.organization) }
    }

    /// What a webhook of a message brought.
    private enum Received {
        case before
        case new
        /// And a message goes out for it.
        case answered
    }

    /// Claims what is signed in a webhook, for the transaction that does what it asks for.
    static func isFirst(_ signedKey: String, in transaction: Transaction) async throws(PostgresError) -> Bool {
        let received = try await transaction.execute(
            MessagingQueries.receive, [PostgresValue(transaction.organization), .text(signedKey)])
        return received.count == 1
    }
}
