import Contacts
import Foundation
import GraphQL
import JobQueue
import OrderedCollections
import Postgres
package import QueryEngine
import Twilio

/// `scheduleMessage`, `rescheduleMessage`, `cancelScheduledMessage`.
package struct ScheduledMessages: Sendable {
    private let announcements: MessageAnnouncements
    private let inquiry: Inquiry
    private let media: MediaInspector

    init(announcements: MessageAnnouncements, inquiry: Inquiry, media: MediaInspector) {
        self.announcements = announcements
        self.inquiry = inquiry
        self.media = media
    }

    package func schedule(_ request: CommandRequest) async throws -> Committed {
        var errors: [UserError] = []
        let when = WhenToSend.parse(request.input, into: &errors)
        if when == nil, errors.isEmpty { errors.append(Self.noTime) }
        var input: SendMessageInput?
        switch SendMessageInput.parse(request.input, media) {
        case .failure(let refusal): errors = refusal.errors + errors
        case .success(let parsed): input = parsed
        }
        guard let input, let when, errors.isEmpty else { return try await PhoneAdvice.refuse(errors, request) }
        let later = SendMessage.Later(
            when: when, respectsQuietHours: !(request.input["ignoreQuietHours"]?.boolValue ?? false))
        let committed = try await OutboundMedia.informed(input.media, media) { found in
            try await inquiry.informed(request.organization) { asks in
                try await request.commit { transaction in
                    try await SendMessage.take(input, later: later, asks: asks, ofMedia: found, in: transaction)
                }
            }
        }
        announcements.messageChanged(for: request.organization)
        return committed
    }

    package func reschedule(_ request: CommandRequest) async throws -> Committed {
        var errors: [UserError] = []
        let when = WhenToSend.parse(request.input, into: &errors)
        if when == nil, errors.isEmpty { errors.append(Self.noTime) }
        let id = Self.id(request)
        if id == nil { errors.append(Self.notFound) }
        guard let when, let id, errors.isEmpty else { return try await request.refuse(errors) }
        let committed = try await request.commit { transaction in
            let key: [PostgresValue] = [.organization(request.organization), .uuid(id)]
            guard let row = try await transaction.execute(ScheduleQueries.lock, key).rows.first else {
                return .refused([Self.notFound])
            }
            guard row.string("status") == MessageStatus.scheduled.rawValue else {
                return .refused([Self.wrongState(row)])
            }
            let contact = try await transaction.execute(
                ScheduleQueries.contactZone,
                [.organization(request.organization), .uuid(try row.requireUUID("contact_id"))])
            switch try await Self.moment(
                when, contactZone: contact.rows.first?.string("time_zone"),
                respectsQuietHours: try row.requireBool("respects_quiet_hours"), in: transaction)
            {
            case .failure(let refusal): return .refused(refusal.errors)
            case .success(let moment):
                _ = try await transaction.execute(ScheduleQueries.move, key + [.timestamp(moment)])
                try await MessageStore.note(.scheduled, of: id, source: .api, in: transaction)
                // A job that is too early finds the new time and waits for it.
                try await WorkQueue.enqueue(MessageJobs.send, subject: id, runAt: moment, in: transaction)
                return .done(["message": .row(id)])
            }
        }
        announcements.messageChanged(for: request.organization)
        return committed
    }

    package func cancel(_ request: CommandRequest) async throws -> Committed {
        guard let id = Self.id(request) else { return try await request.refuse([Self.notFound]) }
        let committed = try await request.commit { transaction in
            let key: [PostgresValue] = [.organization(request.organization), .uuid(id)]
            guard let row = try await transaction.execute(ScheduleQueries.lock, key).rows.first else {
                return .refused([Self.notFound])
            }
            guard try await transaction.execute(ScheduleQueries.cancel, key).count == 1 else {
                return .refused([Self.wrongState(row)])
            }
            try await MessageStore.note(.canceled, of: id, source: .api, in: transaction)
            return .done(["message": .row(id)])
        }
        announcements.messageChanged(for: request.organization)
        return committed
    }

    /// The instant that is meant, after the quiet hours that it falls into.
    static func moment(
        _ when: WhenToSend, contactZone: String?, respectsQuietHours: Bool, in transaction: Transaction
    ) async throws -> Result<Date, Refusal> {
        let rules = try await MessagingRules.read(in: transaction)
        let moment = when.instant(in: rules.zone(of: contactZone))
        if let problem = when.problem(at: moment, now: Date()) { return .failure(Refusal(problem)) }
        let quietEnd = respectsQuietHours ? rules.quietEnd(at: moment, contactZone: contactZone) : nil
        return .success(quietEnd ?? moment)
    }

    private static func id(_ request: CommandRequest) -> UUID? {
        request.input["id"]?.stringValue.flatMap { OpaqueID.decode($0, prefix: "msg") }
    }

    private static func wrongState(_ row: PostgresRow) -> UserError {
        UserError(
            code: "WRONG_STATE",
            message: "Expected a message that has not gone out; this one is \(row.string("status") ?? "not").",
            field: ["id"])
    }

    private static let notFound = UserError(
        code: "NOT_FOUND", message: "There is no such message; `messages` lists those there are.", field: ["id"])
    private static let noTime = UserError(
        code: "INVALID_TIME", message: "Expected `at`, an instant, or `localAt`, a time on the recipient's clock.",
        field: ["at"])
}
