import Foundation
import GraphQL
import OrderedCollections
import Postgres
package import QueryEngine

/// `updateContact`.
package struct UpdateContact: Sendable {
    package init() {}

    package func callAsFunction(_ request: CommandRequest) async throws -> Committed {
        let input = request.input
        guard let id = input["id"]?.stringValue.flatMap({ OpaqueID.decode($0, prefix: "con") }) else {
            return try await request.refuse([ContactDetails.noSuchContact])
        }
        let details: ContactDetails
        do throws(ContactDetails.Refusal) {
            details = try ContactDetails(input)
        } catch {
            return try await request.refuse(error.errors)
        }
        return try await request.commit { transaction in
            let changed = try await transaction.execute(
                ContactQueries.update,
                [
                    .organization(request.organization), .uuid(id), .bool(input["name"] != nil),
                    PostgresValue(details.name),
                    .bool(input["timeZone"] != nil), PostgresValue(details.timeZone), .bool(input["tags"] != nil),
                    .texts(details.tags),
                ])
            return changed.count == 1 ? .done(["contact": .row(id)]) : .refused([ContactDetails.noSuchContact])
        }
    }
}
