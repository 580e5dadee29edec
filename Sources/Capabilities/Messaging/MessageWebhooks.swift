package import Credentials
package import Postgres
import Twilio

/// What Twilio tells about messages. Each webhook is recorded by what is signed in it, in the transaction of what it
/// does, so that one that comes twice does nothing the second time.
package struct MessageWebhooks: Sendable {
    private let announcements: MessageAnnouncements
    private let statuses: StatusCallbacks
    private let arrivals: InboundArrivals

    package init(database: Database, announcements: MessageAnnouncements) {
        statuses = StatusCallbacks(database: database)
        arrivals = InboundArrivals(database: database)
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
        let text = parameters["Body"] ?? ""
        let body = text.utf8.contains(0) ? text.replacing("\u{0}", with: "\u{FFFD}") : text
        let media = MessageMediaRecord(parameters)
        let outcome = try await arrivals.take(
            InboundArrivals.Arrival(
                sid: sid, from: from, to: to, body: body,
                segments: max(parameters["NumSegments"].flatMap { Int($0) } ?? MessageSegments(body).count, 0),
                media: media, optOutType: parameters["OptOutType"], credential: webhook.credential),
            of: webhook.organization)
        switch outcome {
        case .before: break
        case .new: announcements.messageChanged(for: webhook.organization)
        case .answered: announcements.messageQueued(for: webhook.organization)
        }
        if outcome != .before, !media.isEmpty { announcements.mediaArrived(for: webhook.organization) }
    }

    /// Claims what is signed in a webhook, for the transaction that does what it asks for.
    static func isFirst(_ signedKey: String, in transaction: Transaction) async throws(PostgresError) -> Bool {
        let received = try await transaction.execute(
            MessagingQueries.receive, [PostgresValue(transaction.organization), .text(signedKey)])
        return received.count == 1
    }
}
