import Contacts
import Foundation
import OptOuts
import Postgres
import Settings

/// A message that came in and was recorded, and what follows from it.
struct InboundMessage: Sendable {
    /// `nil` where it came by another credential of the account.
    let id: UUID?
    let from: E164
    /// What they wrote to. Behind a channel nothing is answered: a text is not where they wrote from.
    let to: CarrierAddress
    let body: String
    /// The webhook's `OptOutType`.
    let optOutType: String?
    let contact: UUID
    let conversation: UUID
    let credential: UUID
    /// Whether a file came with it that is not kept.
    let hasUnreadableMedia: Bool

    /// Hears what it asks for. Answers whether a message was queued, which is still to be counted: ``AutoReply``.
    ///
    /// - Parameter instant: when it was written; `nil` is now.
    func react(
        at instant: Date? = nil, by settings: OrganizationSettings, in transaction: Transaction
    ) async throws -> Bool {
        let words = OptOutWords(stop: settings.stopWords, start: settings.startWords, help: settings.helpWords)
        guard let heard = words.heard(in: body, carrierType: optOutType) else {
            return try await Guidance.offer(self, settings, in: transaction)
        }
        let group = try await OptOutRegister.group(of: to.withoutChannel, settings, in: transaction)
        let text: String
        switch heard.wish {
        case .stop:
            let entry = try await OptOutRegister.record(
                OptOutRegister.Request(
                    contact: contact, phone: from.description, source: heard.source, wording: body, message: id),
                group: group, at: instant, in: transaction)
            guard entry.isNew else { return false }
            text = settings.optOutReply
        case .start:
            guard
                try await OptOutRegister.end(
                    contact: contact, group: group, source: heard.source, at: instant, in: transaction)
            else { return false }
            text = settings.optInReply
        case .help:
            text = settings.helpReply
        }
        guard settings.answers(heard) else { return false }
        return try await AutoReply.queue(
            ReplyText.render(text, values(settings)), answering: self, daily: heard.wish == .help ? .help : nil,
            answersOptOut: heard.wish != .start, in: transaction)
    }

    /// What the names in the organization's texts stand for.
    func values(_ settings: OrganizationSettings) -> [String: String] {
        [
            "organization": settings.organizationName, "number": to.withoutChannel,
            "register": settings.registrationURL.map { "Register at \($0). " } ?? "",
            "call": settings.frontDeskPhone.map { "Call \($0) for help." } ?? "",
            "hours": settings.officeHours.joined(separator: ", "),
        ]
    }
}

extension OrganizationSettings {
    fileprivate func answers(_ heard: OptOutWords.Heard) -> Bool {
        switch keywordReplies {
        case .never: false
        case .unlessCarrier: !heard.isAnsweredByCarrier
        case .always: true
        }
    }
}
