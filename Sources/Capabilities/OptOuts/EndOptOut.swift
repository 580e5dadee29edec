package import Audit
import Credentials
import Foundation
import GraphQL
import OrderedCollections
import Postgres
package import QueryEngine

/// `endOptOut`: they agreed to be texted again.
package struct EndOptOut: Sendable {
    private let audit: AuditLog

    package init(audit: AuditLog) {
        self.audit = audit
    }

    private static let notFound = UserError(
        code: "NOT_FOUND", message: "There is no such entry; `optOuts` lists those there are.", field: ["id"])

    package func callAsFunction(_ request: CommandRequest) async throws -> Committed {
        guard let id = request.input["id"]?.stringValue.flatMap({ OpaqueID.decode($0, prefix: "opt") }) else {
            return try await request.refuse([Self.notFound])
        }
        let reason = request.input["reason"]?.stringValue ?? ""
        if let error = OptOutReason.error(reason) { return try await request.refuse([error]) }
        return try await request.commit { transaction in
            let organization = PostgresValue.organization(request.organization)
            let found = try await transaction.execute(OptOutQueries.find, [organization, .uuid(id)])
            guard let contact = found.rows.first?.uuid("contact_id") else { return .refused([Self.notFound]) }
            _ = try await transaction.execute(OptOutQueries.lockContact, [organization, .uuid(contact)])
            let ended = try await transaction.execute(
                OptOutQueries.endOne, [organization, .uuid(id), .text(reason)])
            // A merge may have moved the entry meanwhile.
            guard let holder = ended.rows.first?.uuid("contact_id") else {
                return .refused([
                    UserError(
                        code: "ALREADY_ENDED", message: "This entry has ended already; nothing is to be done.",
                        field: ["id"])
                ])
            }
            _ = try await transaction.execute(OptOutQueries.unmark, [organization, .uuid(holder), .null])
            try await audit.append(
                AuditEvent(
                    actor: request.caller.actor, action: "opt_out.end", subjectKind: "OPT_OUT", subjectID: id,
                    requestID: request.caller.requestID),
                in: transaction)
            return .done(["optOut": .row(id)])
        }
    }
}
