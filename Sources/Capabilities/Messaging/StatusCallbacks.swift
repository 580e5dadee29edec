import Foundation
import Numbers
import Postgres
import QueryEngine

/// What Twilio's callbacks say of messages that went out. Many at once when there are many: those that say what was
/// expected, SENT or DELIVERED of a message that Twilio is known to have, move on in one transaction.
struct StatusCallbacks: Sendable {
    /// One callback, of one credential.
    struct Callback: Sendable {
        let report: CarrierReport
        /// The attempt that the URL named.
        let nonce: String?
        let credential: UUID

        /// What is signed in it.
        fileprivate var signedKey: String { "status/\(report.sid)/\(report.status.rawValue)" }
    }

    /// Answers whether the message moved. Those of one message stand in one line, so that they do not wait for each other
    /// on several connections.
    private let intake: Intake<Callback, Bool>

    init(database: Database) {
        intake = Intake(line: \.report.sid, pace: .milliseconds(30)) { organization, callbacks, _ in
            try await database.withTenant(organization, planning: .once) { transaction in
                try await Self.takeExpected(callbacks, in: transaction)
            }
        } one: { organization, callback in
            try await database.withTenant(organization) { try await Self.take(callback, in: $0) }
        }
    }

    /// Answers whether the message moved: what comes late, twice or out of order changes nothing.
    func take(_ callback: Callback, of organization: OrganizationID) async throws -> Bool {
        try await intake.take(callback, of: organization)
    }

    // MARK: Many

    private static let expected: [MessageStatus] = [.sent, .delivered]

    /// It waits for no message that somebody else has locked.
    private static func takeExpected(
        _ callbacks: [Callback], in transaction: Transaction
    ) async throws -> [Intake<Callback, Bool>.Share] {
        let organization = PostgresValue(transaction.organization)
        let reports = expected.compactMap { status -> (status: MessageStatus, told: [Callback])? in
            let told = callbacks.filter { $0.report.status == status && $0.report.errorCode == nil && $0.nonce != nil }
            return told.isEmpty ? nil : (status, told)
        }
        let advanced =
            reports.isEmpty
            ? []
            : try await transaction.execute(
                reports.map { status, told in
                    (
                        EvidenceQueries.advanceMany,
                        [
                            organization, .text(status.rawValue), .texts(MessageStatus.predecessors(of: status)),
                            .texts(told.map(\.report.sid)), .texts(told.map { $0.nonce ?? "" }),
                            .texts(told.map { $0.report.from ?? "" }), .uuids(told.map(\.credential)),
                        ]
                    )
                })
        var writing: [(Statement, [PostgresValue])] = []
        var taken: Set<String> = []
        for ((status, told), moved) in zip(reports, advanced) where !moved.rows.isEmpty {
            let messages = try moved.rows.map { try $0.requireUUID("id") }
            let sids = Set(try moved.rows.map { try $0.requireString("twilio_sid") })
            let keys = Set(told.filter { sids.contains($0.report.sid) }.map(\.signedKey))
            taken.formUnion(keys)
            writing.append((MessagingQueries.receiveMany, [organization, .texts(Array(keys))]))
            writing += MessageStore.notes(status, of: messages, source: .callback, in: transaction)
            if status.isFinal {
                writing.append((ReconciliationQueries.unwatch, [organization, .uuids(messages)]))
                let numbers = Set(moved.rows.compactMap { $0.uuid("phone_number_id") })
                writing.append(NumberStore.recovering(numbers, in: transaction))
            }
        }
        if !writing.isEmpty { _ = try await transaction.commit(with: writing) }
        return callbacks.map { taken.contains($0.signedKey) ? .taken(true) : .left(line: $0.report.sid) }
    }

    // MARK: One

    private static func take(_ callback: Callback, in transaction: Transaction) async throws -> Bool {
        guard let message = try await find(callback, in: transaction) else { return false }
        // The message before the receipt, as whoever takes many does.
        try await transaction.pipeline([
            (AttemptQueries.lockForSending, [PostgresValue(transaction.organization), .uuid(message)])
        ])
        guard try await MessageWebhooks.isFirst(callback.signedKey, in: transaction) else { return false }
        return try await MessageStore.take(callback.report, of: message, in: transaction)
    }

    private static func find(
        _ callback: Callback, in transaction: Transaction
    ) async throws(PostgresError) -> UUID? {
        let organization = PostgresValue(transaction.organization)
        if let nonce = callback.nonce {
            let found = try await transaction.execute(
                EvidenceQueries.messageOfAttempt, [organization, .text(nonce), .uuid(callback.credential)])
            if let message = found.rows.first?.uuid("id") { return message }
        }
        let found = try await transaction.execute(
            EvidenceQueries.messageOfSID, [organization, .text(callback.report.sid), .uuid(callback.credential)])
        return found.rows.first?.uuid("id")
    }
}
