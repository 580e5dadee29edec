import Contacts
import Foundation
import GraphQL
import JobQueue
import Numbers
import OrderedCollections
import Postgres
package import QueryEngine
import Settings
import Templates
package import Twilio

/// `sendBulkMessage`: the bulk and the list of its recipients in one commit, whole sets at a time. `BulkFeeder` makes
/// messages of them.
package struct SendBulkMessage: Sendable {
    private let announcements: MessageAnnouncements
    private let media: MediaInspector

    package init(announcements: MessageAnnouncements, media: MediaInspector) {
        self.announcements = announcements
        self.media = media
    }

    package func callAsFunction(_ request: CommandRequest) async throws -> Committed {
        let input: SendBulkMessageInput
        switch SendBulkMessageInput.parse(request.input, media) {
        case .failure(let refusal): return try await PhoneAdvice.refuse(refusal.errors, request)
        case .success(let parsed): input = parsed
        }
        let committed = try await OutboundMedia.informed(input.media, media) { found in
            try await request.commit { transaction in
                do {
                    return try await Self.take(input, ofMedia: found, in: transaction)
                } catch let refusal as Refusal {
                    return .refused(refusal.errors)
                }
            }
        }
        announcements.bulkChanged(for: request.organization)
        return committed
    }

    private static func take(
        _ input: SendBulkMessageInput, ofMedia found: [UserError]?, in transaction: Transaction
    ) async throws -> CommandOutcome {
        let organization = PostgresValue(transaction.organization)
        let bulk = UUID()
        switch try await IdempotencyClaim.make(
            "sendBulkMessage", key: input.idempotencyKey, subject: bulk, fingerprint: input.fingerprint,
            in: transaction)
        {
        case .fresh: break
        case .known(let earlier): return .done(["bulkMessage": .row(earlier)])
        case .otherInput: throw Refusal(Refusal.idempotencyKeyReused)
        }
        let credential = try await SendingCredential.find(input.credentialID, in: transaction).get().id
        try OutboundMedia.require(input.media, found)
        let number = try await Self.number(input, credential, in: transaction)
        let template = try await Self.template(input, in: transaction)
        let rules = try await MessagingRules.read(in: transaction)
        let now = Date()
        let due = input.when?.instant(in: rules.timeZone) ?? now
        if let problem = input.when?.problem(at: due, now: now) { throw Refusal(problem) }
        _ = try await transaction.execute(
            BulkQueries.insert,
            [
                organization, .uuid(bulk), .text(template?.body ?? input.body),
                .text(String(decoding: JSONValue.object(input.variables).bytes, as: UTF8.self)), .uuid(credential),
                PostgresValue(number), .bool(!input.ignoresQuietHours), .int(input.validFor),
                PostgresValue(input.when == nil ? nil : due), PostgresValue(template?.template),
                PostgresValue(template?.version), .texts(input.media.map(\.url)),
            ])
        try await Self.list(input, of: bulk, due: due, in: transaction)
        let counts = try await transaction.execute(BulkQueries.count, [organization, .uuid(bulk)])
        let total = counts.rows.first?.int("total") ?? 0
        guard total > 0 else { throw Refusal(Self.nobody) }
        guard total <= Self.longestFilter else { throw Refusal(Self.tooMany) }
        let first = try await Self.schedule(input, bulk, rules, in: transaction) ?? due
        try await Changes.record("bulk", [bulk], in: transaction)
        try await WorkQueue.enqueue(
            MessageJobs.bulk, subject: bulk, runAt: input.when == nil ? nil : first, in: transaction)
        return .done(["bulkMessage": .row(bulk)])
    }

    /// The template's text as it is now, checked against what is given for its variables.
    private static func template(
        _ input: SendBulkMessageInput, in transaction: Transaction
    ) async throws -> CurrentTemplate? {
        guard let id = input.template else { return nil }
        guard let template = try await TemplateStore.current(id, in: transaction) else {
            throw Refusal(TemplateStore.noSuchTemplate)
        }
        let lacking = SendBulkMessageInput.lacking(
            template.text, template.variables, shared: input.variables, input.recipients)
        guard lacking.isEmpty else { throw Refusal(errors: lacking) }
        return template
    }

    /// The number that the caller named; there has to be one to send from in any case.
    private static func number(
        _ input: SendBulkMessageInput, _ credential: UUID, in transaction: Transaction
    ) async throws -> UUID? {
        if let from = input.from {
            let found = try await transaction.execute([
                NumberStore.findingSender(number: from.description, credential: credential, in: transaction)
            ])
            guard let owned = try NumberStore.sender(found.first) else { throw Refusal(Refusal.senderNotOwned) }
            guard owned.carriesMedia || input.media.isEmpty else { throw Refusal(Refusal.senderNotCapable) }
            return owned.phoneNumberID
        }
        let account = try await transaction.execute(
            MessagingQueries.messagingService, [PostgresValue(transaction.organization), .uuid(credential)])
        if account.rows.first?.string("messaging_service_sid") != nil { return nil }
        let hasMedia = !input.media.isEmpty
        let rotation = try await NumberStore.rotation(credential: credential, media: hasMedia, in: transaction)
        guard !rotation.candidates.isEmpty else { throw Refusal(hasMedia ? Refusal.noMediaSender : Refusal.noSender) }
        return nil
    }

    private static func list(
        _ input: SendBulkMessageInput, of bulk: UUID, due: Date, in transaction: Transaction
    ) async throws {
        let key: [PostgresValue] = [PostgresValue(transaction.organization), .uuid(bulk)]
        switch input.recipients {
        case .list(var list):
            if list.codes.contains(Self.invalidPhone) {
                let country = try await OrganizationSettings.read(in: transaction).defaultCountry
                for index in list.codes.indices where list.codes[index] == Self.invalidPhone {
                    list.reasons[index] =
                        E164.refusal(list.phones[index], country: country, field: []).message
                }
            }
            _ = try await transaction.execute(
                BulkQueries.insertList,
                key + [
                    .ints(list.phones.indices.map { Int64($0 + 1) }), .texts(list.phones), .texts(list.contacts),
                    .texts(list.variables), .texts(list.codes), .texts(list.reasons), .timestamp(due),
                ])
        case .filter(let filter):
            _ = try await transaction.execute(
                BulkQueries.insertFiltered,
                key + [
                    .timestamp(due), PostgresValue(filter.nameStartsWith), PostgresValue(filter.phoneStartsWith),
                    PostgresValue(filter.createdAfter), PostgresValue(filter.createdBefore), PostgresValue(filter.tag),
                ])
        }
    }

    /// By each recipient's own clock, where that is meant. Answers when the first is due.
    private static func schedule(
        _ input: SendBulkMessageInput, _ bulk: UUID, _ rules: MessagingRules, in transaction: Transaction
    ) async throws -> Date? {
        guard case .local(_, nil) = input.when, let when = input.when else { return nil }
        let key: [PostgresValue] = [PostgresValue(transaction.organization), .uuid(bulk)]
        let names = try await transaction.execute(BulkQueries.zones, key).rows.compactMap { $0.string("time_zone") }
        let now = Date()
        // Where that time has passed already, it is sent at once.
        let zones = names.compactMap { name in
            MessagingRules.zone(name).map { (name, max(now, when.instant(in: $0))) }
        }
        _ = try await transaction.execute(
            BulkQueries.moveByZone,
            key + [.texts(zones.map(\.0)), .texts(zones.map { $0.1.formatted(Self.precise) })])
        let first = try await transaction.execute(BulkQueries.firstDue, key)
        return first.rows.first?.timestamp("due_at")
    }

    private static let invalidPhone = "INVALID_PHONE"
    static let precise = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    private static let longestFilter = 100_000

    private static let nobody = UserError(
        code: "INVALID_RECIPIENTS", message: "No contact passes this filter; look with `contacts` at whom there is.",
        field: ["filter"])
    private static let tooMany = UserError(
        code: "INVALID_RECIPIENTS",
        message: "More than 100,000 contacts pass this filter; send it as several bulks with narrower ones.",
        field: ["filter"])
}
