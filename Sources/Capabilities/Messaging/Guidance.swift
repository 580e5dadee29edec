import Contacts
package import Foundation
import Postgres
package import Settings

/// What somebody who writes of their own accord is told: how to begin, or what fits where they stand. At most one a day
/// and contact, whoever or whatever writes, so no two robots go on talking.
package enum Guidance {
    /// Where a sender stands with the organization.
    package struct Standing: Sendable {
        /// They came by themselves, have no name yet, and nobody of the organization has written to them.
        package var isUnknown = false
        package var isOptedOut = false
        /// They sent a file that is not kept.
        package var sentUnreadable = false
        /// What they wrote is what we say ourselves, or they are one of our own numbers.
        package var isEcho = false

        package init(
            isUnknown: Bool = false, isOptedOut: Bool = false, sentUnreadable: Bool = false, isEcho: Bool = false
        ) {
            self.isUnknown = isUnknown
            self.isOptedOut = isOptedOut
            self.sentUnreadable = sentUnreadable
            self.isEcho = isEcho
        }
    }

    package enum Situation: Sendable, Hashable {
        case optedOut
        case unknown
        case unreadable
        case closed
    }

    /// What is to be said, if anything. Pure.
    package static func situation(
        _ standing: Standing, hours: OfficeHours?, at now: Date
    ) -> Situation? {
        if standing.isEcho { return nil }
        if standing.isOptedOut { return .optedOut }
        if standing.isUnknown { return .unknown }
        if standing.sentUnreadable { return .unreadable }
        return hours.map { $0.isOpen(at: now) } ?? true ? nil : .closed
    }

    /// `nil`: always open.
    static func hours(_ settings: OrganizationSettings) -> OfficeHours? {
        settings.officeHours.isEmpty ? nil : OfficeHours(settings.officeHours, timeZone: settings.timeZone)
    }

    /// Queues what is to be said. Answers whether there was anything.
    static func offer(
        _ inbound: InboundMessage, _ settings: OrganizationSettings, in transaction: Transaction
    ) async throws -> Bool {
        guard settings.guidance else { return false }
        let found = try await transaction.execute(
            MessagingQueries.standing,
            [
                PostgresValue(transaction.organization), .uuid(inbound.contact), .text(inbound.to.description),
                .text(inbound.from.description), .text(inbound.body),
            ])
        guard let row = found.rows.first else { return false }
        let standing = Standing(
            isUnknown: try row.requireBool("is_unknown"), isOptedOut: try row.requireBool("is_opted_out"),
            sentUnreadable: inbound.hasUnreadableMedia, isEcho: try row.requireBool("is_echo"))
        let text: String
        switch situation(standing, hours: hours(settings), at: Date()) {
        case nil: return false
        case .optedOut: text = settings.optedOutReply
        case .unknown: text = settings.unknownSenderReply
        case .unreadable: text = settings.mediaReply
        case .closed: text = settings.outsideHoursReply
        }
        let rendered = ReplyText.render(text, inbound.values(settings))
        return try await AutoReply.queue(
            String(rendered.trimmingSuffix(while: \.isWhitespace)), answering: inbound, daily: .guidance,
            answersOptOut: standing.isOptedOut, in: transaction)
    }
}

extension String {
    fileprivate func trimmingSuffix(while isLeftOut: (Character) -> Bool) -> Substring {
        guard let end = lastIndex(where: { !isLeftOut($0) }) else { return "" }
        return self[...end]
    }
}
