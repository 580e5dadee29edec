import Foundation
import GraphQL
import JobQueue
import OrderedCollections
import Postgres
package import QueryEngine

/// `startSync`: notes the run and its job. One that still runs for the same credential is answered with instead.
package struct StartSync: Sendable {
    private let announcements: SyncAnnouncements

    package init(announcements: SyncAnnouncements) {
        self.announcements = announcements
    }

    package func callAsFunction(_ request: CommandRequest) async throws -> Committed {
        var wanted: UUID?
        if let given = request.input["credentialId"]?.stringValue {
            wanted = OpaqueID.decode(given, prefix: "cred")
            if wanted == nil { return try await request.refuse([Self.noSuchCredential]) }
        }
        let webhooks = request.input["webhooks"]?.stringValue ?? "WHEN_EMPTY"
        let committed = try await request.commit { [wanted] transaction in
            let organization = PostgresValue.organization(request.organization)
            let found = try await transaction.execute(SyncQueries.credential, [organization, PostgresValue(wanted)])
            guard let row = found.rows.first else {
                return .refused([wanted == nil ? Self.notConfigured : Self.noSuchCredential])
            }
            let run = UUID()
            let inserted = try await transaction.execute(
                SyncQueries.insertRun,
                [organization, .uuid(run), .uuid(try row.requireUUID("id")), .text(webhooks)])
            if inserted.count == 1 {
                try await WorkQueue.enqueue(SyncJobs.run, subject: run, in: transaction)
                try await SyncAnnouncements.note(in: transaction)
            }
            return .done(["sync": .row(request.organization.uuid)])
        }
        announcements.syncQueued(for: request.organization)
        return committed
    }

    private static let notConfigured = UserError(
        code: "TWILIO_NOT_CONFIGURED",
        message: "This organization has no Twilio account to sync with; register one with registerTwilioCredential.",
        field: nil)
    private static let noSuchCredential = UserError(
        code: "NOT_FOUND", message: "There is no such credential; `credentials` lists those there are.",
        field: ["credentialId"])
}
