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
        let name = input["name"]?.stringValue
        let timeZone = input["timeZone"]?.stringValue
        var errors = [name.flatMap(ContactDetails.nameError), timeZone.flatMap(ContactDetails.timeZoneError)]
            .compactMap(\.self)
        var tags: [String] = []
        switch ContactDetails.tags(input["tags"]?.arrayValue?.compactMap(\.stringValue) ?? []) {
        case .success(let kept): tags = kept
        case .failure(let refusal): errors.append(refusal.error)
        }
        guard errors.isEmpty else { return try await request.refuse(errors) }
        return try await request.commit { [tags] transaction in
            let changed = try await transaction.execute(
                ContactQueries.update,
                [
                    .organization(request.organization), .uuid(id), .bool(input["name"] != nil), PostgresValue(name),
                    .bool(input["timeZone"] != nil), PostgresValue(timeZone), .bool(input["tags"] != nil),
                    .texts(tags),
                ])
            return changed.count == 1 ? .done(["contact": .row(id)]) : .refused([ContactDetails.noSuchContact])
        }
    }
}
