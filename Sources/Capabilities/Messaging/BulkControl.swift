import Foundation
import GraphQL
import JobQueue
import OrderedCollections
import Postgres
package import QueryEngine

/// `pauseBulkMessage`, `resumeBulkMessage`, `cancelBulkMessage`.
package struct BulkControl: Sendable {
    private let announcements: MessageAnnouncements

    package init(announcements: MessageAnnouncements) {
        self.announcements = announcements
    }

    /// What is not with Twilio yet stays here until it is resumed.
    package func pause(_ request: CommandRequest) async throws -> Committed {
        try await change(request, allowed: "RUNNING") { key, bulk, transaction in
            try await transaction.execute(BulkQueries.pause, key).count == 1
        }
    }

    package func resume(_ request: CommandRequest) async throws -> Committed {
        try await change(request, allowed: "PAUSED") { key, bulk, transaction in
            guard try await transaction.execute(BulkQueries.resume, key).count == 1 else { return false }
            let waiting = try await transaction.execute(BulkQueries.waitingMessages, key)
            try await WorkQueue.enqueue(
                MessageJobs.send, subjects: waiting.rows.compactMap { $0.uuid("id") }, in: transaction)
            try await WorkQueue.enqueue(MessageJobs.bulk, subject: bulk, in: transaction)
            return true
        }
    }

    /// What is not with Twilio yet never goes out.
    package func cancel(_ request: CommandRequest) async throws -> Committed {
        try await change(request, allowed: "RUNNING or PAUSED") { key, bulk, transaction in
            // The bulk first: the feeder holds its row while it makes messages.
            guard try await transaction.execute(BulkQueries.cancel, key).count == 1 else { return false }
            let recipients = try await transaction.execute(BulkQueries.cancelRecipients, key)
            _ = try await transaction.execute(BulkQueries.addCanceled, key + [.int(recipients.affectedRows)])
            let messages = try await transaction.execute(BulkQueries.cancelMessages, key)
            let ids = messages.rows.compactMap { $0.uuid("id") }
            _ = try await transaction.execute(
                MessageStore.notes(.canceled, of: ids, source: .api, in: transaction))
            try await WorkQueue.enqueue(MessageJobs.bulk, subject: bulk, in: transaction)
            return true
        }
    }

    private func change(
        _ request: CommandRequest, allowed: String,
        _ body: @Sendable ([PostgresValue], UUID, Transaction) async throws -> Bool
    ) async throws -> Committed {
        guard let bulk = request.input["id"]?.stringValue.flatMap({ OpaqueID.decode($0, prefix: "bulk") }) else {
            return try await request.refuse([Self.notFound])
        }
        let committed = try await request.commit { transaction in
            let key: [PostgresValue] = [.organization(request.organization), .uuid(bulk)]
            guard let row = try await transaction.execute(BulkQueries.lock, key).rows.first else {
                return .refused([Self.notFound])
            }
            guard try await body(key, bulk, transaction) else {
                return .refused([
                    UserError(
                        code: "WRONG_STATE",
                        message: "Expected a bulk that is \(allowed); this one is \(row.string("state") ?? "not").",
                        field: ["id"])
                ])
            }
            try await Changes.record("bulk", [bulk], in: transaction)
            return .done(["bulkMessage": .row(bulk)])
        }
        announcements.bulkChanged(for: request.organization)
        return committed
    }

    private static let notFound = UserError(
        code: "NOT_FOUND", message: "There is no such bulk; `bulkMessages` lists those there are.", field: ["id"])
}
