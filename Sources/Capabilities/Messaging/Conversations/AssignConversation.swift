import Foundation
import GraphQL
import OrderedCollections
import Postgres
package import QueryEngine

/// `assignConversation`: who is to answer, or nobody in particular.
package struct AssignConversation: Sendable {
    private let announcements: MessageAnnouncements

    package init(announcements: MessageAnnouncements) {
        self.announcements = announcements
    }

    private static let notFound = UserError(
        code: "NOT_FOUND", message: "There is no such conversation; `conversations` lists those there are.",
        field: ["id"])
    private static let noSuchColleague = UserError(
        code: "NOT_FOUND", message: "There is no such colleague; `colleagues` lists those there are.",
        field: ["colleagueId"])
    private static let mayNotAnswer = UserError(
        code: "MAY_NOT_ANSWER",
        message: "This colleague may read and not answer; choose another, or give them the role AGENT.",
        field: ["colleagueId"])

    package func callAsFunction(_ request: CommandRequest) async throws -> Committed {
        guard let id = request.input["id"]?.stringValue.flatMap({ OpaqueID.decode($0, prefix: "conv") }) else {
            return try await request.refuse([Self.notFound])
        }
        var colleague: UUID?
        if let given = request.input["colleagueId"]?.stringValue {
            colleague = OpaqueID.decode(given, prefix: "col")
            if colleague == nil { return try await request.refuse([Self.noSuchColleague]) }
        }
        let committed = try await request.commit { [colleague] transaction in
            let organization = PostgresValue.organization(request.organization)
            if let colleague {
                // Nobody leaves or changes their role while this is written.
                let found = try await transaction.execute(
                    ConversationQueries.lockColleague, [organization, .uuid(colleague)])
                guard let row = found.rows.first else { return .refused([Self.noSuchColleague]) }
                guard row.string("role") != "VIEWER" else { return .refused([Self.mayNotAnswer]) }
            }
            let found = try await transaction.execute(
                ConversationQueries.assign, [organization, .uuid(id), PostgresValue(colleague)])
            guard let row = found.rows.first else { return .refused([Self.notFound]) }
            if try row.requireBool("is_other") { try await Changes.record("conversation", [id], in: transaction) }
            return .done(["conversation": .row(id)])
        }
        announcements.messageChanged(for: request.organization)
        return committed
    }
}
