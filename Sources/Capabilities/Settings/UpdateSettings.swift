import GraphQL
import OrderedCollections
import Postgres
package import QueryEngine

/// `updateSettings`.
package struct UpdateSettings: Sendable {
    package init() {}

    package func callAsFunction(_ request: CommandRequest) async throws -> Committed {
        let given: OrderedDictionary<String, JSONValue>
        switch SettingsInput.check(request.input) {
        case .failure(let refusal): return try await request.refuse(refusal.errors)
        case .success(let checked): given = checked
        }
        return try await request.commit { transaction in
            let organization = PostgresValue.organization(request.organization)
            _ = try await transaction.execute([
                (SettingsQueries.make, [organization]),
                (
                    SettingsQueries.change,
                    [organization, .text(String(decoding: JSONValue.object(given).bytes, as: UTF8.self))]
                ),
            ])
            return .done(["settings": .row(request.organization.uuid)])
        }
    }
}
