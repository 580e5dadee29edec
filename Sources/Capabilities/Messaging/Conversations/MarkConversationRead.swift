import Foundation
import GraphQL
import OrderedCollections
import Postgres
package import QueryEngine

/// `markConversationRead`.
package struct MarkConversationRead: Sendable {
    private let announcements: MessageAnnouncements

    package init(announcements: MessageAnnouncements) {
        self.announcements = announcements
    }

    private static let notFound = UserError(
        code: "NOT_FOUND", message: "There is no such conversation; `conversations` lists those there are.",
        field: ["id"])

    package func callAsFunction(_ request: CommandRequest) async throws -> Committed {
        guard let id = request.input["id"]?.stringValue.flatMap({ OpaqueID.decode($0, prefix: "conv") }) else {
            return try await request.refuse([Self.notFound])
        }
        let committed = try await request.commit { transaction in
            let found = try await transaction.execute(
                MessagingQueries.markRead, [.organization(request.organization), .uuid(id)])
            guard let row = found.rows.first else { return .refused([Self.notFound]) }
            if try row.requireBool("was_unread") {
                try await Changes.record("conversation", [id], in: transaction)
            }
            return .done(["conversation": .row(id)])
        }
        announcements.messageChanged(for: request.organization)
        return committed
    }
}
